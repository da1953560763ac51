"""Three replicas of one service behind one name: they share the work, the counting, and what one of them leaves."""

import asyncio
from collections.abc import Generator

import httpx
import pytest

from .compose import Compose, execute
from .shop import Count, Shop
from .waiting import until

pytestmark = [pytest.mark.anyio, pytest.mark.apart, pytest.mark.usefixtures("scaled")]

REPLICAS = 3
CALLS = 40  # the edge draws a replica for each: of so many, none is left out but once in three million
PIECES = 99


@pytest.fixture(scope="module")
def scaled(compose: Compose) -> Generator[None]:
    asyncio.run(scale(compose, REPLICAS))
    yield
    asyncio.run(scale(compose, 1))


async def scale(compose: Compose, replicas: int) -> None:
    """Have so many containers of orders, and wait until each is ready."""
    await compose.run("up", "-d", "--no-deps", "--no-recreate", "--scale", f"orders={replicas}", "orders")

    async def are_healthy() -> bool:
        states = [found["State"].get("Health", {}).get("Status") for found in await compose.inspect("orders")]
        return states == ["healthy"] * replicas

    await until(are_healthy, f"{replicas} replicas of orders should be there and healthy")


async def served(shop: Shop, operation: str) -> list[int]:
    """Count what each replica says that it was asked."""
    logs = [await execute("docker", "logs", container) for container in await shop.compose.containers("orders")]
    return [log.replace(" ", "").count(f'"operation":"{operation}"') for log in logs]


async def test_replicas_share_the_calls_and_count_them_together(shop: Shop) -> None:
    customer = await shop.join()
    before = await served(shop, "place_order")

    async with httpx.AsyncClient(trust_env=False, headers={**customer.headers, "connection": "close"}) as http:
        answers = [await http.post(f"{shop.urls['orders']}/v2/orders", json={"lines": []}) for _ in range(CALLS)]
    left = [int(answer.headers["RateLimit"].partition("r=")[2].partition(";")[0]) for answer in answers]

    async def all_say_so() -> bool:
        after = await served(shop, "place_order")
        return min(now - was for now, was in zip(after, before, strict=True)) > 0

    await until(all_say_so, "each replica should say that it was asked")
    assert left[0] - left[-1] >= CALLS - 2  # one or two may be forgiven where a minute ends


async def test_what_a_replica_that_is_lost_had_begun_is_finished_by_the_others(shop: Shop) -> None:
    baskets = await asyncio.gather(*(shop.receive(PIECES) for _ in range(3)))
    over = asyncio.Event()

    async with asyncio.TaskGroup() as day:
        for basket in baskets:
            day.create_task(basket.buy_until(over))
        first, *_ = await shop.compose.containers("orders")
        await execute("docker", "kill", first)
        await baskets[0].buy(3)
        over.set()

    for basket in baskets:
        bought = len(basket.purchases)
        assert basket.bought == bought
        assert await basket.count() == Count(orders=bought, on_hand=PIECES - bought)


async def test_the_schema_is_made_once_however_many_replicas_there_are(shop: Shop) -> None:
    (migration,) = await shop.compose.inspect("orders-migration")

    replicas = [await execute("docker", "logs", each) for each in await shop.compose.containers("orders")]

    assert migration["State"]["ExitCode"] == 0
    assert [log for log in replicas if "Running upgrade" in log] == []
