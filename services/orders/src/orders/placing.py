"""Placing an order: what was asked for becomes a row first, once for each key, and is finished from there."""

from dataclasses import dataclass
from uuid import UUID

from chassis.auth import Principal
from chassis.database import Database
from chassis.idempotency import KeyedRequest, Replay, fingerprint
from chassis.ids import new_id
from chassis.telemetry.metrics import Metrics
from contracts.orders.v2 import NewOrder, Order, OrderStatus

from chassis import context
from orders import refusals
from orders.figures import IDEMPOTENCY_REPLAYS, ORDERS
from orders.fulfilment import Fulfilment
from orders.store import drafts, listing, settling
from orders.store.drafts import Draft, DraftLine
from orders.terms import Terms

__all__ = ["Placed", "Placing"]

_CREATED = 201
_OPERATION = "place_order"  # in every version alike: a key names one order, however it is asked for


@dataclass(frozen=True, slots=True)
class Placed:
    """A confirmed or a pending order, and whether this is what was answered before."""

    order: Order
    is_replayed: bool = False

    @property
    def is_confirmed(self) -> bool:
        return self.order.status == OrderStatus.CONFIRMED


class Placing:
    """Takes orders."""

    def __init__(self, database: Database, fulfilment: Fulfilment, terms: Terms, metrics: Metrics) -> None:
        self._database = database
        self._fulfilment = fulfilment
        self._lease = terms.lease
        self._orders = metrics.count(ORDERS)
        self._replays = metrics.count(IDEMPOTENCY_REPLAYS)

    async def place(self, new: NewOrder, key: str | None, caller: Principal) -> Placed:
        """Place an order: confirmed, or pending where a peer is out of reach; raises what refuses it."""
        draft = _draft(new, caller)
        request = None if key is None else _keyed(new, key, caller)
        taken = await self._database.write(lambda tx: drafts.accept(tx, draft, request, self._lease))
        if isinstance(taken, Order):
            return Placed(taken)
        if isinstance(taken, Replay):
            self._replays.add(context.operation())
            return _replayed(taken)
        placed = Placed(await self._fulfilment.finish(draft) or await self._outcome(draft.id))
        if not placed.is_confirmed:
            self._orders.add("pending")
        return placed

    async def _outcome(self, order_id: UUID) -> Order:
        """Read what became of an order; raises what refused it, if somebody else settled it."""
        order, answer = await self._database.read(
            lambda tx: (listing.read_order(tx, order_id), settling.kept_refusal(tx, order_id))
        )
        if order.status in {OrderStatus.CONFIRMED, OrderStatus.PENDING}:
            return order
        raise refusals.recall(order) if answer is None else refusals.retell(answer)


def _draft(new: NewOrder, caller: Principal) -> Draft:
    """Write down who wants what; several lines of one product become one."""
    merged = dict[UUID, DraftLine]()
    for position, line in enumerate(new.lines):
        first = merged.get(line.product_id, DraftLine(position, line.product_id, 0))
        merged[line.product_id] = DraftLine(first.position, line.product_id, first.quantity + line.quantity)
    return Draft(new_id(), caller.account_id, caller.generation, new.expected_total, tuple(merged.values()))


def _keyed(new: NewOrder, key: str, caller: Principal) -> KeyedRequest:
    asked = fingerprint("POST", "/orders", new.model_dump_json().encode())
    return KeyedRequest(str(caller.account_id), _OPERATION, key, asked)


def _replayed(replay: Replay) -> Placed:
    if replay.status == _CREATED:
        return Placed(Order.model_validate_json(replay.body), is_replayed=True)
    raise refusals.retell(replay.body)
