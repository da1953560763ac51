"""Version 1: the same orders, in its own words."""

import httpx
import pytest
from chassis.ids import new_id
from contracts.client import AsgiTransport
from contracts.errors import BadRequest, Conflict, NotFound
from contracts.orders.v1 import NewItem, NewOrder, Orders, OrderStatus

from .shop import Shop, order_of

pytestmark = pytest.mark.anyio


def old(shop: Shop) -> Orders:
    return Orders(AsgiTransport(shop.app, token=shop.token()))


async def test_an_order_placed_with_version_1_reads_the_same_with_version_2(shop: Shop) -> None:
    product = shop.product(cents=1999)

    answer = await old(shop).place_order.answer(NewOrder(items=[NewItem(product_id=product, quantity=2)]))
    seen = await shop.customer().get_order(answer.value.id)

    order = answer.value
    assert answer.status == 201
    assert (order.user_id, order.status, order.total_cents) == (shop.account, OrderStatus.CONFIRMED, 3998)
    assert [(item.product_id, item.quantity, item.price_cents) for item in order.items] == [(product, 2, 1999)]
    assert (seen.status, seen.total and seen.total.cents) == ("confirmed", 3998)
    assert await old(shop).get_order(order.id) == order


async def test_version_1_needs_no_key_and_then_orders_twice(shop: Shop) -> None:
    wanted = NewOrder(items=[NewItem(product_id=shop.product(), quantity=1)])

    first = await old(shop).place_order(wanted)
    second = await old(shop).place_order(wanted)

    assert first.id != second.id


async def test_version_1_orders_once_for_each_key(shop: Shop) -> None:
    wanted = NewOrder(items=[NewItem(product_id=shop.product(), quantity=1)])

    first = await old(shop).place_order.answer(wanted, "k")
    again = await old(shop).place_order.answer(wanted, '"k"')

    assert again.value == first.value
    assert [header.name for header in again.headers] == ["Location", "Idempotency-Replayed"]


async def test_a_key_of_version_1_is_known_to_version_2(shop: Shop) -> None:
    product = shop.product()
    first = await old(shop).place_order(NewOrder(items=[NewItem(product_id=product, quantity=1)]), "k")

    again = await shop.customer().place_order(order_of(product), "k")

    assert again.id == first.id


async def test_version_1_says_that_an_order_is_accepted(shop: Shop) -> None:
    shop.shelf.away.add("reserve")

    answer = await old(shop).place_order.answer(NewOrder(items=[NewItem(product_id=shop.product(), quantity=1)]))

    assert (answer.status, answer.value.status, answer.value.total_cents) == (202, OrderStatus.PENDING, None)


async def test_a_refused_order_is_a_conflict_and_reads_as_cancelled(shop: Shop) -> None:
    product = shop.product(stock=0)

    with pytest.raises(Conflict, match="wanted 1, available 0"):
        await old(shop).place_order(NewOrder(items=[NewItem(product_id=product, quantity=1)]))
    (order,) = await old(shop).list_orders()

    assert order.status == OrderStatus.CANCELLED


async def test_version_1_refuses_a_bad_key_and_one_that_came_with_another_request(shop: Shop) -> None:
    product = shop.product()
    await old(shop).place_order(NewOrder(items=[NewItem(product_id=product, quantity=1)]), "k")
    bearer = {"authorization": f"Bearer {shop.token()}", "idempotency-key": "k"}

    with pytest.raises(BadRequest):
        await old(shop).place_order(NewOrder(items=[NewItem(product_id=product, quantity=1)]), 'half "quoted')
    async with httpx.AsyncClient(transport=httpx.ASGITransport(shop.app), base_url="http://orders") as http:
        reused = await http.post(
            "/v1/orders", json={"items": [{"product_id": str(product), "quantity": 2}]}, headers=bearer
        )

    assert (reused.status_code, reused.json()["code"], reused.json()["data"]) == (422, 422, None)


async def test_version_1_lists_by_number(shop: Shop) -> None:
    product = shop.product()
    placed = [await old(shop).place_order(NewOrder(items=[NewItem(product_id=product, quantity=1)])) for _ in range(3)]

    listed = await old(shop).list_orders(skip=1, limit=1)

    assert listed == [placed[1]]


async def test_version_1_cancels(shop: Shop) -> None:
    product = shop.product(stock=5)
    order = await old(shop).place_order(NewOrder(items=[NewItem(product_id=product, quantity=1)]))

    cancelled = await old(shop).cancel_order(order.id)

    assert cancelled.status == OrderStatus.CANCELLED
    assert shop.shelf.stock(product) == [5]


async def test_version_1_cannot_say_another_currency_and_says_so(shop: Shop) -> None:
    order = await shop.customer().place_order(order_of(shop.product(currency="USD")), "k")

    with pytest.raises(Conflict, match="Version 1 counts in EUR, and this is USD"):
        await old(shop).get_order(order.id)


async def test_version_1_finds_no_order_of_somebody_else(shop: Shop) -> None:
    order = await shop.customer().place_order(order_of(shop.product()), "k")
    stranger = Orders(AsgiTransport(shop.app, token=shop.token(new_id())))

    with pytest.raises(NotFound):
        await stranger.get_order(order.id)


async def test_every_answer_of_version_1_says_that_it_is_deprecated(shop: Shop) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(shop.app), base_url="http://orders") as http:
        refused = await http.get("/v1/orders")

    assert refused.status_code == 401
    assert refused.headers["deprecation"] == "@1780272000"
    assert refused.headers["sunset"] == "Tue, 01 Jun 2027 00:00:00 GMT"
