"""How each thing that an alert watches is broken for real, and mended again."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from .compose import execute
from .shop import Shop

__all__ = ["KILLS", "STRAINS", "Break"]

Broken: TypeAlias = Callable[[Shop], AbstractAsyncContextManager[None]]

_STILL, _AWAKE = 0.5, 0.1  # seconds
_LOCKED = 1.2


@dataclass(frozen=True)
class Break:
    """What is wrong at one time, and the alerts that must tell of it."""

    name: str
    broken: Broken
    alerts: frozenset[str]


@asynccontextmanager
async def _dead(shop: Shop, service: str) -> AsyncGenerator[None]:
    """Have the containers of a service killed, and let nobody start them again meanwhile."""
    await shop.compose.each(service, "update", "--restart=no")
    await shop.compose.slay(service)
    try:
        yield
    finally:
        await shop.compose.revive(service)


@asynccontextmanager
async def _again_and_again(do: Callable[[], Awaitable[None]]) -> AsyncGenerator[None]:
    over = asyncio.Event()

    async def go_on() -> None:
        while not over.is_set():
            await do()

    async with asyncio.TaskGroup() as group:
        group.create_task(go_on())
        try:
            yield
        finally:
            over.set()


def _stammering(shop: Shop, service: str) -> AbstractAsyncContextManager[None]:
    """Have a service stand still most of the time, as on a machine that has far too much to do."""

    async def stammer() -> None:
        await shop.compose.each(service, "pause")
        await asyncio.sleep(_STILL)
        await shop.compose.each(service, "unpause")
        await asyncio.sleep(_AWAKE)

    return _again_and_again(stammer)


def _locked(shop: Shop, service: str, table: str) -> AbstractAsyncContextManager[None]:
    """Have a table held by somebody else most of the time, so that calls queue for it and then for a connection."""
    hold = f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep({_LOCKED}); COMMIT"
    return _again_and_again(partial(_say, shop, service, hold))


@asynccontextmanager
async def _changed(shop: Shop, wrong: str, right: str) -> AsyncGenerator[None]:
    """Have one order in a state that no code of ours would leave it in."""
    some = "WHERE id = (SELECT min(id::text)::uuid FROM orders WHERE status = 'confirmed')"
    await _say(shop, "orders", f"UPDATE orders SET {wrong} {some}")
    try:
        yield
    finally:
        await _say(shop, "orders", f"UPDATE orders SET {right} {some}")


async def _say(shop: Shop, service: str, statement: str) -> None:
    """Say something to the database of a service, past the service."""
    (database,) = await shop.compose.containers("database")
    psql = ("psql", "--username=postgres", f"--dbname={service}", "--quiet", "--set=ON_ERROR_STOP=1")
    await execute("docker", "exec", database, *psql, "--command", statement)


def _all(*breaks: Broken) -> Broken:
    """Have several things broken at a time."""

    @asynccontextmanager
    async def broken(shop: Shop) -> AsyncGenerator[None]:
        async with AsyncExitStack() as stack:
            for each in breaks:
                await stack.enter_async_context(each(shop))
            yield

    return broken


KILLS = (
    Break("users", partial(_dead, service="users"), frozenset({"ServiceGone"})),
    Break("orders", partial(_dead, service="orders"), frozenset({"ServiceGone"})),
    Break("edge", partial(_dead, service="edge"), frozenset({"TargetDown"})),
    Break(
        "catalog, the place where calls are counted, and the collector of traces",
        _all(*(partial(_dead, service=name) for name in ("catalog", "limits", "collector"))),
        frozenset(
            {
                "ServiceGone",
                "PeerLeftAlone",
                "OrderPendingTooLong",
                "InvariantUnknown",
                "RateLimitsUncounted",
                "TelemetryDropped",
            }
        ),
    ),
    Break(
        "database",
        partial(_dead, service="database"),
        frozenset({"NotReady", "LoopFails", "ErrorsLogged", "FailuresBurnFast", "FailuresBurnSlowly"}),
    ),
)
"""Each container that runs, killed by itself or with others."""

STRAINS = (
    Break(
        "a locked table, a service without a processor, an order of a wrong total, another that was given up",
        _all(
            partial(_locked, service="catalog", table="products"),
            partial(_stammering, service="users"),
            partial(_changed, wrong="total_cents = total_cents + 1", right="total_cents = total_cents - 1"),
            partial(_changed, wrong="parked_at = now()", right="parked_at = NULL"),
        ),
        frozenset(
            {
                "DatabaseQueues",
                "EventLoopLags",
                "InvariantViolated",
                "OrdersParked",
                "SlownessBurnFast",
                "SlownessBurnSlowly",
            }
        ),
    ),
)
"""What goes wrong while everything runs."""
