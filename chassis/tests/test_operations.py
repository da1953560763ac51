"""The operations port: what those who operate a service learn there, and what they can change."""

import json
import logging
import os
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

import httpx
import pytest
import structlog
from chassis.app import create_app
from chassis.database import Database
from chassis.health import Health
from chassis.logging import configure
from chassis.loops import Loop
from chassis.operations import operations
from chassis.peers import Peers
from chassis.telemetry.metrics import Metrics
from chassis.testing import Issuer, running
from fastapi import FastAPI

from .toyshop import Shelf, build, new, old, settings

pytestmark = pytest.mark.anyio

OUT_OF_REACH = "postgresql://nobody:a-password-that-leaks@127.0.0.1:1/nowhere"


@pytest.fixture
def app(tmp_path: Path, toy_schema: str) -> FastAPI:
    loop = Loop("tidy_up", 3600, tidy_up)
    return build(settings(tmp_path, commit="c0ffee"), Issuer(settings(tmp_path)), Shelf(), toy_schema, (loop,))


async def tidy_up() -> None:
    """Do nothing, again and again."""


@pytest.fixture
async def ops(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with running(app), asking(app) as ops:
        yield ops


@asynccontextmanager
async def asking(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app.state.operations)
    async with httpx.AsyncClient(transport=transport, base_url="http://operations") as ops:
        yield ops


@pytest.fixture
def leave_logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers, root.level)
    yield
    structlog.reset_defaults()
    root.handlers, root.level = before


async def test_all_that_can_be_asked_is_listed(ops: httpx.AsyncClient) -> None:
    index = (await ops.get("/")).text

    paths = index.partition(";")[0].split()[1:]

    assert paths == ["/metrics", "/livez", "/readyz", "/startupz", "/info", "/loggers", "/stacks"]
    assert {(await ops.get(path)).status_code for path in paths} == {200}


async def test_health_tells_each_check_here_and_only_here(app: FastAPI, ops: httpx.AsyncClient) -> None:
    ready = (await ops.get("/readyz")).json()

    inside = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=inside, base_url="http://toys") as http:
        public = (await http.get("/readyz")).json()

    assert ready["status"] == "ready"
    assert {check["name"]: check["passed"] for check in ready["checks"]} == {
        "started": True,
        "not stopping": True,
        "database": True,
    }
    assert public == {"status": "ready"}


async def test_a_service_that_is_not_there_yet_says_so(app: FastAPI) -> None:
    async with asking(app) as ops:
        answers = {path: await ops.get(path) for path in ("/livez", "/startupz", "/readyz")}

    assert {path: answer.status_code for path, answer in answers.items()} == {
        "/livez": 200,
        "/startupz": 503,
        "/readyz": 503,
    }
    assert answers["/startupz"].json() == {"status": "starting"}


async def test_a_database_out_of_reach_is_named_with_the_time_that_it_took() -> None:
    database = Database.open(OUT_OF_REACH)
    health = Health(database.ping)
    health.start()

    transport = httpx.ASGITransport(operations(Metrics(), health))
    async with httpx.AsyncClient(transport=transport, base_url="http://operations") as ops:
        answer = await ops.get("/readyz")
        started = await ops.get("/startupz")
        info = await ops.get("/info")
    await database.close()

    (failed,) = [check for check in answer.json()["checks"] if not check["passed"]]
    assert (answer.status_code, started.status_code, failed["name"]) == (503, 200, "database")
    assert failed["seconds"] > 0
    assert info.json() == {}


async def test_the_state_of_the_peers_is_shown_and_decides_nothing(tmp_path: Path, toy_schema: str) -> None:
    where = settings(tmp_path)
    app = create_app(
        where,
        title="Toys",
        routers=(old, new),
        database=Database.open(where.database_url.get_secret_value()),
        migrations=toy_schema,
        keys=Issuer(where).keys,
        peers=Peers.over_http(where),
        provides=(Shelf(),),
    )

    async with running(app), asking(app) as ops:
        answer = await ops.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["peers"]["users"] == {"breaker": "closed", "calls": 0, "waiting": 0}


