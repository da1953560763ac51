"""Orders as their readers see them: one, a page of them, or what other services ask about them."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any
from uuid import UUID

from chassis.prepared import Prepared
from contracts.orders.v2 import OpenOrders, Order, OrderState, OrderStatus
from contracts.wire import Money
from sqlalchemy import ColumnElement, Connection, Integer, String, Uuid, and_, bindparam, exists, func, select, true

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

_O, _L = orders.c, lines.c
_SHOWN = (_O.id, _O.customer_id, _O.status, _O.reason, _O.currency, _O.total_cents, _O.created_at, _O.updated_at)
_LINE = (_L.product_id, _L.quantity, _L.name, _L.unit_cents)

_is_it = _O.id == bindparam("order_id", type_=Uuid)
_ONE = Prepared(select(*_SHOWN).where(_is_it))
_OWN = Prepared(select(*_SHOWN).where(_is_it, _O.customer_id == bindparam("owner", type_=Uuid)))
_LINES = Prepared(select(*_LINE).where(_L.order_id == bindparam("order_id", type_=Uuid)).order_by(_L.position))
_BOUNDS = {
    "customer_id": _O.customer_id == bindparam("customer_id", type_=Uuid),
    "status": _O.status == bindparam("status", type_=String),
    "before": _O.id < bindparam("before", type_=Uuid),
}


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
    row = (_ONE if owner is None else _OWN).first(tx, order_id=order_id, owner=owner)
    return None if row is None else _order(row, _LINES.all(tx, order_id=order_id))


def read_order(tx: Connection, order_id: UUID) -> Order:
    """Read an order that is known to be there."""
    return _order(_ONE.first(tx, order_id=order_id), _LINES.all(tx, order_id=order_id))


def list_orders(tx: Connection, wanted: Wanted) -> list[Order]:
    """List orders; their ids grow with time, so that the newest is the greatest."""
    given = {name: value for name, value in asdict(wanted).items() if value is not None}
    found, of_them = _list(frozenset(given))
    lines_of = dict[UUID, list[Any]]()
    for line in of_them.all(tx, **given):
        lines_of.setdefault(line.order_id, []).append(line)
    return [_order(row, lines_of[row.id]) for row in found.all(tx, **given)]


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


@cache
def _list(given: Collection[str]) -> tuple[Prepared, Prepared]:
    """Make the query for a list whose bounds have these names, and the one for its orders' lines."""
    bounds = [condition for name, condition in _BOUNDS.items() if name in given]
    page = (bindparam("limit", type_=Integer), bindparam("skip", type_=Integer))
    found = select(*_SHOWN).where(*bounds).order_by(orders.c.id.desc()).limit(page[0]).offset(page[1])
    ids = found.with_only_columns(orders.c.id).subquery()
    of_them = select(lines.c.order_id, *_LINE).join(ids, ids.c.id == lines.c.order_id)
    return Prepared(found), Prepared(of_them.order_by(lines.c.order_id, lines.c.position))


def _state(order_id: UUID, status: OrderStatus, is_releasing: bool) -> OrderState:
    return OrderState(id=order_id, status=status, settled=status != OrderStatus.PENDING and not is_releasing)


def _order(row: Any, of_it: Sequence[Any]) -> Order:
    return Order.model_validate(  # in one go with all that it holds: an object for each line and price takes longer
        {
            "id": row.id,
            "customer_id": row.customer_id,
            "status": row.status,
            "reason": row.reason,
            "lines": [_line(line, row.currency) for line in of_it],
            "total": None if row.total_cents is None else Money.of(row.total_cents, row.currency),
            "created_at": row.created_at,
            "updated_at": row.updated_at,
        }
    )


def _line(row: Any, currency: str) -> dict[str, Any]:
    is_priced = row.unit_cents is not None
    return {
        "product_id": row.product_id,
        "quantity": row.quantity,
        "name": row.name,
        "unit_price": Money.of(row.unit_cents, currency) if is_priced else None,
        "line_total": Money.of(row.unit_cents * row.quantity, currency) if is_priced else None,
    }
