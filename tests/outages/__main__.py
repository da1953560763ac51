"""`python -m tests.outages`: measure what calls cost when the service that is called is down, slow or odd."""

import asyncio
import sys
from argparse import ArgumentParser
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from statistics import quantiles
from time import perf_counter
from uuid import uuid4

from chassis.peers import Peers
from chassis.settings import ServiceSettings
from contracts.catalog.v2 import Catalog, ProductCards
from contracts.errors import NoAnswer
from contracts.examples import example_json
from contracts.users.v2 import Standing, Users
from pydantic import TypeAdapter

_MOODS = ("well", "down", "silent", "odd")
_HEAD = (
    "| the service called | breaker | calls | sent | sent per call | not sent at all"
    " | p50 ms | p99 ms | p99 ms of another service |\n|---|---|---|---|---|---|---|---|---|"
)


@dataclass
class Server:
    """Gives one answer, closes connections, keeps silent, or talks nonsense; counts what it is asked."""

    answer: object
    mood: str = "well"
    asked: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked += 1
        if self.mood == "silent":
            await self.over.wait()
        elif self.mood != "down":
            await reader.readuntil(b"\r\n\r\n")
            body = TypeAdapter(object).dump_json(self.answer) if self.mood == "well" else b'{"id": "'
            head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
            writer.write(head.encode() + b"connection: close\r\n\r\n" + body)
        writer.close()


def main() -> int:
    """Print a row for each kind of trouble."""
    parser = ArgumentParser(
        prog="python -m tests.outages", description=__doc__, epilog="example: python -m tests.outages --calls 2000"
    )
    parser.add_argument("--calls", type=int, default=1000, help="how many calls for each row (1000)")
    parser.add_argument("--at-once", type=int, default=60, help="how many of them at a time (60)")
    chosen = parser.parse_args()
    print(_HEAD)
    for mood in _MOODS:
        for has_breaker in (True,) if mood == "well" else (False, True):
            print(asyncio.run(measure(mood, has_breaker, chosen.calls, chosen.at_once)), flush=True)
    return 0


async def measure(mood: str, has_breaker: bool, calls: int, at_once: int) -> str:
    """Call a service in a mood, and one that is well beside it; return the row."""
    troubled, well = Server(example_json(Standing), mood), Server(example_json(ProductCards))
    async with on_a_port(troubled) as users_url, on_a_port(well) as catalog_url:
        least = 20 if has_breaker else 100_000
        settings = ServiceSettings(users_url=users_url, catalog_url=catalog_url, peer_failing_calls=least)
        peers = Peers.over_http(settings, _sign)
        users, catalog = peers.client(Users), peers.client(Catalog)
        over = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            beside = group.create_task(_until(over, lambda: catalog.get_products([uuid4()])))
            times = await _all(calls, at_once, lambda: users.get_standing(uuid4()))
            over.set()
        not_sent = calls + peers.lines["users"].budget.repeated - troubled.asked
        await peers.close()
    costs = (*_centiles(times), _centiles(beside.result())[1])
    shown = " | ".join(f"{cost * 1000:.0f}" if cost >= 0.01 else f"{cost * 1000:.2f}" for cost in costs)
    state = "on" if has_breaker else "off"
    return f"| {mood} | {state} | {calls} | {troubled.asked} | {troubled.asked / calls:.3f} | {not_sent} | {shown} |"


@asynccontextmanager
async def on_a_port(server: Server) -> AsyncGenerator[str]:
    async with await asyncio.start_server(server.meet, "127.0.0.1", 0, backlog=1000) as listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        server.over.set()


async def _all(calls: int, at_once: int, call: Callable[[], Awaitable[object]]) -> list[float]:
    """Make so many calls, so many at a time; return how long each took."""
    turns, times = asyncio.Semaphore(at_once), list[float]()

    async def one() -> None:
        async with turns:
            times.append(await _time(call))

    async with asyncio.TaskGroup() as group:
        for _ in range(calls):
            group.create_task(one())
    return times


async def _until(over: asyncio.Event, call: Callable[[], Awaitable[object]]) -> Sequence[float]:
    """Make one call after the other until it is over."""
    times = [await _time(call) for _ in range(2)]
    while not over.is_set():
        times.append(await _time(call))
    return times


async def _time(call: Callable[[], Awaitable[object]]) -> float:
    began = perf_counter()
    with suppress(NoAnswer):
        await call()
    return perf_counter() - began


def _centiles(times: Sequence[float]) -> tuple[float, float]:
    parts = quantiles(times, n=100)
    return parts[49], parts[98]


async def _sign(audience: str) -> str:
    return audience


if __name__ == "__main__":
    sys.exit(main())
