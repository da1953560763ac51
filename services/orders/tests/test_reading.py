"""Reading orders: whose they are, pages that miss nothing, and what other services ask."""

import httpx
import pytest
from chassis.ids import new_id
from contracts.client import AsgiTransport
from contracts.errors import Forbidden, InvalidCursor, Unauthenticated
from contracts.orders.errors import OrderNotFound, OutOfStock
from contracts.orders.v2 import Orders, OrderStatus

from .shop import Shop, order_of

pytestmark = pytest.mark.anyio


async def test_an_order_reads_as_it_was_placed(shop: Shop) -> None:
    placed = await shop.customer().place_order(order_of(shop.product()), "k")

    seen = await shop.customer().get_order(placed.id)

    assert seen.model_dump(include=set(type(placed).model_fields)) == placed.model_dump()
    assert (seen.customer, seen.products, seen.missing) == (None, None, [])


async def test_somebody_elses_order_is_as_good_as_missing(shop: Shop) -> None:
    placed = await shop.customer().place_order(order_of(shop.product()), "k")
    stranger = shop.customer(new_id())
    missing = new_id()

    with pytest.raises(OrderNotFound) as not_yours:
        await stranger.get_order(placed.id)
    with pytest.raises(OrderNotFound) as not_there:
        await stranger.get_order(missing)

    assert not_yours.value.detail.replace(str(placed.id), str(missing)) == not_there.value.detail


async def test_staff_see_everybodys_orders(shop: Shop) -> None:
    placed = await shop.customer().place_order(order_of(shop.product()), "k")

    seen = await shop.staff().get_order(placed.id)
    listed = await shop.staff().list_all_orders()

    assert seen.id == placed.id
    assert [order.id for order in listed.items] == [placed.id]


async def test_customers_list_their_own_orders_only_and_newest_first(shop: Shop) -> None:
    product = shop.product()
    mine = [await shop.customer().place_order(order_of(product), key) for key in "abc"]
    await shop.customer(new_id()).place_order(order_of(product), "a")

    listed = await shop.customer().list_orders()

    assert listed.items == mine[::-1]
    assert listed.next_cursor is None


async def test_pages_show_every_order_once_while_new_ones_come(shop: Shop) -> None:
    product = shop.product(stock=100)
    placed = [await shop.customer().place_order(order_of(product), f"{number}") for number in range(5)]

    seen, page = list[object](), await shop.customer().list_orders(limit=2)
    while True:
        seen += [order.id for order in page.items]
        if page.next_cursor is None:
            break
        await shop.customer().place_order(order_of(product), f"new-{len(seen)}")
        page = await shop.customer().list_orders(limit=2, cursor=page.next_cursor)

    assert seen == [order.id for order in placed[::-1]]


async def test_a_list_can_be_narrowed_to_a_status(shop: Shop) -> None:
    await shop.customer().place_order(order_of(shop.product()), "good")
    with pytest.raises(OutOfStock):
        await shop.customer().place_order(order_of(shop.product(stock=0)), "bad")

    rejected = await shop.customer().list_orders(status=OrderStatus.REJECTED)
    confirmed = await shop.staff().list_all_orders(status=OrderStatus.CONFIRMED)

    assert [order.status for order in rejected.items] == ["rejected"]
    assert [order.status for order in confirmed.items] == ["confirmed"]


async def test_staff_can_narrow_the_list_to_a_customer(shop: Shop) -> None:
    product, other = shop.product(), new_id()
    await shop.customer().place_order(order_of(product), "k")
    theirs = await shop.customer(other).place_order(order_of(product), "k")

    listed = await shop.staff().list_all_orders(customer_id=other)

    assert [order.id for order in listed.items] == [theirs.id]


async def test_a_cursor_of_another_list_or_another_filter_is_refused(shop: Shop) -> None:
    product = shop.product()
    for key in "ab":
        await shop.customer().place_order(order_of(product), key)
    cursor = (await shop.customer().list_orders(limit=1)).next_cursor

    with pytest.raises(InvalidCursor):
        await shop.customer().list_orders(limit=1, status=OrderStatus.CONFIRMED, cursor=cursor)
    with pytest.raises(InvalidCursor):
        await shop.customer(new_id()).list_orders(limit=1, cursor=cursor)
    with pytest.raises(InvalidCursor):
        await shop.staff().list_all_orders(limit=1, customer_id=shop.account, cursor=cursor)


async def test_only_staff_list_everybodys_orders(shop: Shop) -> None:
    with pytest.raises(Forbidden):
        await shop.customer().list_all_orders()
    with pytest.raises(Unauthenticated):
        await Orders(AsgiTransport(shop.app)).list_all_orders()


async def test_a_confirmed_order_is_a_purchase_until_it_is_cancelled(shop: Shop) -> None:
    bought, other = shop.product(), shop.product()
    order = await shop.customer().place_order(order_of(bought), "k")

    before = await shop.service().has_purchased(shop.account, bought)
    of_another = await shop.service().has_purchased(shop.account, other)
    by_another = await shop.service().has_purchased(new_id(), bought)
    await shop.customer().cancel_order(order.id)
    after = await shop.service().has_purchased(shop.account, bought)

    assert (before.purchased, of_another.purchased, by_another.purchased, after.purchased) == (
        True,
        False,
        False,
        False,
    )


async def test_an_order_is_open_while_it_is_pending(shop: Shop) -> None:
    product = shop.product()
    await shop.customer().place_order(order_of(product), "confirmed")
    shop.shelf.away.add("reserve")
    pending = await shop.customer().place_order(order_of(product), "pending")

    mine = await shop.service().get_open_orders(shop.account)
    others = await shop.service().get_open_orders(new_id())

    assert (mine.count, mine.order_ids) == (1, [pending.id])
    assert (others.count, others.order_ids) == (0, [])


async def test_states_of_orders_leave_out_those_that_do_not_exist(shop: Shop) -> None:
    product = shop.product()
    confirmed = await shop.customer().place_order(order_of(product), "confirmed")
    shop.shelf.away.add("reserve")
    pending = await shop.customer().place_order(order_of(product), "pending")

    states = await shop.service().get_order_states([pending.id, new_id(), confirmed.id])

    assert [(state.id, state.status, state.settled) for state in states.items] == [
        (confirmed.id, OrderStatus.CONFIRMED, True),
        (pending.id, OrderStatus.PENDING, False),
    ]


async def test_customers_cannot_ask_what_services_ask(shop: Shop) -> None:
    with pytest.raises(Forbidden):
        await shop.customer().has_purchased(shop.account, new_id())
    with pytest.raises(Forbidden):
        await shop.customer().get_open_orders(shop.account)
    with pytest.raises(Forbidden):
        await shop.customer().get_order_states([new_id()])


async def test_an_unchanged_order_is_not_sent_twice(shop: Shop) -> None:
    order = await shop.customer().place_order(order_of(shop.product()), "k")
    bearer = {"authorization": f"Bearer {shop.token()}"}

    async with httpx.AsyncClient(transport=httpx.ASGITransport(shop.app), base_url="http://orders") as http:
        first = await http.get(f"/v2/orders/{order.id}", headers=bearer)
        etag = {"if-none-match": first.headers["etag"]}
        unchanged = await http.get(f"/v2/orders/{order.id}", headers=bearer | etag)
        await shop.customer().cancel_order(order.id)
        changed = await http.get(f"/v2/orders/{order.id}", headers=bearer | etag)

    assert (first.status_code, unchanged.status_code, changed.status_code) == (200, 304, 200)
    assert first.headers["cache-control"] == "private, no-cache"
