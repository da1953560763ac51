"""Reservations and their lines; each change of status is one conditional UPDATE."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from chassis.clock import now
from chassis.columns import UtcDateTime
from chassis.prepared import Prepared
from contracts.catalog.v2 import Price, Reservation, ReservationStatus, ReservedLine
from sqlalchemy import Connection, Row, Select, String, Uuid, bindparam, delete, insert, or_, select, update

from catalog.store.once import insert_once
from catalog.tables import reservation_lines, reservations

__all__ = ["claim", "due", "erase_lines", "find", "kept", "move", "page", "prune", "write_lines"]


_IS_IT = reservations.c.order_id == bindparam("order", type_=Uuid)
_ONE = Prepared(select(reservations).where(_IS_IT))
_LOCKED = Prepared(select(reservations).where(_IS_IT).with_for_update())
_LINES = Prepared(
    select(reservation_lines)
    .where(reservation_lines.c.order_id == bindparam("order", type_=Uuid))
    .order_by(*reservation_lines.primary_key)
)
_MOVE = Prepared(
    update(reservations)
    .where(_IS_IT, reservations.c.status == bindparam("before", type_=String))
    .values(
        status=bindparam("after", type_=String),
        expires_at=bindparam("until", type_=UtcDateTime),
        updated_at=bindparam("moment", type_=UtcDateTime),
    )
)
_WRITE = Prepared(insert(reservation_lines))


def claim(tx: Connection, order_id: UUID, status: ReservationStatus, expires_at: datetime | None = None) -> bool:
    """Make an order's reservation, still without lines; False when it has one."""
    moment = now(tx)
    values = {
        "order_id": order_id,
        "status": status,
        "expires_at": expires_at,
        "created_at": moment,
        "updated_at": moment,
    }
    return insert_once(tx, reservations, values)


def find(tx: Connection, order_id: UUID, *, lock: bool = False) -> Reservation | None:
    """Find an order's reservation; a lock keeps it from others until the unit of work ends."""
    row = (_LOCKED if lock else _ONE).first(tx, order=order_id)
    return None if row is None else _reservation(row, [_line(line) for line in _LINES.all(tx, order=order_id)])


def page(tx: Connection, status: ReservationStatus | None, after: UUID | None, limit: int) -> list[Reservation]:
    """Find reservations by the id of their order that come after one."""
    query = select(reservations).order_by(reservations.c.order_id).limit(limit)
    if status is not None:
        query = query.where(reservations.c.status == status)
    return _read(tx, query if after is None else query.where(reservations.c.order_id > after))


def kept(tx: Connection, after: UUID | None, limit: int) -> list[Reservation]:
    """Find reservations that keep pieces, held and not yet expired or sold, by the id of their order."""
    lasting = or_(reservations.c.status == ReservationStatus.COMMITTED, reservations.c.expires_at > now(tx))
    query = select(reservations).where(lasting).order_by(reservations.c.order_id).limit(limit)
    return _read(tx, query if after is None else query.where(reservations.c.order_id > after))


def move(tx: Connection, seen: Reservation, status: ReservationStatus, expires_at: datetime | None = None) -> bool:
    """Change the status from what was seen; False when another was faster."""
    changed = {"after": status, "until": expires_at, "moment": now(tx)}
    return _MOVE.change(tx, order=seen.order_id, before=seen.status, **changed) == 1


def write_lines(tx: Connection, order_id: UUID, lines: Iterable[ReservedLine]) -> None:
    """Write what is reserved, where nothing was or all was erased."""
    rows = [
        {
            "order_id": order_id,
            "product_id": line.product_id,
            "name": line.name,
            "quantity": line.quantity,
            "price_cents": line.unit_price.cents,
            "currency": line.unit_price.currency,
        }
        for line in lines
    ]
    _WRITE.change_each(tx, rows)


def erase_lines(tx: Connection, order_id: UUID) -> None:
    """Forget what was reserved."""
    tx.execute(delete(reservation_lines).where(reservation_lines.c.order_id == order_id))


def due(tx: Connection, limit: int) -> Sequence[UUID]:
    """Find orders whose reservations have expired, those that expired first before others."""
    late = reservations.c.expires_at <= now(tx)  # which only held ones have
    query = select(reservations.c.order_id).where(late).order_by(reservations.c.expires_at).limit(limit)
    return tx.execute(query).scalars().all()


def prune(tx: Connection, age: timedelta) -> int:
    """Forget reservations that hold nothing and ended so long ago."""
    ended = reservations.c.status.in_([ReservationStatus.EXPIRED, ReservationStatus.RELEASED])
    return tx.execute(delete(reservations).where(ended, reservations.c.updated_at < now(tx) - age)).rowcount


def _read(tx: Connection, query: Select[Any]) -> list[Reservation]:
    rows = tx.execute(query).all()
    lines = _lines(tx, [row.order_id for row in rows])
    return [_reservation(row, lines.get(row.order_id, [])) for row in rows]


def _lines(tx: Connection, order_ids: Sequence[UUID]) -> dict[UUID, list[ReservedLine]]:
    of_orders = reservation_lines.c.order_id.in_(order_ids)
    query = select(reservation_lines).where(of_orders).order_by(*reservation_lines.primary_key)
    rows = tx.execute(query).all()
    return {order_id: [_line(row) for row in own] for order_id, own in groupby(rows, lambda row: row.order_id)}


def _reservation(row: Row[Any], lines: list[ReservedLine]) -> Reservation:
    return Reservation(
        order_id=row.order_id,
        status=ReservationStatus(row.status),
        lines=lines,
        expires_at=row.expires_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _line(row: Row[Any]) -> ReservedLine:
    return ReservedLine(
        product_id=row.product_id,
        name=row.name,
        quantity=row.quantity,
        unit_price=Price.of(row.price_cents, row.currency),
    )
