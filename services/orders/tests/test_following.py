"""Following an order: its present state first, each change once, and an end."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest
from chassis.database import Database
from chassis.health import Health
from chassis.ids import new_id
from chassis.testing import running
from contracts.errors import Unavailable
from contracts.orders.errors import OrderNotFound, TooManyStreams
from contracts.orders.v2 import Order, OrderStatus
from orders.following import Following
from orders.settings import Settings
from sqlalchemy import Connection

from .shop import Shop, order_of

T = TypeVar("T")

pytestmark = pytest.mark.anyio


class Flaky(Database):
    """A database that can be away."""

    is_away = False

    async def read(self, unit: Callable[[Connection], T]) -> T:
        if self.is_away:
            raise Unavailable("nobody answers")
        return await super().read(unit)


@pytest.fixture
async def pending(shop: Shop) -> Order:
    """An order that waits for the catalog."""
    shop.shelf.away.add("reserve")
    return await shop.customer().place_order(order_of(shop.product()), "k")


async def test_a_final_order_is_told_once(shop: Shop) -> None:
    order = await shop.customer().place_order(order_of(shop.product()), "k")

    events = [event async for event in await shop.customer().follow_order(order.id)]

    assert [(event.order, event.final) for event in events] == [(order, True)]


async def test_a_pending_order_is_told_until_it_is_final(shop: Shop, pending: Order) -> None:
    stream = await shop.rule(Following).follow(pending.id, shop.principal(), shop.app.state.health)

    first = await anext(stream)
    shop.shelf.away.clear()
    rest = [event async for event in stream]

    assert (first.order, first.final) == (pending, False)
    assert [(event.order.status, event.final) for event in rest] == [(OrderStatus.CONFIRMED, True)]


async def test_news_of_another_process_are_seen_too(shop: Shop, settings: Settings, pending: Order) -> None:
    another = Shop(settings.model_copy(update={"recovery_seconds": 3600}), shop)

    async with running(another.app):
        stream = await another.rule(Following).follow(pending.id, shop.principal(), another.app.state.health)
        await anext(stream)
        shop.shelf.away.clear()
        rest = [event async for event in stream]

    assert [event.order.status for event in rest] == [OrderStatus.CONFIRMED]


async def test_news_come_at_once_within_a_process(settings: Settings) -> None:
    """The row is not read again within this test: only the news can end it."""
    shop = Shop(settings.model_copy(update={"reread_seconds": 3600}))
    shop.shelf.away.add("reserve")

    async with running(shop.app):
        order = await shop.customer().place_order(order_of(shop.product()), "k")
        stream = await shop.rule(Following).follow(order.id, shop.principal(), shop.app.state.health)
        await anext(stream)
        await shop.customer().cancel_order(order.id)
        rest = [event async for event in stream]

    assert [event.order.status for event in rest] == [OrderStatus.CANCELLED]


async def test_streams_end_when_the_service_is_about_to_stop(shop: Shop, pending: Order) -> None:
    health: Health = shop.app.state.health
    stream = await shop.rule(Following).follow(pending.id, shop.principal(), health)
    await anext(stream)
    ending = asyncio.create_task(anext(stream, None))

    health.stop()

    assert await ending is None


async def test_streams_end_when_the_database_cannot_be_read(shop: Shop, pending: Order) -> None:
    database = Flaky.open(shop.settings.database_url.get_secret_value())
    assert isinstance(database, Flaky)
    stream = await Following(database, shop.settings.terms).follow(pending.id, shop.principal(), shop.app.state.health)
    await anext(stream)

    database.is_away = True
    rest = [event async for event in stream]

    assert rest == []
    await database.close()


async def test_one_caller_has_so_many_streams_and_no_more(shop: Shop, pending: Order) -> None:
    most = shop.settings.streams_per_caller
    streams = [
        await shop.rule(Following).follow(pending.id, shop.principal(), shop.app.state.health) for _ in range(most)
    ]

    with pytest.raises(TooManyStreams):
        await shop.customer().follow_order(pending.id)
    del streams[0]
    shop.shelf.away.clear()
    events = [event async for event in await shop.customer().follow_order(pending.id)]

    assert events[-1].final


async def test_somebody_elses_order_cannot_be_followed(shop: Shop, pending: Order) -> None:
    with pytest.raises(OrderNotFound):
        await shop.customer(new_id()).follow_order(pending.id)
