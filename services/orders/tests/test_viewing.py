"""An order with its customer and its products: what comes is shown, what does not come is named."""

import pytest
from contracts.errors import ContractViolated, Unavailable
from contracts.orders.v2 import Part
from contracts.users.v2 import AccountStatus, Name, People, Person, Users
from contracts.wire import Money

from .shelf import Gate
from .shop import Shop, order_of

pytestmark = pytest.mark.anyio

BOTH = [Part.CUSTOMER, Part.PRODUCTS]


def know(shop: Shop, name: Name | None, status: AccountStatus = AccountStatus.ACTIVE) -> None:
    shop.users.answer(Users.get_people, People(items=[Person(id=shop.account, name=name, status=status)]))


async def test_an_order_shows_its_customer_and_its_products_as_they_are_now(shop: Shop) -> None:
    product = shop.product(cents=1000)
    order = await shop.customer().place_order(order_of(product), "k")
    know(shop, Name(given="Ada", family="Byron"))
    shop.shelf.products[product].cents = 1200

    view = await shop.customer().get_order(order.id, include=BOTH)

    assert view.customer is not None
    assert view.customer.name is not None
    assert (view.customer.id, view.customer.name.given, view.customer.status) == (shop.account, "Ada", "active")
    assert view.products is not None
    assert [(card.id, card.price, card.status) for card in view.products] == [(product, Money.of(1200), "active")]
    assert view.lines[0].unit_price == Money.of(1000)
    assert view.missing == []


async def test_nobody_is_asked_for_what_is_not_wanted(shop: Shop) -> None:
    order = await shop.customer().place_order(order_of(shop.product()), "k")
    shop.users.calls.clear()
    shop.shelf.calls.clear()

    view = await shop.customer().get_order(order.id)

    assert (view.customer, view.products, view.missing) == (None, None, [])
    assert shop.users.calls == []
    assert set(shop.shelf.calls) <= {"get_reservation"}  # the check that a running service makes on a schedule asks so


async def test_an_old_order_of_a_closed_account_is_readable_to_staff_and_marked(shop: Shop) -> None:
    order = await shop.customer().place_order(order_of(shop.product()), "k")
    know(shop, None, AccountStatus.CLOSED)

    view = await shop.staff().get_order(order.id, include=[Part.CUSTOMER])

    assert view.customer is not None
    assert (view.customer.id, view.customer.name, view.customer.status) == (shop.account, None, "closed")


async def test_a_customer_whom_users_does_not_know_is_missing(shop: Shop) -> None:
    order = await shop.customer().place_order(order_of(shop.product()), "k")
    shop.users.answer(Users.get_people, People(items=[]))

    view = await shop.customer().get_order(order.id, include=BOTH)

    assert (view.customer, view.missing) == (None, [Part.CUSTOMER])


@pytest.mark.parametrize("error", [Unavailable("away"), ContractViolated("nonsense")])
async def test_users_out_of_reach_is_named_and_the_rest_is_shown(shop: Shop, error: Unavailable) -> None:
    order = await shop.customer().place_order(order_of(shop.product()), "k")
    shop.users.refuse(Users.get_people, error)

    view = await shop.customer().get_order(order.id, include=BOTH)

    assert (view.customer, view.missing) == (None, [Part.CUSTOMER])
    assert view.products is not None


async def test_a_catalog_that_takes_too_long_is_named_and_the_rest_is_shown(shop: Shop) -> None:
    order = await shop.customer().place_order(order_of(shop.product()), "k")
    know(shop, Name(given="Ada", family=None))
    shop.shelf.gates["get_products"] = Gate()

    view = await shop.customer().get_order(order.id, include=BOTH)

    assert (view.products, view.missing) == (None, [Part.PRODUCTS])
    assert view.customer is not None


async def test_with_nobody_in_reach_the_order_itself_is_shown(shop: Shop) -> None:
    order = await shop.customer().place_order(order_of(shop.product()), "k")
    shop.users.refuse(Users.get_people, Unavailable("away"))
    shop.shelf.away.add("get_products")

    view = await shop.customer().get_order(order.id, include=BOTH)

    assert view.total == order.total
    assert view.missing == BOTH
