"""Placing an order: what is confirmed, what is refused, and what is left of either."""

import pytest
from chassis.ids import new_id
from contracts.errors import Issue, NoAnswer
from contracts.orders.errors import (
    AccountClosed,
    OutOfStock,
    PriceChanged,
    ProductDiscontinued,
    SessionEnded,
    UnknownProduct,
    WrongCurrency,
)
from contracts.orders.v2 import NewLine, NewOrder, OrderStatus, Reason
from contracts.users.errors import UserNotFound
from contracts.users.v2 import AccountStatus, Users
from contracts.wire import Money

from .shop import Shop, order_of

pytestmark = pytest.mark.anyio


async def test_an_order_is_confirmed_at_the_prices_of_the_catalog(shop: Shop) -> None:
    cheap, dear = shop.product(cents=250), shop.product(cents=1999)
    wanted = NewOrder(lines=[NewLine(product_id=dear, quantity=2), NewLine(product_id=cheap, quantity=3)])

    answer = await shop.customer().place_order.answer(wanted, "k")

    order = answer.value
    assert answer.status == 201
    assert order.status == OrderStatus.CONFIRMED
    assert order.customer_id == shop.account
    assert [(line.product_id, line.quantity, line.unit_price, line.line_total) for line in order.lines] == [
        (dear, 2, Money.of(1999), Money.of(3998)),
        (cheap, 3, Money.of(250), Money.of(750)),
    ]
    assert order.total == Money.of(4748)
    assert shop.shelf.stock(dear, cheap) == [8, 7]
    assert shop.shelf.reservations[order.id].status == "committed"


async def test_several_lines_of_one_product_become_one(shop: Shop) -> None:
    first, second = shop.product(stock=3000), shop.product()
    wanted = NewOrder(
        lines=[
            NewLine(product_id=first, quantity=1000),
            NewLine(product_id=second, quantity=1),
            NewLine(product_id=first, quantity=501),
        ]
    )

    order = await shop.customer().place_order(wanted, "k")

    assert [(line.product_id, line.quantity) for line in order.lines] == [(first, 1501), (second, 1)]
    assert shop.shelf.stock(first) == [1499]


async def test_an_order_that_cannot_be_had_whole_takes_nothing_and_names_the_short_lines(shop: Shop) -> None:
    plenty, short = shop.product(stock=9), shop.product(stock=1)
    wanted = NewOrder(
        lines=[
            NewLine(product_id=plenty, quantity=1),
            NewLine(product_id=plenty, quantity=1),
            NewLine(product_id=short, quantity=2),
        ]
    )

    with pytest.raises(OutOfStock) as refused:
        await shop.customer().place_order(wanted, "k")

    assert refused.value.issues == (
        Issue(code="out_of_stock", detail="wanted 2, available 1", place="body", pointer="/lines/2"),
    )
    assert shop.shelf.stock(plenty, short) == [9, 1]
    (order,) = (await shop.customer().list_orders()).items
    assert refused.value.members == {"order_id": str(order.id)}
    assert (order.status, order.reason, order.total) == (OrderStatus.REJECTED, Reason.OUT_OF_STOCK, None)


async def test_an_unknown_product_is_refused_and_never_skipped(shop: Shop) -> None:
    known = shop.product()

    with pytest.raises(UnknownProduct):
        await shop.customer().place_order(order_of(known, new_id()), "k")

    assert shop.shelf.reservations == {}


async def test_a_discontinued_product_is_refused(shop: Shop) -> None:
    gone = shop.product(is_sold=False)

    with pytest.raises(ProductDiscontinued):
        await shop.customer().place_order(order_of(gone), "k")

    (order,) = (await shop.customer().list_orders()).items
    assert order.reason == Reason.PRODUCT_DISCONTINUED


async def test_an_order_that_costs_what_was_expected_is_confirmed(shop: Shop) -> None:
    product = shop.product(cents=1999)

    order = await shop.customer().place_order(order_of(product, quantity=2, expected=Money.of(3998)), "k")

    assert order.total == Money.of(3998)


async def test_an_order_that_costs_something_else_is_refused_and_its_stock_given_back(shop: Shop) -> None:
    product = shop.product(cents=2099, stock=5)

    with pytest.raises(PriceChanged, match=r"You expect 19\.99 EUR, and the total is 20\.99 EUR"):
        await shop.customer().place_order(order_of(product, expected=Money.of(1999)), "k")

    assert shop.shelf.stock(product) == [5]
    (order,) = (await shop.customer().list_orders()).items
    assert order.reason == Reason.PRICE_CHANGED


