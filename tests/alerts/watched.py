"""The real services under a light load, and a real Prometheus that scrapes them, with quick alerts."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from demo.shop import Shop
from observe.customers import serve_customers
from observe.live import open_watched_shop
from observe.prometheus import Prometheus, open_prometheus

from .programs import find

__all__ = ["FACTOR", "PASSWORD", "Watched", "until", "watch"]

FACTOR = 1 / 150
"""An hour is 24 seconds, five minutes are two."""

PASSWORD = "known-to-this-test"

_SETTINGS = {
    "CONCORD_RETRY_LONGEST_SECONDS": "1",
    "CONCORD_INVARIANTS_SECONDS": "0.5",
    "CONCORD_PEER_FAILING_CALLS": "4",
}
_PATIENCE = 90.0  # seconds
_PAUSE = 0.2


@dataclass(frozen=True)
class Watched:
    """All that a test can act on."""

    shop: Shop
    prometheus: Prometheus
    http: httpx.AsyncClient

    async def firing(self) -> set[str]:
        """Name the alerts that fire, but for those of loads that a machine of tests is too slow for."""
        return {alert["alertname"] for alert in await self.prometheus.firing()} - _OF_SLOW_MACHINES

    async def await_alerts(self, wanted: Callable[[set[str]], bool]) -> None:
        """Wait until the alerts that fire are as wanted; where they never are, say which do."""

        async def are_as_wanted() -> bool:
            return wanted(await self.firing())

        try:
            await until(are_as_wanted)
        except TimeoutError:
            pytest.fail(f"other alerts should fire; these do: {await self.prometheus.firing()}")


_OF_SLOW_MACHINES = {"SlownessBurnFast", "SlownessBurnSlowly", "EventLoopLags", "DatabaseQueues"}


@asynccontextmanager
async def watch(**settings: str) -> AsyncGenerator[Watched]:
    """Start all of it, with further settings for the services."""
    binary = find("prometheus")
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        opening = open_watched_shop(folder, http, PASSWORD, {**_SETTINGS, **settings})
        shop, targets = await stack.enter_async_context(opening)
        prometheus = await stack.enter_async_context(open_prometheus(binary, folder, targets, http, FACTOR))
        coming = asyncio.create_task(serve_customers(http, shop.urls, PASSWORD))
        yield Watched(shop, prometheus, http)
        coming.cancel()
        await asyncio.wait({coming})


async def until(found: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so; raises TimeoutError where it never is."""
    async with asyncio.timeout(_PATIENCE):
        while not await found():  # noqa: ASYNC110 (what is waited for happens in other processes)
            await asyncio.sleep(_PAUSE)