async def test_a_service_tells_what_it_is_made_of(ops: httpx.AsyncClient) -> None:
    info = (await ops.get("/info")).json()

    assert info["service"] == {"name": "catalog", "version": version("concord-catalog"), "commit": "c0ffee"}
    assert info["process"]["pid"] == os.getpid()
    assert info["process"]["uptime_seconds"] > 0
    assert info["dependencies"]["concord-catalog"] == version("concord-catalog")
    assert info["loops"] == [{"loop": "tidy_up", "every_seconds": 3600}]
    assert info["migrations"] == {"known": [], "current": None, "applied": []}


async def test_a_service_tells_what_it_serves(ops: httpx.AsyncClient) -> None:
    info = (await ops.get("/info")).json()

    served = {contract["contract"]: contract for contract in info["contracts"]}
    assert list(served) == ["catalog.v1", "catalog.v2", "catalog.wishes"]
    assert (served["catalog.v1"]["deprecated"], served["catalog.v2"]["deprecated"]) == (
        "2026-06-01T00:00:00+00:00",
        None,
    )
    assert {
        "operation": "catalog.v2.make_toy",
        "method": "POST",
        "path": "/v2/toys",
        "scope": "catalog:admin",
    } in served["catalog.v2"]["operations"]


async def test_settings_are_told_without_their_secrets(tmp_path: Path, toy_schema: str) -> None:
    told = settings(tmp_path, cursor_secret="a-secret-of-cursors-that-leaks", otlp_endpoint="http://me:leak@collector")
    app = build(told, Issuer(told), Shelf(), toy_schema)

    async with running(app), asking(app) as ops:
        answer = await ops.get("/info")

    said = answer.json()["settings"]
    assert "leak" not in answer.text
    assert said["CONCORD_CURSOR_SECRET"] == {"value": "***", "is_default": False}
    assert said["CONCORD_OTLP_ENDPOINT"]["value"] == "http://***@collector"
    assert said["CONCORD_PEER_SECONDS"] == {"value": 2.0, "is_default": True}


async def test_what_the_database_cannot_say_is_left_open(tmp_path: Path, toy_schema: str) -> None:
    told = settings(tmp_path, database_url=OUT_OF_REACH)
    app = build(told, Issuer(told), Shelf(), toy_schema)

    async with asking(app) as ops:
        answer = await ops.get("/info")

    assert answer.json()["migrations"] == {"known": [], "current": None, "applied": None}
    assert "leaks" not in answer.text


@pytest.mark.usefixtures("leave_logging_as_it_was")
async def test_the_level_of_logs_is_changed_while_the_service_runs(
    ops: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("info", "json", "toys")
    ours, library = structlog.get_logger(), logging.getLogger("somebody.else")

    for level in ("debug", "warning"):
        changed = await ops.put("/loggers", json={"level": level})
        ours.debug("details", status=1)
        library.debug("details of a library")
        ours.info("news", status=2)
        assert changed.json() == (await ops.get("/loggers")).json() == {"level": level}

    events = [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()]
    assert [event for event in events if event != "log_level_changed"] == ["details", "details of a library", "news"]
    assert events.count("log_level_changed") == 2


@pytest.mark.parametrize("body", ['{"level": "verbose"}', '{"level": "debug", "for": "me"}', "debug", ""])
async def test_a_level_that_there_is_not_is_refused(ops: httpx.AsyncClient, body: str) -> None:
    answer = await ops.put("/loggers", content=body)

    assert answer.status_code == 400
    assert answer.json()["error"].startswith('Wanted {"level": "debug"}, or info, warning or error there')


async def test_stacks_tell_where_tasks_and_threads_are(ops: httpx.AsyncClient) -> None:
    told = (await ops.get("/stacks")).text

    assert "Task tidy_up:" in told
    assert "Current thread" in told
    assert "in _go_on" in told
