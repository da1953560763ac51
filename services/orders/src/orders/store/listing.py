"""Orders as their readers see them: one, a page of them, or what other services ask about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.orders.v2 import OpenOrders, Order, OrderLine, OrderState, OrderStatus, Reason
from contracts.wire import Money
from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, select, true

from orders.tables import lines, orders

__all__ = [
    "Wanted",
    "find_order",
    "has_bought",
    "is_of",
    "list_orders",
    "read_open",
    "read_order",
    "read_states",
]

_OPEN_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders to list, newest first: those of `customer_id`, of `status`, older than `before`."""

    limit: int
    customer_id: UUID | None = None
    status: OrderStatus | None = None
    before: UUID | None = None
    skip: int = 0


def find_order(tx: Connection, order_id: UUID, owner: UUID | None) -> Order | None:
    """Find an order, only if it is the owner's where one is named."""
    found = _orders(tx, and_(orders.c.id == order_id, is_of(owner)), 1)
    return found[0] if found else None


def read_order(tx: Connection, order_id: UUID) -> Order:
    """Read an order that is known to be there."""
    (order,) = _orders(tx, orders.c.id == order_id, 1)
    return order


def list_orders(tx: Connection, wanted: Wanted) -> list[Order]:
    """List orders; their ids grow with time, so that the newest is the greatest."""
    of_status = true() if wanted.status is None else orders.c.status == wanted.status
    older = true() if wanted.before is None else orders.c.id < wanted.before
    return _orders(tx, and_(is_of(wanted.customer_id), of_status, older), wanted.limit, wanted.skip)


def read_states(tx: Connection, order_ids: Sequence[UUID]) -> list[OrderState]:
    """Read how far these orders have come, without those that do not exist."""
    columns = (orders.c.id, orders.c.status, orders.c.release_pending)
    rows = tx.execute(select(*columns).where(orders.c.id.in_(order_ids)).order_by(orders.c.id))
    return [_state(row.id, OrderStatus(row.status), row.release_pending) for row in rows]


def read_open(tx: Connection, customer_id: UUID) -> OpenOrders:
    """Count a customer's pending orders and name the oldest."""
    is_open = and_(orders.c.customer_id == customer_id, orders.c.status == OrderStatus.PENDING)
    count = tx.execute(select(func.count()).select_from(orders).where(is_open)).scalar_one()
    oldest = tx.execute(select(orders.c.id).where(is_open).order_by(orders.c.id).limit(_OPEN_SHOWN)).scalars()
    return OpenOrders(order_ids=list(oldest), count=count)


def has_bought(tx: Connection, customer_id: UUID, product_id: UUID) -> bool:
    """Tell whether a confirmed order of the customer holds the product."""
    bought = and_(
        orders.c.customer_id == customer_id,
        orders.c.status == OrderStatus.CONFIRMED,
        lines.c.order_id == orders.c.id,
        lines.c.product_id == product_id,
    )
    return tx.execute(select(exists().where(bought))).scalar_one()


def is_of(owner: UUID | None) -> ColumnElement[bool]:
    """Say in SQL that an order is this customer's; None stands for everybody."""
    return true() if owner is None else orders.c.customer_id == owner


def _orders(tx: Connection, condition: ColumnElement[bool], limit: int, skip: int = 0) -> list[Order]:
    rows = tx.execute(select(orders).where(condition).order_by(orders.c.id.desc()).limit(limit).offset(skip)).all()
    found = dict[UUID, list[Row[Any]]]()
    of_these = lines.c.order_id.in_([row.id for row in rows])
    for line in tx.execute(select(lines).where(of_these).order_by(lines.c.position)):
        found.setdefault(line.order_id, []).append(line)
    return [_order(row, found[row.id]) for row in rows]


def _state(order_id: UUID, status: OrderStatus, is_releasing: bool) -> OrderState:
    return OrderState(id=order_id, status=status, settled=status != OrderStatus.PENDING and not is_releasing)


def _order(row: Row[Any], of_it: Sequence[Row[Any]]) -> Order:
    return Order(
        id=row.id,
        customer_id=row.customer_id,
        status=OrderStatus(row.status),
        reason=None if row.reason is None else Reason(row.reason),
        lines=[_line(line, row.currency) for line in of_it],
        total=None if row.total_cents is None else Money.of(row.total_cents, row.currency),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _line(row: Row[Any], currency: str) -> OrderLine:
    is_priced = row.unit_cents is not None
    return OrderLine(
        product_id=row.product_id,
        quantity=row.quantity,
        name=row.name,
        unit_price=Money.of(row.unit_cents, currency) if is_priced else None,
        line_total=Money.of(row.unit_cents * row.quantity, currency) if is_priced else None,
    )
