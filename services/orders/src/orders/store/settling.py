"""How an order ends: each step changes the row only from the state it expects, so that of two racers one wins."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.clock import now
from chassis.columns import UtcDateTime
from chassis.idempotency import finish
from chassis.prepared import Prepared
from contracts.orders.v2 import Order, OrderStatus, Reason
from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    String,
    Uuid,
    and_,
    bindparam,
    case,
    delete,
    literal,
    or_,
    select,
    update,
)

from orders.store.drafts import Draft, Prices
from orders.store.listing import is_of, read_order
from orders.tables import keys, lines, orders

__all__ = ["Rejection", "cancel", "confirm", "kept_refusal", "reject", "released"]

_CREATED, _CONFLICT = 201, 409

_PRICE = Prepared(
    update(lines)
    .where(lines.c.order_id == bindparam("order", type_=Uuid), lines.c.position == bindparam("at", type_=Integer))
    .values(name=bindparam("called", type_=String), unit_cents=bindparam("cents", type_=BigInteger))
)


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why an order is refused, and the answer to keep under its key; without an answer, the key is free again."""

    reason: Reason
    answer: bytes | None
    has_reserved: bool


def confirm(tx: Connection, draft: Draft, prices: Prices) -> Order | None:
    """Turn a pending order into a confirmed one with these prices, and keep the answer; None if it is not pending."""
    confirmed = {
        "status": OrderStatus.CONFIRMED,
        "currency": prices.currency,
        "total_cents": prices.total(draft.lines),
        "due_at": None,
    }
    if not _change(tx, draft.id, {OrderStatus.PENDING}, confirmed):
        return None
    sold = [(line.position, prices.products[line.product_id]) for line in draft.lines]
    _PRICE.change_each(
        tx, [{"order": draft.id, "at": at, "called": price.name, "cents": price.cents} for at, price in sold]
    )
    order = read_order(tx, draft.id)
    finish(tx, keys, draft.id, _CREATED, order.model_dump_json().encode(), {})
    return order


def reject(tx: Connection, order_id: UUID, rejection: Rejection, lease: timedelta) -> bool | None:
    """Turn a pending order into a rejected one; None if it is not pending, else whether there is stock to give back.

    Who was not the first to set out for an order cannot know what another one has reserved for it.
    """
    may_hold_stock = or_(orders.c.attempts > 1, literal(rejection.has_reserved))
    rejected = {
        "status": OrderStatus.REJECTED,
        "reason": rejection.reason,
        "release_pending": may_hold_stock,
        "due_at": case((may_hold_stock, literal(now(tx) + lease, UtcDateTime()))),
    }
    if not _change(tx, order_id, {OrderStatus.PENDING}, rejected):
        return None
    if rejection.answer is None:
        tx.execute(delete(keys).where(keys.c.resource == order_id))
    else:
        finish(tx, keys, order_id, _CONFLICT, rejection.answer, {})
    return tx.execute(select(orders.c.release_pending).where(orders.c.id == order_id)).scalar_one()


def cancel(tx: Connection, order_id: UUID, owner: UUID | None, answer: bytes, lease: timedelta) -> bool:
    """Turn a pending or confirmed order into a cancelled one, whose stock is to be given back; False if it is neither.

    `answer` is kept for those who ask again for an order that was never confirmed.
    """
    cancelled = {"status": OrderStatus.CANCELLED, "release_pending": True, "due_at": now(tx) + lease}
    if not _change(tx, order_id, {OrderStatus.PENDING, OrderStatus.CONFIRMED}, cancelled, owner):
        return False
    finish(tx, keys, order_id, _CONFLICT, answer, {})
    return True


def released(tx: Connection, order_id: UUID) -> None:
    """Note that an order's stock is given back: nothing is left to be done for it."""
    done = {"release_pending": False, "due_at": None, "parked_at": None, "last_failure": None}
    tx.execute(update(orders).where(orders.c.id == order_id, orders.c.release_pending).values(done))


def kept_refusal(tx: Connection, order_id: UUID) -> bytes | None:
    """Read what is kept for those who ask again for a refused order; None when it was placed without a key."""
    return tx.execute(select(keys.c.body).where(keys.c.resource == order_id, keys.c.status == _CONFLICT)).scalar()


def _change(
    tx: Connection,
    order_id: UUID,
    states: Collection[OrderStatus],
    values: dict[str, Any],
    owner: UUID | None = None,
) -> bool:
    expected = and_(orders.c.id == order_id, orders.c.status.in_(states), is_of(owner))
    anew = {"updated_at": now(tx), "attempts": 1, "parked_at": None, "last_failure": None}
    changed = tx.execute(update(orders).where(expected).values(anew | values))
    return changed.rowcount == 1
