"""Orders on their way: what was asked for, what it costs, and the row that is there before anything else happens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.clock import now
from chassis.idempotency import Fresh, KeyedRequest, Replay, Running, claim
from chassis.prepared import Prepared
from contracts.orders.v2 import Order, OrderStatus
from contracts.wire import Money
from sqlalchemy import Connection, Row, insert, select

from orders.store.listing import read_order
from orders.tables import keys, lines, orders

__all__ = ["Draft", "DraftLine", "Price", "Prices", "accept", "read_drafts"]

_ACCEPT, _WANT = Prepared(insert(orders)), Prepared(insert(lines))
_NEW = dict.fromkeys(("reason", "currency", "total_cents", "parked_at", "last_failure"), None) | {
    "status": OrderStatus.PENDING,
    "release_pending": False,
    "attempts": 1,
}
_UNPRICED = {"name": None, "unit_cents": None}


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A product that is wanted; `position` is that of the first line of the request that wants it."""

    position: int
    product_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An order as it was asked for, with the session that asked."""

    id: UUID
    customer_id: UUID
    generation: int | None
    expected: Money | None
    lines: tuple[DraftLine, ...]


@dataclass(frozen=True, slots=True)
class Price:
    """What a product is called and costs at the moment of its sale."""

    name: str
    cents: int


@dataclass(frozen=True, slots=True)
class Prices:
    """What an order's products cost, in one currency."""

    currency: str
    products: Mapping[UUID, Price]

    def total(self, lines: Iterable[DraftLine]) -> int:
        """Add up what so many of each product cost, in cents."""
        return sum(self.products[line.product_id].cents * line.quantity for line in lines)


def accept(tx: Connection, draft: Draft, request: KeyedRequest | None, lease: timedelta) -> Order | Replay | None:
    """Take the key and write the order down, both or neither; None when the draft is accepted.

    Otherwise the key is taken: returns the order that is still being placed under it, or the answer that was given.
    """
    moment = now(tx)
    claimed = Fresh() if request is None else claim(tx, keys, request, resource=draft.id, now=moment)
    if isinstance(claimed, Running):
        return read_order(tx, claimed.resource)
    if isinstance(claimed, Replay):
        return claimed
    _insert(tx, draft, moment, lease)
    return None


def read_drafts(tx: Connection, order_ids: Sequence[UUID]) -> list[Draft]:
    """Read orders as they were asked for."""
    wanted = dict[UUID, list[DraftLine]]()
    for line in tx.execute(select(lines).where(lines.c.order_id.in_(order_ids)).order_by(lines.c.position)):
        wanted.setdefault(line.order_id, []).append(DraftLine(line.position, line.product_id, line.quantity))
    rows = tx.execute(select(orders).where(orders.c.id.in_(order_ids)).order_by(orders.c.id))
    return [_draft(row, wanted[row.id]) for row in rows]


def _draft(row: Row[Any], wanted: Sequence[DraftLine]) -> Draft:
    expected = None if row.expected_cents is None else Money.of(row.expected_cents, row.expected_currency)
    return Draft(row.id, row.customer_id, row.generation, expected, tuple(wanted))


def _insert(tx: Connection, draft: Draft, moment: datetime, lease: timedelta) -> None:
    expected = draft.expected
    _ACCEPT.change(
        tx,
        id=draft.id,
        customer_id=draft.customer_id,
        generation=draft.generation,
        expected_cents=expected.cents if expected else None,
        expected_currency=expected.currency if expected else None,
        created_at=moment,
        updated_at=moment,
        due_at=moment + lease,
        **_NEW,
    )
    _WANT.change_each(tx, [{"order_id": draft.id, **_UNPRICED, **asdict(line)} for line in draft.lines])