async def test_an_expectation_in_another_currency_is_refused(shop: Shop) -> None:
    product = shop.product(cents=1999, stock=5)

    with pytest.raises(WrongCurrency):
        await shop.customer().place_order(order_of(product, expected=Money.of(1999, "USD")), "k")

    assert shop.shelf.stock(product) == [5]


@pytest.mark.parametrize("status", [AccountStatus.CLOSING, AccountStatus.CLOSED])
async def test_a_token_of_an_account_that_is_not_active_places_nothing(shop: Shop, status: AccountStatus) -> None:
    product = shop.product()
    shop.stand(status)

    with pytest.raises(AccountClosed):
        await shop.customer().place_order(order_of(product), "k")

    assert shop.shelf.calls == []
    (order,) = (await shop.customer().list_orders()).items
    assert order.reason == Reason.ACCOUNT_CLOSED


async def test_a_token_of_an_account_that_never_was_places_nothing(shop: Shop) -> None:
    product = shop.product()
    shop.users.refuse(Users.get_standing, UserNotFound("nobody"))

    with pytest.raises(AccountClosed):
        await shop.customer().place_order(order_of(product), "k")

    assert shop.shelf.calls == []


async def test_an_ended_session_places_nothing_and_leaves_its_key_to_the_next(shop: Shop) -> None:
    product = shop.product()
    shop.stand(AccountStatus.ACTIVE, generation=1)
    with pytest.raises(SessionEnded):
        await shop.customer().place_order(order_of(product), "k")
    shop.stand(AccountStatus.ACTIVE, generation=0)

    order = await shop.customer().place_order(order_of(product), "k")

    assert order.status == OrderStatus.CONFIRMED
    assert [seen.status for seen in (await shop.customer().list_orders()).items] == ["confirmed", "rejected"]


@pytest.mark.parametrize("step", ["reserve", "commit_reservation"])
async def test_an_order_whose_catalog_is_out_of_reach_is_accepted_and_finished_later(shop: Shop, step: str) -> None:
    product = shop.product(cents=1999, stock=5)
    shop.shelf.away.add(step)

    answer = await shop.customer().place_order.answer(order_of(product), "k")
    shop.shelf.away.clear()
    finished = await shop.settled(answer.value.id)

    assert answer.status == 202
    assert (answer.value.status, answer.value.total) == (OrderStatus.PENDING, None)
    assert answer.value.lines[0].unit_price is None
    assert (finished.status, finished.total) == (OrderStatus.CONFIRMED, Money.of(1999))
    assert shop.shelf.stock(product) == [4]


async def test_an_order_whose_users_is_out_of_reach_is_accepted_and_finished_later(shop: Shop) -> None:
    product = shop.product()
    shop.users.refuse(Users.get_standing, NoAnswer("nobody answers"))

    accepted = await shop.customer().place_order(order_of(product), "k")
    shop.stand(AccountStatus.ACTIVE)
    finished = await shop.settled(accepted.id)

    assert accepted.status == OrderStatus.PENDING
    assert finished.status == OrderStatus.CONFIRMED


async def test_an_accepted_order_may_still_be_refused(shop: Shop) -> None:
    product = shop.product(stock=0)
    shop.shelf.away.add("reserve")

    accepted = await shop.customer().place_order(order_of(product), "k")
    shop.shelf.away.clear()
    finished = await shop.settled(accepted.id)

    assert (finished.status, finished.reason) == (OrderStatus.REJECTED, Reason.OUT_OF_STOCK)
    with pytest.raises(OutOfStock):
        await shop.customer().place_order(order_of(product), "k")


@pytest.mark.parametrize("step", ["reserve", "commit_reservation"])
async def test_a_lost_answer_of_the_catalog_sells_nothing_twice(shop: Shop, step: str) -> None:
    product = shop.product(stock=5)
    shop.shelf.lost.add(step)

    accepted = await shop.customer().place_order(order_of(product, quantity=2), "k")
    finished = await shop.settled(accepted.id)

    assert finished.status == OrderStatus.CONFIRMED
    assert shop.shelf.stock(product) == [3]


async def test_the_total_is_that_of_the_reservation_when_the_price_moves_later(shop: Shop) -> None:
    product = shop.product(cents=1000)
    shop.shelf.away.add("commit_reservation")

    accepted = await shop.customer().place_order(order_of(product), "k")
    shop.shelf.products[product].cents = 9999
    shop.shelf.away.clear()
    finished = await shop.settled(accepted.id)

    assert finished.total == Money.of(1000)
