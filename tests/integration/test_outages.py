"""Whatever is taken away in the middle of the business and comes back: each order is placed once, and finished."""

import asyncio
from functools import partial

import pytest

from tests.crash.stack import NAMES

from .shop import Count, Shop
from .waiting import until

pytestmark = [pytest.mark.anyio, pytest.mark.apart]

TROUBLES = ("stop", "pause", "restart")  # killed they are in test_alarms
PIECES = 99
KILLED = 137  # 128 and the number of SIGKILL


@pytest.mark.parametrize("what", TROUBLES)
@pytest.mark.parametrize("service", [*NAMES, "database", "edge"])
async def test_every_order_is_placed_once_and_finished_though_a_container_is_lost(
    shop: Shop, service: str, what: str
) -> None:
    baskets = await asyncio.gather(*(shop.receive(PIECES) for _ in range(3)))
    over = asyncio.Event()

    async with asyncio.TaskGroup() as day:
        for basket in baskets:
            day.create_task(basket.buy_until(over))
        await trouble(shop, service, what)
        over.set()

    for basket in baskets:
        bought = len(basket.purchases)
        assert basket.bought == bought
        assert await basket.count() == Count(orders=bought, on_hand=PIECES - bought)


async def trouble(shop: Shop, service: str, what: str) -> None:
    """Make the trouble, keep it until it is felt, and end it."""
    await shop.compose.each(service, what)
    if what != "restart":
        felt_by = service if service in NAMES else "orders"  # what has no door of its own is felt by who needs it
        await until(partial(is_out, shop, felt_by), f"{felt_by} should feel that {service} is out")
    await shop.compose.revive(service)
    await shop.until_ready()


async def is_out(shop: Shop, name: str) -> bool:
    return not await shop.is_ready(name)


@pytest.mark.parametrize("what", ["kill", "pause"])
async def test_without_a_place_to_count_calls_everybody_is_served(shop: Shop, what: str) -> None:
    basket = await shop.receive(PIECES)

    await shop.compose.each("limits", what)
    await basket.buy(3)

    assert basket.bought == 3


@pytest.mark.parametrize("service", NAMES)
async def test_a_service_that_is_told_to_stop_while_it_starts_need_not_be_killed(shop: Shop, service: str) -> None:
    await shop.compose.each(service, "kill")

    await shop.compose.each(service, "start")
    await shop.compose.each(service, "stop")
    (stopped,) = await shop.compose.inspect(service)

    assert stopped["State"]["ExitCode"] != KILLED


async def test_a_service_that_dies_by_itself_is_started_again(shop: Shop) -> None:
    basket = await shop.receive(PIECES)
    (before,) = await shop.compose.inspect("catalog")

    await shop.compose.slay("catalog")
    await basket.buy(3)
    (after,) = await shop.compose.inspect("catalog")

    assert after["RestartCount"] == before["RestartCount"] + 1
    assert basket.bought == 3
