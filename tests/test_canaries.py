"""Secrets stay secret: canaries in all that is sent to running services are in no log and in no refusal."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from chassis.database import Database
from chassis.testing_postgres import PostgresCluster
from chassis.testing_telemetry import Collector, SentryServer, listening
from contracts.codec import WireRequest
from contracts.examples import example_json
from contracts.tools.apis import apis
from contracts.users.v2 import NewUser
from sqlalchemy import text

from .doors.canaries import Canaries
from .fuzzing.services import Shop, open_shop

pytestmark = [pytest.mark.anyio, pytest.mark.crowd]

NAMES = ("users", "catalog", "orders")
OPERATIONS = [op for api in apis().values() for op in api.operations()]
OPERATIONS_PORT = ("/metrics", "/info", "/readyz", "/stacks")
EMAIL, PASSWORD = (str(example_json(NewUser)[name]) for name in ("email", "password"))
ECHOED = re.compile(
    r" path | name beside$| header (content-type|if-match|idempotency-key)$"
    r"| body .*/(email|sku)$| form (grant_type|scope|resource)$"
)
"""What a refusal may repeat to who sent it: the path, as RFC 9457 has it, and what it is about. No log may."""


@dataclass
class Told:
    """All that the services told, and what they must not tell."""

    shop: Shop
    http: httpx.AsyncClient
    canaries: Canaries
    collector: Collector
    sentry: SentryServer
    refusals: list[str] = field(default_factory=list[str])
    statuses: set[int] = field(default_factory=set[int])

    def logs(self) -> str:
        return self.shop.complaints()

    def telemetry(self) -> str:
        """Stop the services, which sends what is still unsent, and read all that they sent."""
        for name in NAMES:
            self.shop.stop(name)
        return self.collector.text + self.sentry.text

    async def send(self, service: str, request: WireRequest, token: str | None = None) -> httpx.Response:
        headers = [(name.encode(), value.encode()) for name, value in request.headers.items()]
        if token and "authorization" not in request.headers:
            headers.append((b"authorization", f"Bearer {token}".encode()))
        answer = await self.http.request(
            request.method,
            self.shop.url(service) + request.path,
            params=httpx.QueryParams(tuple(request.query)),
            headers=headers,
            content=request.content,
        )
        self.statuses.add(answer.status_code)
        if not answer.is_success:
            self.refusals.append(f"{answer.headers} {answer.text}")
        return answer

    async def ask_operations(self, service: str, path: str) -> str:
        """Read what is told on the operations port, where the service has logged that it is."""
        lines = [json.loads(line) for line in self.shop.log(service).read_text().splitlines() if line.startswith("{")]
        (url,) = [line["url"] for line in lines if line["event"] == "operations_listening"]
        return (await self.http.get(url + path)).raise_for_status().text

    async def sign_in(self) -> str:
        form = {"grant_type": "password", "username": EMAIL, "password": PASSWORD}
        url = f"{self.shop.url('users')}/oauth/token"
        while True:
            answer = await self.http.post(url, data=form)
            if answer.status_code != 503:  # a crowded machine had no time
                return answer.raise_for_status().json()["access_token"]
            await asyncio.sleep(0.1)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[dict[str, str]]:
    if request.param == "sqlite":
        yield {name: f"sqlite:///{tmp_path / name}.db" for name in NAMES}
        return
    cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
    made = {name: cluster.make_database(f"{name}/migrations") for name in NAMES}
    yield {name: cluster.url(database) for name, database in made.items()}
    for database in made.values():
        cluster.drop_database(database)


@pytest.fixture
async def told(databases: dict[str, str], tmp_path: Path) -> AsyncGenerator[Told]:
    """Services as they are in production, where what they must keep to themselves are canaries too."""
    canaries, collector, sentry = Canaries(), Collector(), SentryServer()
    secret = canaries.new("the services' secret at the token endpoint")
    settings = {
        "CONCORD_ENV": "production",
        "CONCORD_LOG_LEVEL": "debug",
        "CONCORD_SEED_PASSWORD": "",
        "CONCORD_CLIENT_SECRET": secret,
        "CONCORD_CATALOG_CLIENT_SECRET": secret,
        "CONCORD_ORDERS_CLIENT_SECRET": secret,
        "CONCORD_CURSOR_SECRET": canaries.new("the secret of cursors"),
    }
    with listening(collector), listening(sentry):
        settings |= {"CONCORD_OTLP_ENDPOINT": collector.url, "CONCORD_SENTRY_DSN": sentry.dsn}
        with open_shop(tmp_path, databases, CONCORD_TRACE_RATIO="1", **settings) as shop:
            async with httpx.AsyncClient(timeout=60) as http:
                yield Told(shop, http, canaries, collector, sentry)


async def test_nothing_that_is_sent_is_logged_or_repeated_in_a_refusal(told: Told) -> None:
    token = await told.sign_in()
    told.canaries.planted[token] = "a token that was handed out"

    for op in OPERATIONS:
        for planted in told.canaries.requests(op):
            await told.send(op.api.service, planted.request, token)

    operators_see = "\n".join([await told.ask_operations(name, path) for name in NAMES for path in OPERATIONS_PORT])
    shown = told.canaries.found_in("\n".join(told.refusals))
    assert told.canaries.found_in(told.telemetry()) == []
    assert told.canaries.found_in(operators_see) == []
    assert "http_server_request_duration_seconds_count" in operators_see
    assert told.canaries.found_in(told.logs()) == []
    assert {"users", "catalog", "orders"} == {span.service for span in told.collector.spans}
    assert [where for where in shown if not ECHOED.search(where)] == []
    assert {200, 201, 400, 401, 403, 404, 422} <= told.statuses


async def test_nothing_that_is_sent_is_logged_when_a_service_fails(told: Told, databases: dict[str, str]) -> None:
    await rename(databases["users"], "accounts", "gone")
    name = {"given": told.canaries.new("a name"), "family": told.canaries.new("another name")}
    email = f"{told.canaries.new('an address')}@example.com"
    new = {"email": email, "name": name, "password": told.canaries.new("a password")}
    request = WireRequest("POST", "/v2/users", [], {"content-type": "application/json"}, json.dumps(new).encode())

    answer = await told.send("users", request)

    assert answer.status_code == 500
    assert "unhandled_error" in told.logs()
    assert told.canaries.found_in(told.logs()) == []
    assert told.canaries.found_in(answer.text) == []
    assert told.canaries.found_in(told.telemetry()) == []
    assert "register" in {event["tags"]["operation"] for event in told.sentry.events}


async def rename(url: str, table: str, new: str) -> None:
    """Let a service's SQL fail, behind its back."""
    database = Database.open(url)
    await database.write(lambda tx: tx.execute(text(f"ALTER TABLE {table} RENAME TO {new}")))
    await database.close()
