"""Telling nobody: services whose collector and Sentry are not there answer as ever, and do not go on about it."""

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

    def lines(self) -> list[dict[str, object]]:
        """Stop the catalog, and read what it logged."""
        self.shop.stop("catalog")
        return [json.loads(line) for line in self.shop.log("catalog").read_text().splitlines()]


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
    answers = await lonely.ask("/v2/products", 300)

    lines = lonely.lines()
    assert answers == {200: 300}
    assert signals(lines) <= Counter(["traces", "errors"])  # a run of a loop may fail on a crowded machine
    assert libraries(lines) == set()


async def test_errors_that_nobody_takes_are_in_the_log_all_the_same(lonely: Lonely) -> None:
    database = Database.open(lonely.shop.databases["catalog"])
    await database.write(lambda tx: tx.execute(text("ALTER TABLE products RENAME TO gone")))
    await database.close()

    answers = await lonely.ask("/v2/products", 20)

    lines = lonely.lines()
    assert answers == {500: 20}
    assert [line["status"] for line in lines if line["event"] == "request"] == [500] * 20
    assert signals(lines) <= Counter(["traces", "errors"])
    assert libraries(lines) == set()
