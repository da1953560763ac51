"""How each thing that an alert watches is broken for real, and mended again."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from contracts.catalog.v2 import ProductQuery
from contracts.errors import NoAnswer

from .compose import execute
from .shop import Shop

__all__ = ["BEYOND", "KILLS", "STRAINS", "Break"]

Broken: TypeAlias = Callable[[Shop], AbstractAsyncContextManager[None]]

_STILL, _AWAKE = 0.5, 0.1  # seconds
_LOCKED = 1.2
_CROWD = 30


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
async def _again_and_again(do: Callable[[], Awaitable[None]], hands: int = 1) -> AsyncGenerator[None]:
    over = asyncio.Event()

    async def go_on() -> None:
        while not over.is_set():
            await do()

    async with asyncio.TaskGroup() as group:
        for _ in range(hands):
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


def _crowded(shop: Shop) -> AbstractAsyncContextManager[None]:
    """Have more people look at products at a time than the service has connections to its database."""

    async def browse() -> None:
        with suppress(NoAnswer):
            await shop.staff.catalog.list_products(ProductQuery())

    return _again_and_again(browse, _CROWD)


@asynccontextmanager
async def _changed(shop: Shop, wrong: str, right: str) -> AsyncGenerator[None]:
    """Have one order in a state that no code of ours would leave it in."""
    some = "WHERE id = (SELECT min(id::text)::uuid FROM orders WHERE status = 'confirmed')"
    await _say(shop, "orders", f"UPDATE orders SET {wrong} {some}")
    try:
        yield
    finally:
        await _say(shop, "orders", f"UPDATE orders SET {right} {some}")


@asynccontextmanager
async def _missing(shop: Shop, service: str, table: str) -> AsyncGenerator[None]:
    """Have a table under another name than the service knows."""
    await _say(shop, service, f"ALTER TABLE {table} RENAME TO {table}_elsewhere")
    try:
        yield
    finally:
        await _say(shop, service, f"ALTER TABLE {table}_elsewhere RENAME TO {table}")


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
        "catalog",
        partial(_dead, service="catalog"),
        frozenset({"ServiceGone", "PeerLeftAlone", "OrderPendingTooLong", "InvariantUnknown"}),
    ),
    Break("database", partial(_dead, service="database"), frozenset({"NotReady"})),
)
"""Each container that customers need, killed."""

STRAINS = (
    Break(
        "a table that many want is locked, orders are as no code leaves them, nobody counts or collects",
        _all(
            _crowded,
            partial(_locked, service="catalog", table="products"),
            partial(_changed, wrong="total_cents = total_cents + 1", right="total_cents = total_cents - 1"),
            partial(_changed, wrong="parked_at = now()", right="parked_at = NULL"),
            partial(_dead, service="limits"),
            partial(_dead, service="collector"),
        ),
        frozenset(
            {
                "DatabaseQueues",
                "InvariantViolated",
                "OrdersParked",
                "RateLimitsUncounted",
                "SlownessBurnFast",
                "SlownessBurnSlowly",
                "TelemetryDropped",
            }
        ),
    ),
    Break(
        "a table that is not there, and a service that hardly gets a processor",
        _all(partial(_missing, service="catalog", table="reservations"), partial(_stammering, service="users")),
        frozenset({"ErrorsLogged", "EventLoopLags", "FailuresBurnFast", "FailuresBurnSlowly"}),
    ),
)
"""What goes wrong while everything that customers need runs."""

BEYOND = frozenset({"LoopFails"})
"""A loop that fails rests for up to a minute, which no factor makes shorter: here it cannot fail often enough."""
