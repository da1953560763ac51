"""The SQL that finds what must never be: wrong sums, forgotten orders, and keys that do not name their order."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from chassis.clock import now
from contracts.orders.v2 import OrderStatus
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from orders.tables import keys, lines, orders

__all__ = ["find_forgotten", "find_miskeyed", "find_overlong", "find_wrong_totals"]

_OF_A_REFUSAL = (OrderStatus.REJECTED, OrderStatus.CANCELLED)
_OF_A_SALE = (OrderStatus.CONFIRMED, OrderStatus.CANCELLED)


def find_wrong_totals(tx: Connection) -> Sequence[UUID]:
    """Find priced orders that do not cost what their lines do."""
    cost = func.sum(lines.c.unit_cents * lines.c.quantity)
    sums = select(lines.c.order_id, cost.label("cents")).group_by(lines.c.order_id).subquery()
    both = orders.outerjoin(sums, sums.c.order_id == orders.c.id)
    wrong = or_(sums.c.cents.is_(None), orders.c.total_cents != sums.c.cents)
    return _ids(tx, select(orders.c.id).select_from(both).where(orders.c.total_cents.is_not(None), wrong))


def find_overlong(tx: Connection, bound: timedelta) -> Sequence[UUID]:
    """Find orders that have been pending for longer than any may, and that nobody was told of."""
    overlong = _is(OrderStatus.PENDING) & (orders.c.created_at < now(tx) - bound)
    return _ids(tx, select(orders.c.id).where(overlong, orders.c.parked_at.is_(None)))


def find_forgotten(tx: Connection, grace: timedelta) -> Sequence[UUID]:
    """Find orders that have been due for so long that nobody can be looking."""
    return _ids(tx, select(orders.c.id).where(orders.c.due_at < now(tx) - grace))


def find_miskeyed(tx: Connection) -> Sequence[UUID]:
    """Find what keys name that is no order, or two keys' one, or has ended otherwise than the key's answer says."""
    named = keys.outerjoin(orders, orders.c.id == keys.c.resource)
    misled = or_(
        orders.c.id.is_(None),
        and_(keys.c.status == 201, orders.c.status.not_in(_OF_A_SALE)),
        and_(keys.c.status == 409, orders.c.status.not_in(_OF_A_REFUSAL)),
        and_(keys.c.status.is_(None), ~_is(OrderStatus.PENDING)),
    )
    twice = select(keys.c.resource).group_by(keys.c.resource).having(func.count() > 1)
    return [*_ids(tx, select(keys.c.resource).select_from(named).where(misled)), *_ids(tx, twice)]


def _is(status: OrderStatus) -> ColumnElement[bool]:
    return orders.c.status == status


def _ids(tx: Connection, query: Select[UUID]) -> Sequence[UUID]:
    return tx.execute(query).scalars().all()
