"""Races for one order: the same request many times, cancelled while it is placed, cancelled twice."""

import asyncio
from collections import Counter
from uuid import UUID

import pytest
from contracts.answers import ETAG
from contracts.catalog.errors import OutOfStock
from contracts.catalog.v2 import Adjustment, Catalog, Price, ProductChanges, Reason, Stock
from contracts.orders.errors import OrderCancelled, PriceChanged
from contracts.orders.v2 import Order, Orders, OrderStatus
from contracts.wire import Money

from .world import World, order_of

pytestmark = pytest.mark.anyio

PARALLEL = 200


async def test_one_request_sent_many_times_at_once_under_one_key_is_one_order(world: World) -> None:
    account, product = await world.join(), await world.stock(PARALLEL)

    answers = await asyncio.gather(*(world.place(account, order_of(product.id), "key") for _ in range(PARALLEL)))

    await world.settle()
    (order,) = await world.orders()
    assert {answer.id for answer in answers} == {order.id}
    assert order.status == OrderStatus.CONFIRMED
    assert (await world.call(Catalog).get_product(product.id)).stock.on_hand == PARALLEL - 1
    assert await world.violations() == []


async def test_an_order_that_is_cancelled_while_it_is_placed_ends_once_and_keeps_no_pieces(world: World) -> None:
    account, product = await world.join(), await world.stock(PARALLEL)
    mine = world.customer(Orders, account)
    cancelled = set[UUID]()

    async def cancel_some() -> None:
        while len(cancelled) < 30:
            seen = [order.id for order in await world.orders() if order.id not in cancelled][::2]
            await asyncio.gather(*map(mine.cancel_order, seen))
            cancelled.update(seen)

    *answers, _ = await asyncio.gather(
        *(world.place(account, order_of(product.id)) for _ in range(PARALLEL)), cancel_some(), return_exceptions=True
    )

    await world.settle()
    ends = Counter(order.status for order in await world.orders())
    kept = ends[OrderStatus.CONFIRMED]
    assert all(isinstance(answer, Order | OrderCancelled) for answer in answers), answers
    assert ends == {OrderStatus.CONFIRMED: kept, OrderStatus.CANCELLED: len(cancelled)}
    left = PARALLEL - kept
    assert (await world.call(Catalog).get_product(product.id)).stock == Stock(on_hand=left, reserved=0, available=left)
    assert await world.violations() == []


async def test_an_order_cancelled_many_times_at_once_gives_its_pieces_back_once(world: World) -> None:
    account, product = await world.join(), await world.stock(10)
    order = await world.place(account, order_of(product.id, quantity=4))
    await world.settle()
    mine = world.customer(Orders, account)

    answers = await asyncio.gather(*(mine.cancel_order(order.id) for _ in range(PARALLEL)))

    await world.settle()
    assert {answer.status for answer in answers} == {OrderStatus.CANCELLED}
    assert len({answer.updated_at for answer in answers}) == 1
    assert (await world.call(Catalog).get_product(product.id)).stock == Stock(on_hand=10, reserved=0, available=10)
    assert await world.violations() == []


async def test_orders_sell_at_the_price_of_their_reservation_while_prices_move(world: World) -> None:
    account, product = await world.join(), await world.stock(PARALLEL, cents=1000)
    staff, expected = world.staff(Catalog), Money.of(1000, "EUR")

    async def move(cents: int) -> None:
        tag = (await staff.get_product.answer(product.id)).headers[ETAG]
        await staff.update_product(product.id, ProductChanges(price=Price.of(cents)), tag)

    async def move_on() -> None:
        for cents in range(1001, 1021):
            await move(cents)

    *answers, _ = await asyncio.gather(
        *(world.place(account, order_of(product.id)) for _ in range(50)),
        *(world.place(account, order_of(product.id, expected=expected)) for _ in range(50)),
        move_on(),
        return_exceptions=True,
    )

    await world.settle()
    assert all(isinstance(answer, Order) for answer in answers[:50]), answers
    assert all(isinstance(answer, Order | PriceChanged) for answer in answers[50:]), answers
    asked = {answer.id for answer in answers[50:] if isinstance(answer, Order)}
    sold = await world.orders(OrderStatus.CONFIRMED)
    assert all(order.total == expected for order in sold if order.id in asked)
    assert (await world.call(Catalog).get_product(product.id)).stock.on_hand == PARALLEL - len(sold)
    assert await world.violations() == []


async def test_pieces_that_come_and_go_while_they_are_sold_are_counted_once(world: World) -> None:
    account, product = await world.join(), await world.stock(20)
    staff = world.staff(Catalog)

    moved = list[int]()

    async def adjust(delta: int) -> None:
        try:
            await staff.adjust_stock(product.id, Adjustment(delta=delta, reason=Reason.COUNTED))
        except OutOfStock:
            return
        moved.append(delta)

    await asyncio.gather(
        *(world.place(account, order_of(product.id)) for _ in range(100)),
        *(adjust(delta) for delta in (3, -2, 5, -1) * 10),
        return_exceptions=True,
    )

    await world.settle()
    sold = len(await world.orders(OrderStatus.CONFIRMED))
    assert (await world.call(Catalog).get_product(product.id)).stock.on_hand == 20 + sum(moved) - sold
    assert await world.violations() == []
