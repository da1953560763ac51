"""Several replicas of the service on one database: what is left undone is divided among them, and done once."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from chassis.database import Database
from chassis.testing import running
from contracts.errors import Unavailable
from contracts.orders.v2 import Order, OrderStatus
from orders.settings import Settings
from orders.store import work
from orders.store.work import Due
from sqlalchemy import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from structlog.testing import capture_logs

from .shelf import Gate
from .shop import Shop, order_of, until

pytestmark = pytest.mark.anyio

_BATCH = 20  # orders that a replica takes at once
_MANY = 100
_PATIENCE = 180.0  # seconds; a hundred orders on a busy machine, with durable commits


async def left_undone(settings: Settings, count: int, world: Shop | None = None) -> tuple[Shop, list[Order]]:
    """Place orders for a new product while the catalog is away, and stop."""
    # what was left before is tried again at the start, and is not to be parked however often that is
    idle = Shop(settings.model_copy(update={"recovery_seconds": 3600, "retry_attempts": 1_000_000}), world)
    product = idle.product(stock=count)
    idle.shelf.away.add("reserve")
    async with running(idle.app):
        orders = [await idle.customer().place_order(order_of(product), f"{product}-{n}") for n in range(count)]
    idle.shelf.away.clear()
    idle.shelf.calls.clear()
    return idle, orders


async def are_confirmed(shop: Shop, orders: Sequence[Order]) -> bool:
    """Tell whether all of these are confirmed; a page holds all that there are."""
    try:
        page = await shop.staff().list_all_orders(OrderStatus.CONFIRMED, limit=100)
    except Unavailable:  # a hundred orders are written meanwhile, and reading waits its turn
        return False
    return {order.id for order in page.items} >= {order.id for order in orders}


async def test_two_replicas_divide_a_hundred_orders_and_finish_each_once(settings: Settings) -> None:
    patient = settings.model_copy(update={"lease_seconds": 60})
    world, orders = await left_undone(patient, _MANY)
    gate = world.shelf.gates["reserve"] = Gate()
    one, other = Shop(patient, world), Shop(patient, world)

    async def both_are_at_it() -> bool:
        return world.shelf.calls.count("reserve") == 2 * _BATCH

    async with running(one.app), running(other.app):
        await until(both_are_at_it)
        gate.open()
        await until(lambda: are_confirmed(one, orders), _PATIENCE)

    assert world.shelf.reservations.keys() == {order.id for order in orders}
    assert world.shelf.stock(*world.shelf.products) == [0]


async def test_what_one_replica_has_taken_no_other_takes_before_its_lease_ends(
    settings: Settings, database_url: str
) -> None:
    await left_undone(settings.model_copy(update={"retry_seconds": 0.001}), _BATCH)
    database = Database.open(database_url)

    one = await database.write(_claim)
    other = await database.write(_claim)

    await database.close()
    assert len(one.drafts) == _BATCH
    assert not other


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_replica_passes_over_what_another_one_is_just_taking(settings: Settings, database_url: str) -> None:
    """One transaction has taken a batch and is still open; nobody waits for its end."""
    await left_undone(settings.model_copy(update={"retry_seconds": 0.001}), 2 * _BATCH)
    engine = create_async_engine(make_url(database_url).set(drivername="postgresql+asyncpg"))
    database = Database.open(database_url)

    async with engine.begin() as connection, asyncio.timeout(5):
        one = await connection.run_sync(_claim)
        other = await database.write(_claim)
    await database.close()
    await engine.dispose()

    assert len(one.drafts) == len(other.drafts) == _BATCH
    assert not {draft.id for draft in one.drafts} & {draft.id for draft in other.drafts}


async def test_one_order_that_always_fails_is_parked_and_alerted_next_to_a_hundred_good_ones(
    settings: Settings,
) -> None:
    world, good = await left_undone(settings, _MANY)
    _, (poison,) = await left_undone(settings, 1, world)
    world.shelf.poison.add(poison.lines[0].product_id)
    shop = Shop(settings.model_copy(update={"retry_attempts": 10, "lease_seconds": 60}), world)

    async def is_alerted() -> bool:
        return any(line["event"] == "order_parked" for line in logs)

    async with running(shop.app):
        with capture_logs() as logs:
            await until(lambda: are_confirmed(shop, good), _PATIENCE)
            await until(is_alerted)
        left = await shop.customer().get_order(poison.id)

    alerts = [line for line in logs if line["event"] == "order_parked"]
    assert left.status == OrderStatus.PENDING
    assert [(line["order_id"], line["log_level"]) for line in alerts] == [(poison.id, "error")]


def _claim(tx: Connection) -> Due:
    return work.claim_due(tx, timedelta(seconds=60), _BATCH)
