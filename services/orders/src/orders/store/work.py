"""What is still to be done for orders: who does it next, when it is tried again, and what has been given up for now."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import uniform
from uuid import UUID

from chassis.clock import now
from chassis.idempotency import prune
from contracts.orders.v2 import OrderStatus
from sqlalchemy import Connection, and_, func, select, update

from orders.store.drafts import Draft, read_drafts
from orders.tables import keys, orders

__all__ = [
    "Backoff",
    "Burden",
    "Due",
    "Parked",
    "claim_due",
    "is_due",
    "list_parked",
    "postpone",
    "prune_keys",
    "replay",
    "weigh",
]

_LONGEST_FAILURE = 500


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait after a failure, which doubles up to `longest`, and after how many tries to give up for now."""

    first: timedelta
    longest: timedelta
    attempts: int

    def delay(self, attempts: int) -> timedelta:
        """Say how long to wait after so many tries; half of it is chance, so that many do not come back at once."""
        return min(self.longest, self.first * 2 ** min(attempts - 1, 32)) * uniform(0.5, 1)  # noqa: S311 (guards nothing)


@dataclass(frozen=True, slots=True)
class Due:
    """Work that was claimed: orders to be finished, and orders whose stock is to be given back."""

    drafts: list[Draft] = field(default_factory=list[Draft])
    releases: list[UUID] = field(default_factory=list[UUID])

    def __bool__(self) -> bool:
        return bool(self.drafts or self.releases)


@dataclass(frozen=True, slots=True)
class Burden:
    """How many orders are pending and how many are parked, and for how many seconds the oldest pending one is."""

    pending: int
    parked: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Parked:
    """An order that always failed; `failure` is what came of the last try."""

    id: UUID
    status: str
    parked_at: datetime
    failure: str | None


def weigh(tx: Connection) -> Burden:
    """Count the orders with work left to be done, each once, and say how long the oldest pending one has waited."""
    parked = select(func.count()).where(orders.c.parked_at.is_not(None)).scalar_subquery()
    pending = and_(orders.c.due_at.is_not(None), orders.c.status == OrderStatus.PENDING)
    row = tx.execute(select(parked, func.count(), func.min(orders.c.created_at)).where(pending)).one()
    return Burden(row[1], row[0], 0.0 if row[2] is None else max(0.0, (now(tx) - row[2]).total_seconds()))


def is_due(tx: Connection) -> bool:
    """Tell whether there is anything to claim."""
    return tx.execute(select(orders.c.id).where(orders.c.due_at <= now(tx)).limit(1)).first() is not None


def claim_due(tx: Connection, lease: timedelta, limit: int) -> Due:
    """Take the work that has waited longest; nobody else takes it until the lease has ended."""
    moment = now(tx)
    waiting = select(orders.c.id, orders.c.status).where(orders.c.due_at <= moment).order_by(orders.c.due_at)
    rows = tx.execute(waiting.limit(limit).with_for_update(skip_locked=True)).all()
    claimed = orders.c.id.in_([row.id for row in rows])
    tx.execute(update(orders).where(claimed).values(due_at=moment + lease, attempts=orders.c.attempts + 1))
    pending = [row.id for row in rows if row.status == OrderStatus.PENDING]
    return Due(read_drafts(tx, pending), [row.id for row in rows if row.status != OrderStatus.PENDING])


def postpone(tx: Connection, order_id: UUID, failure: str, backoff: Backoff) -> bool | None:
    """Note that a try failed: try again later, or park what has failed too often; tell whether it was parked.

    None when nothing is left to be done: somebody else has done it meanwhile.
    """
    undone = and_(orders.c.id == order_id, orders.c.due_at.is_not(None))
    attempts = tx.execute(select(orders.c.attempts).where(undone)).scalar()
    if attempts is None:
        return None
    moment = now(tx)
    is_parked = attempts >= backoff.attempts
    tx.execute(
        update(orders)
        .where(undone)
        .values(
            due_at=None if is_parked else moment + backoff.delay(attempts),
            parked_at=moment if is_parked else None,
            last_failure=failure[:_LONGEST_FAILURE],
        )
    )
    return is_parked


def list_parked(tx: Connection) -> list[Parked]:
    """List what was given up for now, oldest first."""
    columns = (orders.c.id, orders.c.status, orders.c.parked_at, orders.c.last_failure)
    rows = tx.execute(select(*columns).where(orders.c.parked_at.is_not(None)).order_by(orders.c.parked_at))
    return [Parked(row.id, row.status, row.parked_at, row.last_failure) for row in rows]


def replay(tx: Connection) -> int:
    """Make all parked orders due again, as if they had not failed before; count them."""
    again = update(orders).where(orders.c.parked_at.is_not(None)).values(due_at=now(tx), parked_at=None, attempts=1)
    return tx.execute(again).rowcount


def prune_keys(tx: Connection) -> int:
    """Forget the idempotency keys whose time is over, and count them."""
    return prune(tx, keys, now(tx))
