"""The last steps: catalog dies, an order waits for it, and afterwards the shelf holds what it should."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from time import perf_counter
from uuid import UUID

from contracts.answers import EventStream
from contracts.catalog.v2 import Product
from contracts.orders.v2 import Order, OrderEvent, Orders, OrderStatus

from demo.buying import Basket
from demo.shelf import look
from demo.surprises import Surprise, same, within
from demo.visit import Visit

__all__ = ["count", "order_without_catalog", "revive_catalog"]

_PATIENCE = 10.0  # seconds
_RECOVERY = 40.0  # seconds
_PAUSE = 0.02


async def order_without_catalog(visit: Visit, basket: Basket) -> Order:
    """Kill catalog, and place an order."""
    visit.tell.step("Catalog dies, and she orders all the same")
    catalog = visit.shop.services["catalog"]
    await catalog.kill()
    visit.tell.note(f"catalog (process {catalog.pid}) is killed")
    answer = await Orders(visit.ada).place_order.answer(basket.order(), idempotency_key=basket.key)
    same("The status of the answer", answer.status, 202)
    same("The order", answer.value.status, OrderStatus.PENDING)
    await visit.tell_within("get_standing")
    visit.tell.show(answer.value, "id", "status", "total")
    return answer.value


async def revive_catalog(visit: Visit, pending: Order) -> Order:
    """Start catalog again, and watch the order become confirmed."""
    visit.tell.step("She follows the order; catalog comes back, and the order is confirmed by itself")
    events = await Orders(visit.ada).follow_order(pending.id)
    async with within(_RECOVERY, f"The order {pending.id} should be confirmed"), events:
        first = await anext(events)
        same("The first event's order", first.order.status, OrderStatus.PENDING)
        visit.tell.fact({"status": first.order.status, "final": first.final})
        await _start_catalog(visit)
        last = await _last(events)
    visit.tell.within(await visit.shop.calls_within(await _recovery(visit, pending.id), "commit_reservation"))
    same("The order", last.order.status, OrderStatus.CONFIRMED)
    visit.tell.fact({"status": last.order.status, "final": last.final})
    return last.order


async def count(visit: Visit, before: Sequence[Product], baskets: Sequence[Basket]) -> None:
    """Check that what was confirmed has left the shelf, once."""
    visit.tell.step("The shelf is counted: each piece was sold once, none is put aside any more")
    sold = Counter[UUID]()
    for basket in baskets:
        sold.update({product.id: quantity for product, quantity in basket.lines})
    for was, now in zip(before, await look(visit, len(before)), strict=True):
        same(f"What is on hand of {was.name}", now.stock.on_hand, was.stock.on_hand - sold[was.id])
        same(f"What is reserved of {was.name}", now.stock.reserved, 0)
        visit.tell.fact({"product": was.name, "was": was.stock.on_hand, "sold": sold[was.id], "is": now.stock.on_hand})


async def _start_catalog(visit: Visit) -> None:
    catalog, began = visit.shop.services["catalog"], perf_counter()
    await visit.shop.start(["catalog"])
    await visit.shop.wait_until_ready(["catalog"])
    visit.tell.note(f"catalog (process {catalog.pid}) is back after {perf_counter() - began:.1f} s")


async def _last(events: EventStream[OrderEvent]) -> OrderEvent:
    async for event in events:
        if event.final:
            return event
    raise Surprise("The stream should end with a final event, and ended without.", "orders")


async def _recovery(visit: Visit, order_id: UUID) -> str:
    """Find the trace in which orders confirmed an order by itself."""
    confirmed = ("order_confirmed", "recover_order", str(order_id))
    async with within(_PATIENCE, f"The log of orders should say that it confirmed {order_id} by itself", "orders"):
        while True:
            for line in visit.shop.lines():
                if (line.event, line.operation, line.order_id) == confirmed:
                    return line.trace_id or ""
            await asyncio.sleep(_PAUSE)
