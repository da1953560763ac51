"""Whether each confirmed order got its pieces: orders knows the one, and asks catalog for the other."""

from uuid import UUID

from chassis.database import Database
from contracts.catalog.errors import ReservationNotFound
from contracts.catalog.v2 import Catalog, ReservationStatus
from contracts.orders.v2 import Order, OrderStatus

from orders.readers import Kept
from orders.store.listing import Wanted, find_order, list_orders

__all__ = ["Sales"]

_PAGE = 50


class Sales:
    """Looks at so many confirmed orders a time, from the newest on, and goes on from there the next time."""

    def __init__(self, database: Database, catalog: Catalog) -> None:
        self._database = database
        self._catalog = catalog
        self._before: UUID | None = None

    async def find_unsold(self) -> list[UUID]:
        """Find confirmed orders for which catalog has not sold just what they say."""
        wanted = Wanted(_PAGE, status=OrderStatus.CONFIRMED, before=self._before)
        page = await self._database.read(lambda tx: list_orders(tx, wanted))
        self._before = page[-1].id if len(page) == _PAGE else None
        return [order.id for order in page if not await self._is_sold(order)]

    async def _is_sold(self, order: Order) -> bool:
        try:
            reservation = await self._catalog.get_reservation.as_(Kept)(order.id)
        except ReservationNotFound:
            return False
        if reservation.status == ReservationStatus.COMMITTED:
            return _pieces(reservation) == _lines(order)
        now = await self._database.read(lambda tx: find_order(tx, order.id, None))
        return now != order  # it was cancelled meanwhile


def _pieces(reservation: Kept) -> dict[UUID, tuple[int, int]]:
    return {line.product_id: (line.quantity, line.unit_price.cents) for line in reservation.lines}


def _lines(order: Order) -> dict[UUID, tuple[int, int]]:
    return {line.product_id: (line.quantity, line.unit_price.cents) for line in order.lines if line.unit_price}
