"""The last release beside today's: clients of one, services of the other, and a shop that is rolled on and back."""

import asyncio
import os
import tempfile
from collections.abc import AsyncGenerator, Generator
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from contracts.orders.v2 import NewLine, NewOrder

from tests.crash.people import insist, sign_in
from tests.crash.stack import NAMES

from .compose import Compose
from .project import COMPOSE_FILE, ROLLING, Project
from .release import Release, last_release
from .shop import STAFF, Basket, Count, Shop
from .skew import SEEN, Customer, Seen, declarations
from .waiting import until

pytestmark = pytest.mark.anyio

FILES = (COMPOSE_FILE, "tests/integration/released.yml")
PIECES = 999
TODAY = Customer("concord-orders")


@pytest.fixture
def released() -> Release:
    return last_release()


@pytest.fixture(scope="module")
def project() -> Generator[Project]:
    """Run a second shop, all of it as it was in the last release."""
    compose = os.environ["CONCORD_COMPOSE"].split()
    with tempfile.TemporaryDirectory(prefix=f"{ROLLING}-") as folder:
        project = Project(compose, ROLLING, Path(folder), FILES, CONCORD_RELEASE=last_release().tag)
        with project.running():
            yield project


@pytest.fixture
async def rolling(project: Project) -> AsyncGenerator[Shop]:
    async with httpx.AsyncClient(trust_env=False, timeout=30, limits=httpx.Limits(keepalive_expiry=4)) as http:
        staff = await sign_in(http, project.urls, STAFF)
        yield Shop(Compose(project.command, project.name, project.env), http, project.urls, staff)


async def test_clients_of_the_last_release_find_all_they_know_in_today_s_shop(shop: Shop, released: Release) -> None:
    seen = await Customer(released.image("orders")).visit(shop.compose)

    assert declarations(released).items() <= seen.pop("contracts").items()
    assert seen == SEEN


@pytest.mark.apart
async def test_today_s_clients_find_all_they_know_in_the_shop_of_the_last_release(rolling: Shop) -> None:
    seen = await TODAY.visit(rolling.compose)

    assert {name: seen[name] for name in SEEN} == SEEN


@pytest.mark.apart
async def test_a_shop_is_rolled_on_to_today_and_back_one_service_at_a_time(
    rolling: Shop, project: Project, released: Release
) -> None:
    basket, over = await rolling.receive(PIECES), asyncio.Event()
    today = Compose(project.command, project.name, {**project.env, "COMPOSE_FILE": COMPOSE_FILE})
    customers = (TODAY, Customer(released.image("orders")))
    seen = list[Seen]()

    async with asyncio.TaskGroup() as day:
        day.create_task(basket.buy_until(over))
        for name in NAMES:
            await today.run("run", "--rm", "--no-deps", "-T", f"{name}-migration")
            seen += await replaced(rolling, today, name, customers)
        for name in NAMES:
            seen += await replaced(rolling, rolling.compose, name, customers)
        over.set()

    bought = len(basket.purchases)
    assert seen == [SEEN] * 2 * 2 * len(NAMES)
    assert basket.bought == bought
    assert await basket.count() == Count(orders=bought, on_hand=PIECES - bought)


async def replaced(shop: Shop, compose: Compose, name: str, customers: tuple[Customer, ...]) -> list[Seen]:
    """Replace a service by that of a release, and tell what its customers see in the mixed shop."""
    await compose.run("up", "-d", "--no-deps", "--no-build", "--force-recreate", name)
    await shop.until_ready()
    await until(partial(at_once, await shop.receive(PIECES)), f"orders should be confirmed at once with a new {name}")
    visits = await asyncio.gather(*(customer.visit(shop.compose) for customer in customers))
    return [{name: seen[name] for name in SEEN} for seen in visits]


async def at_once(basket: Basket) -> bool:
    """Order one piece, and tell whether it was confirmed at once: whether all services know of each other again."""
    wanted = NewOrder(lines=[NewLine(product_id=basket.product_id, quantity=1)])
    key = uuid4().hex
    return (await insist(partial(basket.customer.orders.place_order.answer, wanted, idempotency_key=key))).status == 201
