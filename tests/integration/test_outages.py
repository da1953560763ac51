"""Whatever is taken away in the middle of the business and comes back: each order is placed once, and finished."""

import asyncio

import pytest

from .compose import execute
from .shop import Shop

pytestmark = pytest.mark.anyio

SERVICES = ("users", "catalog", "orders")
TROUBLES = ("stop", "kill", "pause", "restart")
EACH = 3


async def trouble(shop: Shop, service: str, what: str) -> None:
    """Make the trouble, keep it until it is felt, and end it."""
    await shop.compose.each(service, what)
    if what != "restart":
        await until_felt(shop, service)
    await shop.compose.revive(service)


async def until_felt(shop: Shop, service: str) -> None:
    """Wait until a service does not answer; what has no door of its own is felt by the one that needs it."""
    async with asyncio.timeout(30):
        while await shop.is_ready(service if service in SERVICES else "orders"):
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("what", TROUBLES)
@pytest.mark.parametrize("service", [*SERVICES, "database"])
async def test_every_order_is_placed_once_and_finished_though_a_container_is_lost(
    shop: Shop, service: str, what: str
) -> None:
    baskets = [await shop.receive(pieces=10) for _ in range(3)]

    async with asyncio.TaskGroup() as day:
        for basket in baskets:
            day.create_task(basket.buy(EACH))
        await trouble(shop, service, what)

    for basket in baskets:
        shelf = await basket.shelf()
        assert basket.bought == EACH
        assert len(await basket.orders()) == EACH
        assert (shelf.on_hand, shelf.reserved) == (10 - EACH, 0)


@pytest.mark.parametrize("what", ["kill", "pause"])
async def test_without_a_place_to_count_calls_everybody_is_served(shop: Shop, what: str) -> None:
    basket = await shop.receive(pieces=10)

    await shop.compose.each("limits", what)
    await basket.buy(EACH)

    assert basket.bought == EACH


async def test_a_service_that_dies_by_itself_is_started_again(shop: Shop) -> None:
    basket = await shop.receive(pieces=10)
    before = await shop.compose.inspect("catalog")

    pid = str(before["State"]["Pid"])
    killer = ("--pid", "host", "--user", "0", "--entrypoint", "sh", "concord-catalog", "-c", f"kill -KILL {pid}")
    await execute("docker", "run", "--rm", *killer)
    await basket.buy(EACH)
    after = await shop.compose.inspect("catalog")

    assert after["RestartCount"] == before["RestartCount"] + 1
    assert basket.bought == EACH
