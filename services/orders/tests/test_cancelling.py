"""Cancelling: one wins against confirming, stock comes back once, and a second time changes nothing."""

import asyncio

import pytest
from chassis.ids import new_id
from contracts.orders.errors import CannotCancel, OrderCancelled, OrderNotFound, OutOfStock
from contracts.orders.v2 import OrderStatus
from contracts.wire import Money

from .shelf import Gate
from .shop import Shop, order_of, until

pytestmark = pytest.mark.anyio


async def test_cancelling_a_confirmed_order_gives_its_stock_back(shop: Shop) -> None:
    product = shop.product(cents=1999, stock=5)
    order = await shop.customer().place_order(order_of(product), "k")

    cancelled = await shop.customer().cancel_order(order.id)

    assert (cancelled.status, cancelled.reason, cancelled.total) == (OrderStatus.CANCELLED, None, Money.of(1999))
    assert cancelled.updated_at > order.updated_at
    assert shop.shelf.stock(product) == [5]


async def test_cancelling_again_changes_nothing(shop: Shop) -> None:
    product = shop.product(stock=5)
    order = await shop.customer().place_order(order_of(product), "k")
    first = await shop.customer().cancel_order(order.id)

    second = await shop.customer().cancel_order(order.id)

    assert second == first
    assert shop.shelf.calls.count("release_reservation") == 1
    assert shop.shelf.stock(product) == [5]


async def test_a_pending_order_can_be_cancelled_and_takes_nothing_afterwards(shop: Shop) -> None:
    product = shop.product(stock=5)
    shop.shelf.away.add("reserve")
    accepted = await shop.customer().place_order(order_of(product), "k")

    cancelled = await shop.customer().cancel_order(accepted.id)
    shop.shelf.away.clear()

    assert cancelled.status == OrderStatus.CANCELLED
    assert shop.shelf.stock(product) == [5]
    with pytest.raises(OrderCancelled) as refused:
        await shop.customer().place_order(order_of(product), "k")
    assert refused.value.members == {"order_id": str(accepted.id)}


@pytest.mark.parametrize("step", ["reserve", "commit_reservation"])
@pytest.mark.parametrize("is_done", [False, True])
async def test_an_order_cancelled_while_it_is_being_placed_is_not_sold(shop: Shop, step: str, is_done: bool) -> None:
    product = shop.product(stock=5)
    gates = shop.shelf.after if is_done else shop.shelf.gates
    gate = gates[step] = Gate()
    placing = asyncio.create_task(shop.customer().place_order(order_of(product), "k"))
    await gate.reached.wait()
    (order,) = (await shop.customer().list_orders()).items

    cancelled = await shop.customer().cancel_order(order.id)
    gate.open()
    await asyncio.wait([placing])

    assert cancelled.status == OrderStatus.CANCELLED
    assert isinstance(placing.exception(), OrderCancelled)
    assert shop.shelf.stock(product) == [5]
    assert shop.shelf.reservations[order.id].status == "released"


async def test_stock_that_cannot_be_given_back_now_is_given_back_later(shop: Shop) -> None:
    product = shop.product(stock=5)
    order = await shop.customer().place_order(order_of(product), "k")
    shop.shelf.away.add("release_reservation")

    cancelled = await shop.customer().cancel_order(order.id)
    (unsettled,) = (await shop.service().get_order_states([order.id])).items
    shop.shelf.away.clear()

    async def is_settled() -> bool:
        return (await shop.service().get_order_states([order.id])).items[0].settled

    await until(is_settled)
    assert cancelled.status == OrderStatus.CANCELLED
    assert (unsettled.status, unsettled.settled) == (OrderStatus.CANCELLED, False)
    assert shop.shelf.stock(product) == [5]


async def test_many_who_cancel_at_once_give_the_stock_back_once(shop: Shop) -> None:
    product = shop.product(stock=5)
    order = await shop.customer().place_order(order_of(product), "k")

    async with asyncio.TaskGroup() as group:
        calls = [group.create_task(shop.customer().cancel_order(order.id)) for _ in range(10)]

    assert {call.result().status for call in calls} == {OrderStatus.CANCELLED}
    assert shop.shelf.calls.count("release_reservation") == 1
    assert shop.shelf.stock(product) == [5]


async def test_a_rejected_order_cannot_be_cancelled(shop: Shop) -> None:
    with pytest.raises(OutOfStock) as refused:
        await shop.customer().place_order(order_of(shop.product(stock=0)), "k")
    (order,) = (await shop.customer().list_orders()).items

    with pytest.raises(CannotCancel):
        await shop.customer().cancel_order(order.id)

    assert refused.value.members == {"order_id": str(order.id)}
    assert (await shop.customer().get_order(order.id)).status == OrderStatus.REJECTED


async def test_an_order_of_somebody_else_cannot_be_cancelled(shop: Shop) -> None:
    product = shop.product(stock=5)
    order = await shop.customer().place_order(order_of(product), "k")

    with pytest.raises(OrderNotFound):
        await shop.customer(new_id()).cancel_order(order.id)

    assert (await shop.customer().get_order(order.id)).status == OrderStatus.CONFIRMED
    assert shop.shelf.stock(product) == [4]


async def test_staff_can_cancel_for_a_customer(shop: Shop) -> None:
    order = await shop.customer().place_order(order_of(shop.product()), "k")

    cancelled = await shop.staff().cancel_order(order.id)

    assert cancelled.status == OrderStatus.CANCELLED
