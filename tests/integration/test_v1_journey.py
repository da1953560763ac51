"""A customer's whole way through the shop in version 1, by the typed clients and through the edge."""

from uuid import uuid4

import pytest
from contracts.catalog import v1 as catalog_v1
from contracts.errors import Conflict
from contracts.orders import v1 as orders_v1
from contracts.orders.v2 import OrderStatus
from contracts.users import v1 as users_v1
from contracts.wire import Money

from tests.crash.people import Person, sign_in
from tests.crash.stack import PASSWORD

from .shop import Shop

pytestmark = pytest.mark.anyio


async def test_a_customer_of_version_1_registers_browses_orders_repeats_and_cancels(shop: Shop) -> None:
    category = f"shelf-{uuid4().hex[:8]}"
    draft = catalog_v1.ProductDraft(name="Kettle", description="", price_cents=2500, category=category, stock=5)
    kettle = await catalog_v1.Catalog(shop.staff).create_product(draft)
    new = users_v1.NewUser(full_name="Ada Byron", email=f"{uuid4().hex}@example.com", password=PASSWORD)
    user = await users_v1.Users(Person(shop.http, shop.urls)).register(new)
    ada = await sign_in(shop.http, shop.urls, new.email)
    orders = orders_v1.Orders(ada)
    wanted = orders_v1.NewOrder(items=[orders_v1.NewItem(product_id=kettle.id, quantity=2)])

    me = await users_v1.Users(ada).get_user(user.id)
    shelf = await catalog_v1.Catalog(ada).list_products(category=category)
    placed = await orders.place_order.answer(wanted, idempotency_key="first")
    again = await orders.place_order(wanted, idempotency_key="first")
    with pytest.raises(Conflict):
        await orders.place_order(orders_v1.NewOrder(items=[orders_v1.NewItem(product_id=kettle.id, quantity=4)]))
    cancelled = await orders.cancel_order(placed.value.id)
    left = await catalog_v1.Catalog(ada).get_product(kettle.id)

    assert me.full_name == "Ada Byron"
    assert [product.id for product in shelf] == [kettle.id]
    assert (placed.status, placed.value.total_cents) == (201, 5000)
    assert again == placed.value
    assert cancelled.status == orders_v1.OrderStatus.CANCELLED
    assert left.stock == 5


async def test_what_one_version_writes_the_other_reads(shop: Shop) -> None:
    basket = await shop.receive(pieces=2)

    item = orders_v1.NewItem(product_id=basket.product_id, quantity=1)
    by_v1 = await orders_v1.Orders(basket.customer).place_order(orders_v1.NewOrder(items=[item]))
    seen = await basket.customer.orders.get_order(by_v1.id)

    assert seen.status == OrderStatus.CONFIRMED
    assert seen.total == Money.of(by_v1.total_cents or 0)
