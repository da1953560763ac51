"""A customer's whole way through the shop by the typed clients and through the edge."""

from uuid import uuid4

import pytest
from contracts.answers import IDEMPOTENCY_REPLAYED
from contracts.catalog.v2 import NewProduct, Price, ProductQuery
from contracts.orders.errors import OutOfStock
from contracts.orders.v2 import NewLine, NewOrder, OrderStatus, Part
from contracts.users.v2 import Name, NewUser
from contracts.wire import Money

from tests.crash.people import Person, sign_in
from tests.crash.stack import PASSWORD

from .shop import Shop

pytestmark = pytest.mark.anyio


async def test_a_customer_of_version_2_registers_browses_orders_reads_repeats_and_cancels(shop: Shop) -> None:
    category = f"shelf-{uuid4().hex[:8]}"
    kettle = await shop.staff.catalog.create_product(
        NewProduct(name="Kettle", categories=[category], price=Price.of(2500, "EUR"), stock=5)
    )
    new = NewUser(email=f"{uuid4().hex}@example.com", name=Name(given="Ada", family="Byron"), password=PASSWORD)
    await Person(shop.http, shop.urls).users.register(new)
    ada = await sign_in(shop.http, shop.urls, new.email)
    wanted = NewOrder(lines=[NewLine(product_id=kettle.id, quantity=2)], expected_total=Money.of(5000))
    more = NewOrder(lines=[NewLine(product_id=kettle.id, quantity=4)])

    me = await ada.users.get_me()
    shelf = await ada.catalog.list_products(ProductQuery(category=category))
    placed = await ada.orders.place_order.answer(wanted, idempotency_key="first")
    again = await ada.orders.place_order.answer(wanted, idempotency_key="first")
    read = await ada.orders.get_order(placed.value.id, include=[Part.CUSTOMER, Part.PRODUCTS])
    with pytest.raises(OutOfStock):
        await ada.orders.place_order(more, idempotency_key="second")
    cancelled = await ada.orders.cancel_order(placed.value.id)

    assert me.name == new.name
    assert [product.id for product in shelf.items] == [kettle.id]
    assert (placed.status, placed.value.status, placed.value.total) == (201, OrderStatus.CONFIRMED, Money.of(5000))
    assert (again.value, again.headers.get(IDEMPOTENCY_REPLAYED)) == (placed.value, "true")
    assert read.missing == []
    assert read.customer is not None
    assert read.customer.name is not None
    assert read.customer.name.given == "Ada"
    assert cancelled.status == OrderStatus.CANCELLED


async def test_an_order_is_followed_through_the_edge_until_it_is_final(shop: Shop) -> None:
    basket = await shop.receive(pieces=1)
    wanted = NewOrder(lines=[NewLine(product_id=basket.product_id, quantity=1)])
    order = await basket.customer.orders.place_order(wanted, idempotency_key="first")

    async with await basket.customer.orders.follow_order(order.id) as events:
        seen = [event async for event in events]

    assert [(event.order.id, event.final) for event in seen] == [(order.id, True)]
