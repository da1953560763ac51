"""What is counted of orders, as those who operate the service see it."""

import asyncio

import pytest
from chassis.database import Database
from chassis.telemetry.metrics import Metrics
from chassis.testing import figures
from contracts.orders.errors import OutOfStock
from contracts.orders.v2 import OrderStatus
from orders.backlog import Backlog, show_backlog
from orders.figures import OPEN
from orders.settings import Settings
from prometheus_client.parser import text_string_to_metric_families

from .shelf import Gate
from .shop import Shop, order_of

pytestmark = pytest.mark.anyio


async def test_orders_are_counted_by_what_became_of_them(shop: Shop) -> None:
    product = shop.product(stock=2)

    order = await shop.customer().place_order(order_of(product), "a")
    with pytest.raises(OutOfStock):
        await shop.customer().place_order(order_of(product, quantity=9), "b")
    await shop.customer().cancel_order(order.id)
    await shop.customer().cancel_order(order.id)

    assert await figures(shop.app, "concord_orders_total") == {
        ("confirmed",): 1,
        ("rejected",): 1,
        ("pending",): 0,
        ("cancelled",): 1,
    }


async def test_an_order_that_is_answered_before_its_end_is_counted_then_and_at_its_end(shop: Shop) -> None:
    product = shop.product()
    shop.shelf.away.add("reserve")

    order = await shop.customer().place_order(order_of(product), "a")
    outcomes = await figures(shop.app, "concord_orders_total")
    shop.shelf.away.clear()
    settled = await shop.settled(order.id)

    assert settled.status == OrderStatus.CONFIRMED
    assert (outcomes[("pending",)], outcomes[("confirmed",)]) == (1, 0)
    assert (await figures(shop.app, "concord_orders_total"))[("confirmed",)] == 1


async def test_answers_that_are_given_again_are_counted_by_operation(shop: Shop) -> None:
    product = shop.product()

    for _ in range(3):
        await shop.customer().place_order(order_of(product), "a")

    assert await figures(shop.app, "concord_idempotency_replays_total") == {("orders.v2.place_order",): 2}


async def test_orders_that_wait_are_shown_with_the_age_of_the_oldest(shop: Shop) -> None:
    shop.shelf.gates["reserve"] = gate = Gate()
    product = shop.product()
    call = asyncio.create_task(shop.customer().place_order(order_of(product), "a"))
    await gate.reached.wait()

    waiting = await figures(shop.app, "concord_orders_open")

    (age,) = (await figures(shop.app, "concord_orders_oldest_pending_seconds")).values()
    gate.open()
    await call
    assert waiting == {("pending",): 1, ("parked",): 0}
    assert age >= 0
    assert await figures(shop.app, "concord_orders_open") == {("pending",): 0, ("parked",): 0}
    assert await figures(shop.app, "concord_orders_oldest_pending_seconds") == {(): 0}


async def test_what_waits_is_shown_while_somebody_else_asks_for_it_too(shop: Shop) -> None:
    metrics: Metrics = shop.app.state.metrics
    await metrics.show()

    asking = asyncio.create_task(metrics.show())
    for _ in range(2):  # so that it has begun to ask the database
        await asyncio.sleep(0)
    shown = dict(metrics.level(OPEN).values)
    await asking

    assert shown == {("pending",): 0, ("parked",): 0}


async def test_a_database_that_cannot_say_what_waits_leaves_nothing_to_be_misread(settings: Settings) -> None:
    metrics = Metrics()
    database = Database.open("postgresql://nobody:nothing@127.0.0.1:1/nowhere")
    show_backlog(Backlog(database, settings.terms), metrics)

    shown, _ = await metrics.show()
    await database.close()

    samples = [sample for family in text_string_to_metric_families(shown.decode()) for sample in family.samples]
    assert samples == []
