"""Sending an order again: the same key is the same order, whatever was lost on the way."""

import asyncio
from contextlib import suppress

import httpx
import pytest
from chassis.database import Database
from chassis.ids import new_id
from chassis.testing import running
from contracts.answers import Answer
from contracts.errors import IdempotencyKeyMissing, IdempotencyKeyReused, InvalidIdempotencyKey, Unavailable
from contracts.orders.v2 import Order, OrderStatus
from orders.settings import Settings
from sqlalchemy import text

from .shelf import Gate
from .shop import Shop, order_of, until

pytestmark = pytest.mark.anyio


def http(shop: Shop) -> httpx.AsyncClient:
    """Call without the typed client, to see bytes."""
    inside = httpx.ASGITransport(shop.app)
    return httpx.AsyncClient(
        transport=inside, base_url="http://orders", headers={"authorization": f"Bearer {shop.token()}"}
    )


async def outdate_keys(settings: Settings) -> None:
    """Let the time of all keys be over."""
    database = Database.open(settings.database_url.get_secret_value())
    await database.write(lambda tx: tx.execute(text("UPDATE idempotency_keys SET expires_at = created_at")))
    await database.close()


async def test_the_same_key_answers_the_same_bytes_and_orders_once(shop: Shop) -> None:
    body = order_of(shop.product(stock=5)).model_dump(mode="json")

    async with http(shop) as client:
        first = await client.post("/v2/orders", json=body, headers={"Idempotency-Key": "abc"})
        again = await client.post("/v2/orders", json=body, headers={"Idempotency-Key": '"abc"'})

    assert (first.status_code, again.status_code) == (201, 201)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"] == f"/v2/orders/{first.json()['id']}"
    assert len(shop.shelf.reservations) == 1


async def test_a_refusal_is_repeated_to_the_byte_even_when_it_would_not_be_refused_now(shop: Shop) -> None:
    product = shop.product(stock=0)
    body = order_of(product).model_dump(mode="json")

    async with http(shop) as client:
        first = await client.post("/v2/orders", json=body, headers={"Idempotency-Key": "abc"})
        shop.shelf.products[product].stock = 5
        again = await client.post("/v2/orders", json=body, headers={"Idempotency-Key": "abc"})

    assert (first.status_code, again.status_code) == (409, 409)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.content == first.content


async def test_the_answer_stays_what_it_was_when_the_order_is_cancelled_later(shop: Shop) -> None:
    wanted = order_of(shop.product())
    first = await shop.customer().place_order(wanted, "k")
    await shop.customer().cancel_order(first.id)

    again = await shop.customer().place_order(wanted, "k")

    assert again == first
    assert again.status == OrderStatus.CONFIRMED


async def test_while_the_order_is_pending_its_key_answers_its_present_state(shop: Shop) -> None:
    wanted = order_of(shop.product())
    shop.shelf.away.add("reserve")
    accepted = await shop.customer().place_order(wanted, "k")

    answer = await shop.customer().place_order.answer(wanted, "k")

    assert answer.status == 202
    assert (answer.value.id, answer.value.status) == (accepted.id, OrderStatus.PENDING)
    assert len((await shop.customer().list_orders()).items) == 1


async def test_many_at_once_with_one_key_make_one_order(shop: Shop) -> None:
    wanted = order_of(shop.product(stock=100))

    async def insist() -> Answer[Order]:
        while True:
            with suppress(Unavailable):  # a busy database turns some away, and a key makes it safe to come again
                return await shop.customer().place_order.answer(wanted, "k")

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        calls = [group.create_task(insist()) for _ in range(20)]
    answers = [call.result() for call in calls]

    assert {answer.status for answer in answers} <= {201, 202}
    assert len({answer.value.id for answer in answers}) == 1
    assert len(shop.shelf.reservations) == 1
    assert sum(product.stock for product in shop.shelf.products.values()) == 99


async def test_a_key_with_another_request_is_refused_and_nothing_is_done(shop: Shop) -> None:
    product = shop.product(stock=5)
    await shop.customer().place_order(order_of(product), "k")

    with pytest.raises(IdempotencyKeyReused):
        await shop.customer().place_order(order_of(product, quantity=2), "k")

    assert shop.shelf.stock(product) == [4]


async def test_a_key_belongs_to_the_customer_who_used_it(shop: Shop) -> None:
    wanted = order_of(shop.product())
    mine = await shop.customer().place_order(wanted, "k")

    theirs = await shop.customer(new_id()).place_order(wanted, "k")

    assert theirs.id != mine.id
    assert theirs.customer_id != mine.customer_id


async def test_placing_without_a_key_is_refused(shop: Shop) -> None:
    with pytest.raises(IdempotencyKeyMissing):
        await shop.customer().place_order(order_of(shop.product()))

    assert shop.shelf.calls == []


async def test_a_key_that_is_no_key_is_refused(shop: Shop) -> None:
    with pytest.raises(InvalidIdempotencyKey):
        await shop.customer().place_order(order_of(shop.product()), 'half "quoted')

    assert shop.shelf.calls == []


async def test_a_key_whose_time_is_over_is_a_new_request(shop: Shop, settings: Settings) -> None:
    wanted = order_of(shop.product())
    first = await shop.customer().place_order(wanted, "k")
    await outdate_keys(settings)

    second = await shop.customer().place_order(wanted, "k")

    assert second.id != first.id


async def test_keys_whose_time_is_over_are_forgotten_when_the_service_starts(settings: Settings) -> None:
    shop = Shop(settings)
    async with running(shop.app):
        await shop.customer().place_order(order_of(shop.product()), "k")
    await outdate_keys(settings)
    database = Database.open(settings.database_url.get_secret_value())

    async def are_forgotten() -> bool:
        return (
            await database.read(lambda tx: tx.execute(text("SELECT count(*) FROM idempotency_keys")).scalar_one()) == 0
        )

    async with running(Shop(settings, shop).app):
        await until(are_forgotten)

    await database.close()


async def test_a_client_that_goes_away_leaves_an_order_that_is_found_by_its_key(shop: Shop) -> None:
    product = shop.product(stock=5)
    gate = shop.shelf.gates["commit_reservation"] = Gate()
    call = asyncio.create_task(shop.customer().place_order(order_of(product), "k"))
    await gate.reached.wait()
    call.cancel()
    await asyncio.wait([call])
    gate.open()

    answer = await shop.customer().place_order.answer(order_of(product), "k")

    assert answer.status == 202
    assert len((await shop.customer().list_orders()).items) == 1
