"""What the handlers of every version are given."""

from typing import Annotated

from chassis.health import Health
from chassis.providing import provided
from fastapi import Depends, Request

from orders.cancelling import Cancelling
from orders.following import Following
from orders.placing import Placing
from orders.reading import Reading
from orders.viewing import Viewing

__all__ = ["CancellingDep", "FollowingDep", "HealthDep", "PlacingDep", "ReadingDep", "ViewingDep"]


async def _health(request: Request) -> Health:
    return request.app.state.health


CancellingDep = Annotated[Cancelling, provided(Cancelling)]
FollowingDep = Annotated[Following, provided(Following)]
HealthDep = Annotated[Health, Depends(_health)]
PlacingDep = Annotated[Placing, provided(Placing)]
ReadingDep = Annotated[Reading, provided(Reading)]
ViewingDep = Annotated[Viewing, provided(Viewing)]
