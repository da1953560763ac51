"""`python -m benchmarks.contenders.calling CLIENT URL AT_ONCE SECONDS`: call, and tell what it took."""

import asyncio
import json
import resource
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import uvloop
from chassis.context import begin
from chassis.peers import Peers
from chassis.settings import ServiceSettings
from chassis.wire import Wire
from contracts.client import HttpTransport
from contracts.orders.v2 import Orders, OrderView

__all__ = ["CLIENTS"]

Call = Callable[[], Awaitable[object]]

_HEADERS = {"Authorization": "Bearer token"}
_LINES = 5


@asynccontextmanager
async def _httpx(url: str) -> AsyncGenerator[Call]:
    async with httpx.AsyncClient(headers=_HEADERS) as http:

        async def call() -> object:
            return (await http.get(url)).raise_for_status().json()

        yield call


@asynccontextmanager
async def _httpx2(url: str) -> AsyncGenerator[Call]:
    import httpx2  # noqa: PLC0415 (nobody else needs it)

    async with httpx2.AsyncClient(headers=_HEADERS) as http:

        async def call() -> object:
            return (await http.get(url)).raise_for_status().json()

        yield call


@asynccontextmanager
async def _aiohttp(url: str) -> AsyncGenerator[Call]:
    import aiohttp  # noqa: PLC0415 (as above)

    async with aiohttp.ClientSession(headers=_HEADERS) as http:

        async def call() -> object:
            async with http.get(url) as answer:
                answer.raise_for_status()
                return await answer.json()

        yield call


@asynccontextmanager
async def _httpx_aiohttp(url: str) -> AsyncGenerator[Call]:
    from httpx_aiohttp import HttpxAiohttpClient  # noqa: PLC0415 (as above)

    async with HttpxAiohttpClient(headers=_HEADERS) as http:

        async def call() -> object:
            return (await http.get(url)).raise_for_status().json()

        yield call


@asynccontextmanager
async def _wire(url: str) -> AsyncGenerator[Call]:
    async with httpx.AsyncClient(transport=Wire(idle=4.0, keep=100), headers=_HEADERS) as http:

        async def call() -> object:
            return (await http.get(url)).raise_for_status().json()

        yield call


@asynccontextmanager
async def _contract(url: str) -> AsyncGenerator[Call]:
    async with httpx.AsyncClient() as http:
        orders = Orders(HttpTransport(http, base_url=_base(url), token="token"))  # noqa: S106 (nobody looks at it)
        yield lambda: orders.get_order(_order(url))


@asynccontextmanager
async def _peers(url: str) -> AsyncGenerator[Call]:
    async def token(peer: str) -> str:
        return "token"

    peers = Peers.over_http(ServiceSettings(orders_url=_base(url), peer_calls=1000), token)
    orders = peers.client(Orders)

    async def call() -> object:
        with begin("calling", 2.0):
            return await orders.get_order(_order(url))

    try:
        yield call
    finally:
        await peers.close()


CLIENTS: Mapping[str, Any] = {
    "httpx": _httpx,
    "httpx2": _httpx2,
    "aiohttp": _aiohttp,
    "httpx-aiohttp": _httpx_aiohttp,
    "wire": _wire,
    "contract": _contract,
    "peers": _peers,
}


async def _measure(kind: str, url: str, at_once: int, seconds: float) -> dict[str, float]:
    async with CLIENTS[kind](url) as call:
        await _all_at_once(call, at_once, 0.5)  # to open the connections
        cpu, began = time.process_time(), time.perf_counter()
        taken = sorted(await _all_at_once(call, at_once, seconds))
        return {
            "calls": len(taken),
            "seconds": time.perf_counter() - began,
            "cpu_seconds": time.process_time() - cpu,
            "p50": taken[len(taken) // 2] * 1000,
            "p99": taken[len(taken) * 99 // 100] * 1000,
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }


async def _all_at_once(call: Call, at_once: int, seconds: float) -> list[float]:
    end, taken = time.perf_counter() + seconds, list[float]()

    async def repeat() -> None:
        while (began := time.perf_counter()) < end:
            _check(await call())
            taken.append(time.perf_counter() - began)

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(repeat())
    return taken


def _check(order: Any) -> None:
    found: Sequence[object] = order.lines if isinstance(order, OrderView) else order["lines"]
    if len(found) != _LINES:
        raise ValueError(f"wanted an order of {_LINES} lines, found {order!r}")


def _base(url: str) -> str:
    return url.partition("/v2/")[0]


def _order(url: str) -> UUID:
    return UUID(url.rpartition("/")[2])


if __name__ == "__main__":
    client, where, parallel, duration = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(_measure(client, where, int(parallel), float(duration)))))
