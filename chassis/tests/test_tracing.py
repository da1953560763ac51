"""Traces: what is recorded of requests, units of work, calls and loops, and that a real collector gets it."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import structlog
from chassis.context import begin
from chassis.database import Database
from chassis.ids import new_id
from chassis.logging import configure
from chassis.loops import Loop
from chassis.peers import Peers
from chassis.spans import Span, recording
from chassis.testing import Issuer, running
from chassis.testing_telemetry import Collector, listening
from chassis.tracing import TracedTransport
from contracts.errors import ApiError, ContractViolated, Unreachable
from contracts.scopes import Scope
from contracts.stub import StubTransport
from contracts.users.errors import UserNotFound
from contracts.users.v2 import Users
from fastapi import FastAPI
from sqlalchemy import Connection, text
from structlog.testing import capture_logs

from .peer import Peer
from .peer import listening as peer_listening
from .toyshop import Shelf, build, settings

pytestmark = pytest.mark.anyio

SAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
UNSAMPLED = SAMPLED[:-1] + "0"
NEVER = 1e6


@dataclass
class Notebook:
    """Records in memory, a trace or none."""

    is_open: bool = True
    spans: list[Span] = field(default_factory=list[Span])

    def samples(self, trace_id: str) -> bool:
        return self.is_open

    def record(self, span: Span) -> None:
        self.spans.append(span)


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
def collector() -> Generator[Collector]:
    collector = Collector()
    with listening(collector):
        yield collector


@pytest.fixture
def logging_in_json() -> Generator[None]:
    root = logging.getLogger()
    before = (root.handlers, root.level)
    configure("info", "json", "toys")
    yield
    structlog.reset_defaults()
    root.handlers, root.level = before


@dataclass
class Toys:
    """Runs the toy shop with a collector, once for each block."""

    folder: Path
    schema: str
    collector: Collector
    issuer: Issuer

    @asynccontextmanager
    async def open(self, *loops: Loop, **changes: object) -> AsyncGenerator[httpx.AsyncClient]:
        told = settings(self.folder, **{"otlp_endpoint": self.collector.url, "trace_ratio": 1} | changes)
        async with running(build(told, self.issuer, Shelf(), self.schema, loops)) as app, _client(app) as http:
            yield http


def _client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://toys")


@pytest.fixture
def toys(tmp_path: Path, toy_schema: str, collector: Collector) -> Toys:
    return Toys(tmp_path, toy_schema, collector, Issuer(settings(tmp_path)))


async def test_a_request_is_a_span_named_for_its_operation(toys: Toys) -> None:
    async with toys.open() as http:
        await http.get("/v2/toys/bear?token=canary", headers={"traceparent": SAMPLED})

    (span,) = toys.collector.spans
    assert (span.service, span.name, span.kind) == ("catalog", "catalog.v2.get_toy", "server")
    assert (span.trace_id, span.parent_id) == ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
    assert span.attributes == {
        "http.request.method": "GET",
        "http.route": "/v2/toys/{name}",
        "http.response.status_code": 200,
        "concord.operation": "catalog.v2.get_toy",
    }
    assert not span.has_failed
    assert "canary" not in toys.collector.text


async def test_a_span_has_the_ids_that_the_answer_says(toys: Toys) -> None:
    async with toys.open() as http:
        answer = await http.get("/v2/toys/bear")

    (span,) = toys.collector.spans
    assert answer.headers["traceparent"] == f"00-{span.trace_id}-{span.span_id}-03"
    assert span.parent_id is None


async def test_the_access_line_of_a_request_has_the_ids_of_its_span_and_says_who_called(
    toys: Toys, capsys: pytest.CaptureFixture[str], logging_in_json: None
) -> None:
    account = new_id()

    async with toys.open() as http:
        token = toys.issuer.person(Scope.ORDERS_READ, account=account)
        await http.post("/v2/toys", headers={"authorization": f"Bearer {token}"}, json={"name": "Bear", "left": 1})

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (line,) = [line for line in lines if line["event"] == "request" and line["method"] == "POST"]
    (span,) = [span for span in toys.collector.spans if span.name == "catalog.v2.make_toy"]
    assert (line["trace_id"], line["span_id"]) == (span.trace_id, span.span_id)
    assert (line["operation"], line["principal"], line["client_id"]) == ("make_toy", str(account), "shop")
    assert line["duration_ms"] >= span.seconds * 1000


async def test_what_no_operation_answers_is_a_span_without_its_path(toys: Toys) -> None:
    async with toys.open() as http:
        await http.request("BREW", "/canary")

    (span,) = toys.collector.spans
    assert span.name == "_OTHER"
    assert span.attributes == {"http.request.method": "_OTHER", "http.response.status_code": 404}
    assert "canary" not in toys.collector.text


@pytest.mark.parametrize(
    ("path", "error"),
    [("/v2/toys/bug", "ZeroDivisionError"), ("/v2/toys/undeclared", "ToyBroken"), ("/v2/toys/wrong", None)],
)
async def test_a_span_of_what_failed_names_the_error_and_not_its_message(
    toys: Toys, path: str, error: str | None
) -> None:
    async with toys.open() as http:
        await http.get(path)

    (span,) = toys.collector.spans
    assert span.has_failed
    assert span.attributes["http.response.status_code"] == 500
    assert span.attributes["error.type"] == error or error is None


async def test_a_refusal_is_no_failure_of_ours(toys: Toys) -> None:
    async with toys.open() as http:
        await http.get("/v2/toys/nobody")

    (span,) = toys.collector.spans
    assert span.attributes["http.response.status_code"] == 404
    assert not span.has_failed


async def test_whoever_began_the_trace_has_decided_whether_it_is_recorded(toys: Toys) -> None:
    async with toys.open() as http:
        await http.get("/v2/toys/bear", headers={"traceparent": UNSAMPLED})
    async with toys.open(trace_ratio=0) as http:
        answer = await http.get("/v2/toys/bear")
        await http.get("/v2/toys/bear", headers={"traceparent": SAMPLED})

    assert answer.headers["traceparent"].endswith("-02")
    assert [span.trace_id for span in toys.collector.spans] == ["0af7651916cd43dd8448eb211c80319c"]


async def test_what_probes_ask_is_not_recorded(toys: Toys) -> None:
    async with toys.open() as http:
        await http.get("/livez", headers={"traceparent": SAMPLED})

    assert toys.collector.spans == []


async def test_without_a_collector_nothing_is_recorded(toys: Toys) -> None:
    async with toys.open(otlp_endpoint=None) as http:
        answer = await http.get("/v2/toys/bear")

    assert answer.headers["traceparent"].endswith("-02")
    assert toys.collector.bodies == []


async def test_each_run_of_a_loop_is_a_trace_of_its_own(toys: Toys) -> None:
    ran = asyncio.Event()

    async def run() -> None:
        ran.set()

    async with toys.open(Loop("tidy_up", NEVER, run)):
        await ran.wait()

    (span,) = toys.collector.spans
    assert (span.name, span.kind, span.parent_id) == ("tidy_up", "internal", None)
    assert span.attributes == {"concord.operation": "tidy_up"}


async def test_a_run_that_fails_is_a_failed_span(notebook: Notebook) -> None:
    failed = asyncio.Event()

    async def run() -> None:
        failed.set()
        raise ZeroDivisionError

    with recording(notebook), capture_logs() as lines:
        async with Loop("tidy_up", NEVER, run):
            await failed.wait()

    (span,) = notebook.spans
    assert span.error == "ZeroDivisionError"
    assert [line["event"] for line in lines] == ["loop_run_failed"]


async def test_work_that_raises_is_a_failed_span(notebook: Notebook) -> None:
    with recording(notebook), pytest.raises(ZeroDivisionError), begin("recover"):
        raise ZeroDivisionError

    (span,) = notebook.spans
    assert (span.name, span.error) == ("recover", "ZeroDivisionError")


async def test_a_unit_of_work_is_a_span_that_says_how_long_it_waited(database: Database, notebook: Notebook) -> None:
    database.trace()

    with recording(notebook), begin("recover") as work:
        await database.write(lambda tx: tx.execute(text("CREATE TABLE toys (name TEXT)")))
        await database.read(lambda tx: tx.execute(text("SELECT 1")))
        await database.glance(lambda tx: tx.execute(text("SELECT 1")))
    await database.glance(lambda tx: tx.execute(text("SELECT 1")))  # that nobody asked to record

    write, read, glance, whole = notebook.spans
    assert (write.name, read.name, glance.name) == ("database write", "database read", "database read")
    assert whole.name == "recover"
    assert {write.trace.parent_id, read.trace.parent_id, glance.trace.parent_id} == {work.trace.span_id}
    assert write.attributes["db.system.name"] == database.dialect
    assert 0 <= float(write.attributes["concord.unit.wait_seconds"]) <= write.seconds


async def test_a_unit_that_fails_is_a_failed_span(database: Database, notebook: Notebook) -> None:
    database.trace()

    def fail(tx: Connection) -> None:
        raise ZeroDivisionError

    with recording(notebook), begin("recover"), pytest.raises(ZeroDivisionError):
        await database.read(fail)

    assert notebook.spans[0].error == "ZeroDivisionError"


async def test_units_outside_of_a_recorded_trace_are_only_run(database: Database, notebook: Notebook) -> None:
    database.trace()
    notebook.is_open = False

    await database.read(lambda tx: tx.execute(text("SELECT 1")))
    with recording(notebook), begin("recover"):
        await database.glance(lambda tx: tx.execute(text("SELECT 1")))
        await database.read(lambda tx: tx.execute(text("SELECT 1")))
        await database.write(lambda tx: tx.execute(text("SELECT 1")))

    assert notebook.spans == []


async def test_a_call_to_a_peer_is_a_span_and_the_peers_parent(tmp_path: Path, notebook: Notebook) -> None:
    peer = Peer(Users.get_standing)

    async def token(resource: str) -> str:
        return "canary"

    async with peer_listening(peer) as url:
        peers = Peers.over_http(settings(tmp_path, users_url=url), token)
        with recording(notebook), begin("recover") as work:
            await peers.client(Users).get_standing(uuid4())
        await peers.close()

    call, _ = notebook.spans
    _, headers, _ = peer.asked[0]
    assert headers["traceparent"] == call.trace.traceparent
    assert (call.name, call.trace.parent_id) == ("users.v2.get_standing", work.trace.span_id)
    assert call.attributes == {
        "http.request.method": Users.get_standing.method,
        "url.template": Users.get_standing.path,
        "http.response.status_code": 200,
        "peer.service": "users",
        "concord.operation": "users.v2.get_standing",
    }


async def test_a_call_in_a_trace_that_nobody_records_carries_the_trace_on(notebook: Notebook) -> None:
    stub = StubTransport()
    notebook.is_open = False

    with recording(notebook), begin("recover"):
        await Users(TracedTransport("users", stub)).get_standing(uuid4())

    assert notebook.spans == []


def _answered(error: ContractViolated) -> ContractViolated:
    error.answered = 502
    return error


@pytest.mark.parametrize(
    ("error", "status"),
    [(UserNotFound("nobody"), 404), (Unreachable("silence"), None), (_answered(ContractViolated("nonsense")), 502)],
)
async def test_a_call_that_fails_is_a_failed_span_with_the_status_that_was_answered(
    notebook: Notebook, error: ApiError, status: int | None
) -> None:
    stub = StubTransport()
    stub.refuse(Users.get_standing, error)

    with recording(notebook), begin("recover"), pytest.raises(type(error)):
        await Users(TracedTransport("users", stub)).get_standing(uuid4())

    call = notebook.spans[0]
    assert call.error == type(error).__name__
    assert call.attributes.get("http.response.status_code") == status
