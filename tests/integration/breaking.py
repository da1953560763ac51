"""How each thing that an alert watches is broken for real, and mended again."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TypeAlias

from contracts.catalog.v2 import ProductQuery
from contracts.errors import NoAnswer

from tests.crash.stack import NAMES

from .compose import execute
from .following import bring_back, do
from .shop import Shop
from .waiting import until
from .watch import lines

__all__ = ["Broken", "all_of", "changed", "crowded", "dead", "locked", "missing", "parked", "stammering", "unheard"]

Broken: TypeAlias = Callable[[Shop], AbstractAsyncContextManager[None]]

_STILL, _AWAKE = 0.5, 0.1  # seconds
_LOCKED = 1.2
_CROWD = 30
_MINUTE = timedelta(seconds=59)  # a moment may pass between the decision to complain and the line


@asynccontextmanager
async def dead(shop: Shop, service: str, told: str = "TargetDown") -> AsyncGenerator[None]:
    """Have the containers of a service killed, until they are started as it says in the runbook of what is told."""
    await shop.compose.each(service, "update", "--restart=no")
    await shop.compose.slay(service)
    try:
        yield
    finally:
        await bring_back(told, service)


@asynccontextmanager
async def parked(shop: Shop) -> AsyncGenerator[None]:
    """Have catalog killed, and an order that waits for it given up, until its runbook is followed."""
    one = "(SELECT id FROM orders WHERE status = 'pending' AND due_at IS NOT NULL LIMIT 1)"
    park = f"UPDATE orders SET parked_at = now(), due_at = NULL WHERE id = {one} RETURNING id"

    async def is_parked() -> bool:
        return bool(await _say(shop, "orders", park))

    async with dead(shop, "catalog", "ServiceGone"):
        await until(is_parked, "an order should wait for catalog")
        yield
    await do("OrdersParked")


@asynccontextmanager
async def unheard(shop: Shop) -> AsyncGenerator[None]:
    """Have the collector killed: whoever has traces to tell complains of that once a minute at most."""
    began = datetime.now(UTC)
    async with dead(shop, "collector"):
        yield
    complaints = {name: await _complaints(shop, name, began) for name in NAMES}
    often = [pair for told in complaints.values() for pair in pairwise(told) if pair[1] - pair[0] < _MINUTE]
    assert any(complaints.values())
    assert not often, f"nobody should complain more than once a minute: {complaints}"


async def _complaints(shop: Shop, name: str, began: datetime) -> list[datetime]:
    told = await lines(shop.compose, name, "telemetry_dropped")
    moments = [datetime.fromisoformat(line["timestamp"]) for line in told]
    return [moment for moment in moments if moment > began]


@asynccontextmanager
async def _again_and_again(act: Callable[[], Awaitable[None]], hands: int = 1) -> AsyncGenerator[None]:
    over = asyncio.Event()

    async def go_on() -> None:
        while not over.is_set():
            await act()

    async with asyncio.TaskGroup() as group:
        for _ in range(hands):
            group.create_task(go_on())
        try:
            yield
        finally:
            over.set()


def stammering(shop: Shop, service: str) -> AbstractAsyncContextManager[None]:
    """Have a service stand still most of the time, as on a machine that has far too much to do."""

    async def stammer() -> None:
        await shop.compose.each(service, "pause")
        await asyncio.sleep(_STILL)
        await shop.compose.each(service, "unpause")
        await asyncio.sleep(_AWAKE)

    return _again_and_again(stammer)


def locked(shop: Shop, service: str, table: str) -> AbstractAsyncContextManager[None]:
    """Have a table held by somebody else most of the time, so that calls queue for it and then for a connection."""
    hold = f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep({_LOCKED}); COMMIT"

    async def wait() -> None:
        await _say(shop, service, hold)

    return _again_and_again(wait)


def crowded(shop: Shop) -> AbstractAsyncContextManager[None]:
    """Have more people look at products at a time than the service has connections to its database."""

    async def browse() -> None:
        with suppress(NoAnswer):
            await shop.staff.catalog.list_products(ProductQuery())

    return _again_and_again(browse, _CROWD)


@asynccontextmanager
async def changed(shop: Shop, wrong: str, right: str) -> AsyncGenerator[None]:
    """Have one order in a state that no code of ours would leave it in."""
    one = "(SELECT id FROM orders WHERE status = 'confirmed' LIMIT 1)"
    found = list[str]()

    async def is_changed() -> bool:
        found[:] = (await _say(shop, "orders", f"UPDATE orders SET {wrong} WHERE id = {one} RETURNING id")).split()
        return bool(found)

    await until(is_changed, "an order should be confirmed")
    try:
        yield
    finally:
        await _say(shop, "orders", f"UPDATE orders SET {right} WHERE id = '{found[0]}'")


@asynccontextmanager
async def missing(shop: Shop, service: str, table: str) -> AsyncGenerator[None]:
    """Have a table under another name than the service knows."""
    await _say(shop, service, f"ALTER TABLE {table} RENAME TO {table}_elsewhere")
    try:
        yield
    finally:
        await _say(shop, service, f"ALTER TABLE {table}_elsewhere RENAME TO {table}")


async def _say(shop: Shop, service: str, statement: str) -> str:
    """Say something to the database of a service, past the service; return what it answers."""
    (database,) = await shop.compose.containers("database")
    how = ("--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1")
    psql = ("psql", "--username=postgres", f"--dbname={service}", *how, "--command", statement)
    return await execute("docker", "exec", database, *psql)


def all_of(*breaks: Broken) -> Broken:
    """Have several things broken at a time."""

    @asynccontextmanager
    async def broken(shop: Shop) -> AsyncGenerator[None]:
        async with AsyncExitStack() as stack:
            for each in breaks:
                await stack.enter_async_context(each(shop))
            yield

    return broken
