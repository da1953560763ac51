"""Closing accounts: the row says so first, then the orders are asked, then it is done or taken back."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from chassis.auth import Principal
from chassis.context import begin
from chassis.database import Database
from contracts.errors import ApiError, Unavailable
from contracts.orders.v2 import Orders
from contracts.users.errors import LastStaff, OpenOrders
from sqlalchemy import Connection
from structlog import get_logger

from users.account import Account
from users.accounts import found, viewer
from users.readers import HeldBy
from users.store import accounts as store
from users.store import closings

__all__ = ["Closings"]

_STALE = timedelta(seconds=60)
_PATIENCE = 10.0  # seconds that a closing may take which nobody waits for

_log = get_logger(__name__)


class Closings:
    """Closes accounts that have no open orders.

    An account that is being closed may not place orders: orders asks for its standing after an order is written down,
    so that either this sees the order or the order sees this.
    """

    def __init__(self, database: Database, orders: Orders) -> None:
        self._database = database
        self._orders = orders

    async def close(self, user_id: UUID, caller: Principal) -> None:
        """Close an account for good; raises UserNotFound, LastStaff, OpenOrders, and what keeps orders silent."""
        at = datetime.now(UTC)
        attempt = await self._database.write(lambda tx: _begin(tx, user_id, viewer(caller), at))
        if attempt:
            await self._decide(attempt)

    async def settle(self) -> None:
        """Finish or take back the closings that a crash left behind."""
        for left in await self._database.read(lambda tx: closings.list_stale(tx, _STALE)):
            with begin("settle_closings", _PATIENCE):
                await self._settle(left)

    async def _settle(self, left: Account) -> None:
        at = datetime.now(UTC)
        attempt = await self._database.write(lambda tx: closings.begin(tx, left.id, None, at))
        try:
            if attempt:
                await self._decide(attempt)
        except ApiError as refused:
            _log.warning("closing_not_settled", error=refused.code)

    async def _decide(self, attempt: Account) -> None:
        try:
            await self._want_no_orders(attempt.id)
        except ApiError:
            at = datetime.now(UTC)
            await self._database.write(lambda tx: closings.revert(tx, attempt, at))
            raise
        at = datetime.now(UTC)
        if not await self._database.write(lambda tx: closings.finish(tx, attempt, at)):
            raise Unavailable("Another request is closing this account; ask again in a moment.", retry_after=1)

    async def _want_no_orders(self, user_id: UUID) -> None:
        held = await self._orders.get_open_orders.as_(HeldBy)(user_id)
        if held.count:
            raise OpenOrders(
                f"{held.count} orders are open; cancel them, or wait until they are settled.",
                order_ids=[str(order_id) for order_id in held.order_ids],
            )


def _begin(tx: Connection, user_id: UUID, viewer: UUID | None, at: datetime) -> Account | None:
    staff = store.lock_staff(tx)
    found(user_id, store.find(tx, user_id, viewer))
    if set(staff) == {user_id}:
        raise LastStaff("This is the only active staff account; make another account staff first.")
    return closings.begin(tx, user_id, viewer, at)
