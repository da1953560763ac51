"""What a customer does to come past the points, in one way for each way in which orders end."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from chassis.faults import Fault
from contracts.catalog.v2 import Catalog
from contracts.errors import Unauthenticated
from contracts.orders.errors import SessionEnded
from contracts.users.errors import UserNotFound
from contracts.users.v2 import AccountStatus

from .people import insist
from .visit import Visit

__all__ = ["STORIES", "Story"]

HasStruck = Callable[[], bool]
Story = Callable[[Visit, HasStruck], Awaitable[None]]

_PAUSE = 0.02
_COMMIT = f"{Catalog.commit_reservation.method} {Catalog.commit_reservation.path}"


async def buy(visit: Visit, has_struck: HasStruck) -> None:
    """Buy something."""
    await visit.buy()


async def be_refused(visit: Visit, has_struck: HasStruck) -> None:
    """Want to buy at a price that is not the product's."""
    bought = await visit.buy(cents=1)
    if bought.confirmed:
        visit.complaints.append("an order was confirmed although the price was not the expected one")


async def cancel(visit: Visit, has_struck: HasStruck) -> None:
    """Buy something, and cancel that."""
    bought = await visit.buy()
    order = bought.confirmed
    if order:
        await insist(lambda: visit.customer.orders.cancel_order(order.id))


async def wait(visit: Visit, has_struck: HasStruck) -> None:
    """Buy something while catalog is out of reach, until what that leads to has happened."""
    faults = visit.stack.faults["orders"]
    silence = faults.arm(Fault(place="call", name=_COMMIT, moment="before", kind="refuse", stays=True))
    async with asyncio.TaskGroup() as group:
        group.create_task(visit.buy())
        while not has_struck():  # noqa: ASYNC110 (it is another process that knows)
            await asyncio.sleep(_PAUSE)
        faults.disarm(silence)


async def start_anew(visit: Visit, has_struck: HasStruck) -> None:
    """Buy something from an orders service that has just been started."""
    await visit.stack.kill("orders")
    await visit.buy()


async def join(visit: Visit, has_struck: HasStruck) -> None:
    """Open an account, and buy something."""
    newcomer, _ = await visit.office.join()
    await visit.buy(by=newcomer)


async def leave(visit: Visit, has_struck: HasStruck) -> None:
    """Buy something, close the account, and try to buy with the old token."""
    await visit.buy()
    me = await insist(visit.customer.users.get_me)
    with suppress(Unauthenticated, UserNotFound):  # it was closed when this was asked before
        await insist(lambda: visit.customer.users.close_user(me.id))
    seen = await insist(lambda: visit.office.staff.users.get_user(me.id))
    if seen.status != AccountStatus.CLOSED:
        visit.complaints.append(f"the account should be closed, and is {seen.status}")
    try:
        late = await visit.buy()
    except (SessionEnded, Unauthenticated):
        visit.purchases.pop()
    else:
        if late.confirmed:
            visit.complaints.append("a closed account has bought something")


STORIES: Mapping[str, Story] = {
    story.__name__: story for story in (buy, be_refused, cancel, wait, start_anew, join, leave)
}
