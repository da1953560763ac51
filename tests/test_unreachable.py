"""Telling nobody: services whose collector and Sentry are not there answer as ever, and do not go on about it."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_server

import httpx
import pytest
from chassis.database import Database
from sqlalchemy import text

from .fuzzing.services import Shop, open_shop

pytestmark = pytest.mark.anyio

REFUSED = "127.0.0.1:9"
_PATIENCE = 60.0  # seconds
_PAUSE = 0.1


@contextmanager
def silent() -> Generator[str]:
    """Take connections, and say nothing."""
    with create_server(("127.0.0.1", 0), backlog=1000) as listener:
        yield f"127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def refusing() -> Generator[str]:
    yield REFUSED


@dataclass(frozen=True)
class Lonely:
    """A shop that nobody listens to."""

    shop: Shop
    http: httpx.AsyncClient

    async def ask(self, path: str, times: int) -> Counter[int]:
        """Ask the catalog for something, and count the answers by status."""
        url = self.shop.url("catalog") + path
        return Counter([(await self.http.get(url)).status_code for _ in range(times)])

    async def ask_until_told(self, path: str, *lost: str) -> Counter[int]:
        """Ask until it is said that something was lost of these signals, and as often again after that."""
        answers = await self.ask(path, 20)
        async with asyncio.timeout(_PATIENCE):
            while not signals(self.lines()).keys() >= set(lost):
                answers += await self.ask(path, 1)
                await asyncio.sleep(_PAUSE)
        return answers + await self.ask(path, answers.total())

    def lines(self) -> list[dict[str, object]]:
        """Read what the catalog has logged, but for a line that is still being written."""
        whole, _, _ = self.shop.log("catalog").read_text().rpartition("\n")
        return [json.loads(line) for line in whole.splitlines()]

    def last_lines(self) -> list[dict[str, object]]:
        """Stop the catalog, and read all that it logged."""
        self.shop.stop("catalog")
        return self.lines()


def signals(lines: list[dict[str, object]]) -> Counter[object]:
    """Count the complaints about each signal."""
    return Counter(line["signal"] for line in lines if line["event"] == "telemetry_dropped")


def libraries(lines: list[dict[str, object]]) -> set[object]:
    """Name the libraries that have something to say."""
    return {line["logger"] for line in lines if "logger" in line}


@pytest.fixture(params=[refusing, silent])
async def lonely(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Lonely]:
    with request.param() as place:
        settings = {
            "CONCORD_OTLP_ENDPOINT": f"http://{place}",
            "CONCORD_TRACE_RATIO": "1",
            "CONCORD_SENTRY_DSN": f"http://key@{place}/1",
            "CONCORD_LOG_LEVEL": "warning",
        }
        with open_shop(tmp_path, None, **settings) as shop:
            async with httpx.AsyncClient(timeout=60) as http:
                yield Lonely(shop, http)


async def test_a_service_that_nobody_listens_to_answers_and_complains_once(lonely: Lonely) -> None:
    answers = await lonely.ask_until_told("/v2/products", "traces")

    lines = lonely.last_lines()
    assert answers.keys() == {200}
    assert signals(lines)["traces"] == 1
    assert signals(lines) <= Counter(["traces", "errors"])  # a run of a loop may fail on a crowded machine
    assert libraries(lines) == set()


async def test_errors_that_nobody_takes_are_in_the_log_all_the_same(lonely: Lonely) -> None:
    database = Database.open(lonely.shop.databases["catalog"])
    await database.write(lambda tx: tx.execute(text("ALTER TABLE products RENAME TO gone")))
    await database.close()

    answers = await lonely.ask_until_told("/v2/products", "traces", "errors")

    lines = lonely.last_lines()
    assert answers.keys() == {500}
    assert [line["status"] for line in lines if line["event"] == "request"] == [500] * answers.total()
    assert signals(lines) == Counter(["traces", "errors"])
    assert libraries(lines) == set()
