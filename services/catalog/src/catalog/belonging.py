"""Whether each reservation belongs to an order: catalog knows the one, and asks orders for the other."""

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Database
from contracts.catalog.v2 import Reservation, ReservationStatus
from contracts.orders.v2 import Orders, OrderStatus
from sqlalchemy import Connection

from catalog.readers import State, States
from catalog.store import reservations as store

__all__ = ["Belonging"]

_PAGE = 100
_PAGES = 10


class Belonging:
    """Looks at so many reservations a time, and goes on from there the next time."""

    def __init__(self, database: Database, orders: Orders) -> None:
        self._database = database
        self._orders = orders
        self._after: UUID | None = None

    async def find_orphans(self) -> list[UUID]:
        """Find reservations that keep pieces, and whose order is neither open nor confirmed."""
        orphans: list[UUID] = []
        for _ in range(_PAGES):
            page = await self._database.read(self._next_page)
            self._after = page[-1].order_id if len(page) == _PAGE else None
            orphans += await self._without_order(page)
            if self._after is None:
                break
        return orphans

    def _next_page(self, tx: Connection) -> list[Reservation]:
        return store.kept(tx, self._after, _PAGE)

    async def _without_order(self, page: Sequence[Reservation]) -> list[UUID]:
        if not page:
            return []
        asked = await self._orders.get_order_states.as_(States)([reservation.order_id for reservation in page])
        states = {state.id: state for state in asked.items}
        suspects = [seen for seen in page if not _belong(seen, states.get(seen.order_id))]
        # An order moves on while we ask, and its reservation did before it: only who has not is an orphan.
        return [seen.order_id for seen in suspects if await self._database.read(lambda tx, seen=seen: _is_as(tx, seen))]


def _belong(seen: Reservation, state: State | None) -> bool:
    if state is None:
        return False
    is_sold = seen.status == ReservationStatus.COMMITTED and state.status == OrderStatus.CONFIRMED
    return is_sold or not state.settled


def _is_as(tx: Connection, seen: Reservation) -> bool:
    return store.find(tx, seen.order_id) == seen
