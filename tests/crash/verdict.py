"""What must hold after every crash, once all has settled: nothing lost, nothing doubled, nothing stuck."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from contracts.catalog.errors import ReservationNotFound
from contracts.catalog.v2 import Product, Reservation, ReservationStatus
from contracts.orders.v2 import Order, OrderStatus

from .people import insist
from .visit import Office, Purchase, Visit

__all__ = ["Verdict", "judge"]

_PATIENCE = 30.0  # seconds until everything should have settled
_PAUSE = 0.1
_SIDE_BY_SIDE = 16
_PAGE = 100

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found; all of it should be nothing."""

    violations: tuple[str, ...] = ()
    lost: int = 0
    doubled: int = 0
    stuck: int = 0

    @property
    def is_good(self) -> bool:
        return self == Verdict()


@dataclass(frozen=True, slots=True)
class State:
    """What the services say of one product and its orders."""

    orders: Sequence[Order]
    unsettled: int
    reservations: Mapping[UUID, Reservation | None]
    product: Product

    @property
    def stuck(self) -> int:
        """How many orders are not at their end yet, or hold pieces that they should not."""
        held = sum(found is not None and found.status == ReservationStatus.HELD for found in self.reservations.values())
        return max(self.unsettled, held, int(self.product.stock.reserved > 0))


async def judge(visit: Visit) -> Verdict:
    """Wait until nothing is under way any more, and look at what there is."""
    state = await _settled(visit)
    ids = {order.id for order in state.orders}
    answered = {order_id for purchase in visit.purchases for order_id in purchase.ids}
    lost = sum(not purchase.is_answered for purchase in visit.purchases) + len(answered - ids)
    doubled = max(0, len(ids) - len(visit.purchases)) + sum(len(purchase.ids) > 1 for purchase in visit.purchases)
    alarms = visit.stack.alarms()
    faults = [*visit.complaints, *alarms, *_count(visit, state), *_compare(state), *await _ask_again(visit.purchases)]
    return Verdict(tuple(faults), lost, doubled, state.stuck)


async def _settled(visit: Visit) -> State:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _PATIENCE
    while True:
        state = await _look(visit.office, visit.product_id)
        if not state.stuck or loop.time() > deadline:
            return state
        await asyncio.sleep(_PAUSE)


def _count(visit: Visit, state: State) -> Iterable[str]:
    """Compare the shelf with what was sold."""
    stock = state.product.stock
    sold = sum(line.quantity for order in _confirmed(state) for line in order.lines)
    if stock.on_hand != stock.available + stock.reserved:
        yield f"{stock.on_hand} on hand, but {stock.available} available and {stock.reserved} reserved"
    if stock.on_hand != visit.pieces - sold:
        yield f"{visit.pieces} pieces, {sold} sold, but {stock.on_hand} on hand"


def _compare(state: State) -> Iterable[str]:
    """Compare each order with its sum and with its reservation."""
    for order in state.orders:
        found = state.reservations[order.id]
        is_sold = found is not None and found.status == ReservationStatus.COMMITTED
        is_confirmed = order.status == OrderStatus.CONFIRMED
        if is_sold != is_confirmed:
            yield f"order {order.id} is {order.status}, its reservation {found and found.status}"
        total = sum(line.line_total.cents for line in order.lines if line.line_total)
        if is_confirmed and (order.total is None or order.total.cents != total):
            yield f"order {order.id}: total {order.total}, but its lines add up to {total}"


async def _ask_again(purchases: Iterable[Purchase]) -> list[str]:
    """Send what was confirmed once more: the answer must be the same."""
    faults: list[str] = []

    async def ask(purchase: Purchase) -> None:
        try:
            again = await insist(
                lambda: purchase.by.orders.place_order.answer(purchase.asked, idempotency_key=purchase.key)
            )
        except Exception as refused:  # noqa: BLE001 (whatever else is answered is a fault)
            faults.append(f"key {purchase.key} was confirmed, and is now {refused!r}")
        else:
            if (again.status, again.value) != (201, purchase.confirmed):
                faults.append(f"key {purchase.key} was answered differently: {again.status}")

    for some in _batches([one for one in purchases if one.confirmed], _SIDE_BY_SIDE):
        await asyncio.gather(*map(ask, some))
    return faults


def _confirmed(state: State) -> list[Order]:
    return [order for order in state.orders if order.status == OrderStatus.CONFIRMED]


async def _look(office: Office, product_id: UUID) -> State:
    orders = await _orders_for(office, product_id)
    unsettled = 0
    for some in _batches([order.id for order in orders], _PAGE):
        states = await insist(lambda some=some: office.orders.orders.get_order_states(list(some)))
        unsettled += sum(not state.settled for state in states.items)
    reservations: dict[UUID, Reservation | None] = {}
    for some in _batches([order.id for order in orders], _SIDE_BY_SIDE):
        found = await asyncio.gather(*(_reservation(office, order_id) for order_id in some))
        reservations.update(zip(some, found, strict=True))
    product = await insist(lambda: office.staff.catalog.get_product(product_id))
    return State(orders, unsettled, reservations, product)


async def _orders_for(office: Office, product_id: UUID) -> list[Order]:
    """Read the orders that want a product; newest first, so that those of earlier visits can be left alone."""
    found: list[Order] = []
    cursor: str | None = None
    while True:
        page = await insist(lambda cursor=cursor: office.staff.orders.list_all_orders(limit=_PAGE, cursor=cursor))
        wanted = [order for order in page.items if any(line.product_id == product_id for line in order.lines)]
        found += wanted
        cursor = page.next_cursor
        if cursor is None or (page.items and not wanted):
            return found


async def _reservation(office: Office, order_id: UUID) -> Reservation | None:
    try:
        return await insist(lambda: office.catalog.catalog.get_reservation(order_id))
    except ReservationNotFound:
        return None


def _batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
