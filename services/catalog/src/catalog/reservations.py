"""Reservations: an order's pieces are put aside, then sold or given back; every step can be repeated safely."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from chassis.clock import now
from chassis.database import Database
from chassis.paging import Cursors, split
from chassis.telemetry.metrics import Metrics
from contracts.catalog.errors import (
    OutOfStock,
    ProductDiscontinued,
    ReservationDiffers,
    ReservationExpired,
    ReservationNotFound,
    ReservationReleased,
    UnknownProduct,
)
from contracts.catalog.v2 import NewReservation, Reservation, ReservationStatus, ReservedLine
from contracts.errors import Conflict, Issue
from contracts.wire import Page
from sqlalchemy import Connection

from catalog.figures import RESERVATIONS
from catalog.item import Item
from catalog.store import products, stock
from catalog.store import reservations as store

__all__ = ["Reservations"]

_BATCH = 100
_REFUSALS = (OutOfStock, ProductDiscontinued, UnknownProduct)


class Reservations:
    """What is put aside for orders; unless it is committed, it is given up after `hold`."""

    def __init__(self, database: Database, hold: timedelta, cursors: Cursors, metrics: Metrics) -> None:
        self._database = database
        self._hold = hold
        self._cursors = cursors
        self._outcomes = metrics.count(RESERVATIONS)

    async def reserve(self, order_id: UUID, wanted: NewReservation) -> Reservation:
        """Put aside all that is wanted, or nothing; raises what the contract declares."""
        try:
            reservation, is_new = await self._database.write(lambda tx: _reserve(tx, order_id, wanted, self._hold))
        except _REFUSALS:
            self._outcomes.add("refused")
            raise
        self._outcomes.add("made", by=is_new)
        return reservation

    async def get(self, order_id: UUID) -> Reservation:
        """Fetch what is put aside for an order; raises ReservationNotFound."""
        return await self._database.read(lambda tx: _find(tx, order_id))

    async def page(self, status: ReservationStatus | None, limit: int, cursor: str | None) -> Page[Reservation]:
        """List reservations by the id of their order; raises InvalidCursor."""
        filters = {"status": status}
        after = UUID(str(self._cursors.open(cursor, filters)[0])) if cursor else None
        found = await self._database.read(lambda tx: store.page(tx, status, after, limit + 1))
        items, position = split(found, limit, lambda reservation: (str(reservation.order_id),))
        return Page[Reservation](
            items=list(items), next_cursor=self._cursors.seal(position, filters) if position else None
        )

    async def commit(self, order_id: UUID) -> Reservation:
        """Sell what is put aside; raises ReservationNotFound, ReservationExpired and ReservationReleased."""
        reservation, is_new = await self._database.write(lambda tx: _commit(tx, order_id))
        self._outcomes.add("committed", by=is_new)
        return reservation

    async def release(self, order_id: UUID) -> Reservation:
        """Give back what is put aside or sold, and see to it that nothing more is."""
        reservation, is_new = await self._database.write(lambda tx: _release(tx, order_id))
        self._outcomes.add("released", by=is_new)
        return reservation

    async def expire(self) -> None:
        """Give back what was not committed in time, each reservation in a transaction of its own."""
        for order_id in await self._database.read(lambda tx: store.due(tx, _BATCH)):
            is_new = await self._database.write(lambda tx, order_id=order_id: _expire(tx, order_id))
            self._outcomes.add("expired", by=is_new)

    async def prune(self, age: timedelta) -> None:
        """Forget reservations that ended so long ago and hold nothing."""
        await self._database.write(lambda tx: store.prune(tx, age))


def _find(tx: Connection, order_id: UUID, *, lock: bool = False) -> Reservation:
    found = store.find(tx, order_id, lock=lock)
    if found is None:
        raise ReservationNotFound(f"reservation of order {order_id}")
    return found


def _reserve(tx: Connection, order_id: UUID, wanted: NewReservation, hold: timedelta) -> tuple[Reservation, bool]:
    expires_at = now(tx) + hold
    if not store.claim(tx, order_id, ReservationStatus.HELD, expires_at):
        before = _find(tx, order_id, lock=True)
        _check_again(before, _quantities(wanted))
        if before.status != ReservationStatus.EXPIRED:
            return before, False
        store.move(tx, before, ReservationStatus.HELD, expires_at)
        store.erase_lines(tx, order_id)
    store.write_lines(tx, order_id, _put_aside(tx, wanted))
    return _find(tx, order_id), True


def _check_again(before: Reservation, quantities: Mapping[UUID, int]) -> None:
    """Refuse to reserve again what was released, or something else than before."""
    if before.status == ReservationStatus.RELEASED:
        raise ReservationReleased(f"The reservation of order {before.order_id} was released; place a new order.")
    if {line.product_id: line.quantity for line in before.lines} != quantities:
        raise ReservationDiffers(
            f"Order {before.order_id} has reserved other lines; send those again, or release them first."
        )


def _put_aside(tx: Connection, wanted: NewReservation) -> list[ReservedLine]:
    """Take all pieces from the shelf; raises the error that names the lines which cannot be had."""
    quantities = _quantities(wanted)
    taken = {product_id: stock.put_aside(tx, product_id, quantities[product_id]) for product_id in sorted(quantities)}
    missed = [product_id for product_id, line in taken.items() if line is None]
    if missed:
        raise _refusal(wanted, {item.id: item for item in products.find_some(tx, missed)}, missed)
    return [line for line in taken.values() if line]


def _refusal(wanted: NewReservation, found: Mapping[UUID, Item], missed: Sequence[UUID]) -> Conflict:
    """Say why pieces could not be had: what no product is counts first, then what is not sold, then short stock."""
    quantities = _quantities(wanted)
    unknown = {product_id: "there is no such product" for product_id in missed if product_id not in found}
    if unknown:
        return UnknownProduct("Some of the products do not exist.", issues=_issues(UnknownProduct, wanted, unknown))
    gone = {item.id: f"{item.name} is not sold any more" for item in found.values() if not item.is_sold}
    if gone:
        detail = "Some of the products are not sold any more."
        return ProductDiscontinued(detail, issues=_issues(ProductDiscontinued, wanted, gone))
    short = {item.id: f"wanted {quantities[item.id]}, available {item.available}" for item in found.values()}
    return OutOfStock("There is not enough of some products.", issues=_issues(OutOfStock, wanted, short))


def _issues(kind: type[Conflict], wanted: NewReservation, faults: Mapping[UUID, str]) -> list[Issue]:
    """Name the first line of each product that something is wrong with."""
    ids = [line.product_id for line in wanted.lines]
    places = {product_id: ids.index(product_id) for product_id in faults}
    return [
        Issue(code=kind.code, detail=faults[product_id], place="body", pointer=f"/lines/{place}")
        for product_id, place in sorted(places.items(), key=lambda found: found[1])
    ]


def _quantities(wanted: NewReservation) -> dict[UUID, int]:
    quantities: dict[UUID, int] = {}
    for line in wanted.lines:
        quantities[line.product_id] = quantities.get(line.product_id, 0) + line.quantity
    return quantities


def _commit(tx: Connection, order_id: UUID) -> tuple[Reservation, bool]:
    seen = _find(tx, order_id, lock=True)
    if seen.status == ReservationStatus.EXPIRED:
        raise ReservationExpired(f"The reservation of order {order_id} has expired; reserve again.")
    if seen.status == ReservationStatus.RELEASED:
        raise ReservationReleased(f"The reservation of order {order_id} was released; place a new order.")
    is_new = seen.status == ReservationStatus.HELD and store.move(tx, seen, ReservationStatus.COMMITTED)
    if is_new:
        stock.sell(tx, seen.lines)
    return _find(tx, order_id), is_new


def _release(tx: Connection, order_id: UUID) -> tuple[Reservation, bool]:
    is_new = False
    if not store.claim(tx, order_id, ReservationStatus.RELEASED):
        seen = _find(tx, order_id, lock=True)
        is_new = seen.status != ReservationStatus.RELEASED and store.move(tx, seen, ReservationStatus.RELEASED)
        if is_new:
            _return(tx, seen)
    return _find(tx, order_id), is_new


def _expire(tx: Connection, order_id: UUID) -> bool:
    seen = _find(tx, order_id, lock=True)
    late = seen.expires_at is not None and seen.expires_at <= now(tx)  # it may have been committed in between
    is_new = late and store.move(tx, seen, ReservationStatus.EXPIRED)
    if is_new:
        _return(tx, seen)
    return is_new


def _return(tx: Connection, seen: Reservation) -> None:
    """Put the pieces back, from where they were; those of an expired reservation are back already."""
    if seen.status == ReservationStatus.HELD:
        stock.give_back(tx, seen.lines)
    elif seen.status == ReservationStatus.COMMITTED:
        stock.take_back(tx, seen.lines)
