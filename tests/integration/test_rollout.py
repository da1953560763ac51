"""A service that is replaced while the shop is open, as docs/deploy.md says it."""

import asyncio

import pytest

from tests.crash.stack import NAMES

from .shop import Count, Shop

pytestmark = [pytest.mark.anyio, pytest.mark.apart]

PIECES = 99


@pytest.mark.parametrize("name", NAMES)
async def test_every_order_is_placed_once_and_finished_while_a_service_is_migrated_and_replaced(
    shop: Shop, name: str
) -> None:
    basket = await shop.receive(PIECES)
    before = await shop.compose.containers(name)
    over = asyncio.Event()

    async with asyncio.TaskGroup() as day:
        day.create_task(basket.buy_until(over))
        await shop.compose.run("run", "--rm", "--no-deps", "-T", f"{name}-migration")
        await shop.compose.run("up", "-d", "--no-deps", "--force-recreate", name)
        await shop.until_ready()
        over.set()

    bought = len(basket.purchases)
    assert await shop.compose.containers(name) != before
    assert basket.bought == bought
    assert await basket.count() == Count(orders=bought, on_hand=PIECES - bought)
