"""Probes: alive always, started once, ready while the database answers and no shutdown has begun."""

import anyio
import httpx
import pytest
from chassis.health import PROBES, Health
from contracts.errors import Unavailable
from fastapi import FastAPI

pytestmark = pytest.mark.anyio


class Database:
    """Answers, refuses or hangs."""

    def __init__(self) -> None:
        self.is_down = False
        self.hangs = False

    async def ping(self) -> None:
        if self.hangs:
            await anyio.sleep_forever()
        if self.is_down:
            raise Unavailable("out of reach")


async def probe(health: Health, path: str) -> tuple[int, str]:
    app = FastAPI()
    app.include_router(health.router())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        answer = await http.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, answer.json()["status"]


async def test_before_start_up_is_done_a_service_lives_and_no_more() -> None:
    health = Health(Database().ping)

    answers = [await probe(health, path) for path in PROBES]

    assert answers == [(200, "alive"), (503, "starting"), (503, "starting")]


async def test_after_start_up_a_service_is_ready() -> None:
    health = Health(Database().ping)
    health.start()

    answers = [await probe(health, path) for path in PROBES]

    assert answers == [(200, "alive"), (200, "ready"), (200, "started")]


async def test_without_its_database_a_service_lives_but_is_not_ready_until_it_is_back() -> None:
    database = Database()
    health = Health(database.ping)
    health.start()

    database.is_down = True
    during = [await probe(health, path) for path in PROBES]
    database.is_down = False
    after = await probe(health, "/readyz")

    assert during == [(200, "alive"), (503, "database unreachable"), (200, "started")]
    assert after == (200, "ready")


async def test_a_database_that_hangs_is_not_waited_for() -> None:
    database = Database()
    database.hangs = True
    health = Health(database.ping, patience=0)
    health.start()

    answer = await probe(health, "/readyz")

    assert answer == (503, "database unreachable")


async def test_once_shutdown_begins_a_service_is_not_ready() -> None:
    health = Health(Database().ping)
    health.start()
    health.stop()

    answers = [await probe(health, path) for path in PROBES]

    assert answers == [(200, "alive"), (503, "stopping"), (200, "started")]


async def test_whoever_waits_for_the_shutdown_hears_of_it() -> None:
    health = Health(Database().ping)
    heard: list[bool] = []

    async def listen() -> None:
        await health.stopping()
        heard.append(health.is_stopping)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(listen)
        await anyio.wait_all_tasks_blocked()
        assert heard == []
        health.stop()

    assert heard == [True]


def test_no_document_lists_the_probes() -> None:
    app = FastAPI()
    app.include_router(Health(Database().ping).router())

    assert app.openapi()["paths"] == {}
