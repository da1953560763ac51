"""The telemetry contract: what is declared is told in a real run of the three services, and nothing else is."""

import ast
import asyncio
import io
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from chassis.health import PROBES
from chassis.telemetry.events import EVERY_LINE, EVERY_REQUEST, ON_FAILURE
from chassis.telemetry.instruments import Instrument
from chassis.telemetry.labels import operation_label
from chassis.telemetry.steps import STEPS, Step
from chassis.testing_telemetry import Collector, SeenSpan, listening
from contracts.examples import example_json
from contracts.tools.apis import apis
from contracts.users.v2 import NewUser
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console

from demo.customer import Customer
from demo.journey import travel
from demo.ports import free_ports
from demo.shop import NAMES, Shop, open_shop
from demo.transcript import Transcript
from demo.visit import Visit

from .sources import SERVICES, modules
from .telemetry import LIBRARY, PAGE, declared_events, declared_metrics, page

T = TypeVar("T")

pytestmark = pytest.mark.crowd

SUFFIXES = {"counter": ("",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
RARE = {
    "concord_rate_limit_refusals_total",  # nobody asked too often
    "concord_telemetry_dropped_total",
    "concord_deprecated_requests_total",
    "concord_idempotency_replays_total",
    "http_client_request_duration_seconds",
}
"""Figures without samples until something happens that does not happen to every service on this day."""

SETTINGS = {
    "CONCORD_LOG_LEVEL": "debug",
    "CONCORD_PEER_SECONDS": "10",
    "CONCORD_RETRY_LONGEST_SECONDS": "1",
    "CONCORD_INCLUDE_SECONDS": "5",
    "CONCORD_SHUTDOWN_SECONDS": "5",
}

Line = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """What the services told on a day in the shop."""

    metrics: dict[str, list[Metric]]
    lines: dict[str, list[Line]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Do in a shop what the demo does."""
    folder = tmp_path_factory.mktemp("shop")

    async def spend_a_day(shop: Shop, http: httpx.AsyncClient) -> dict[str, list[Metric]]:
        tell = Transcript(Console(file=io.StringIO()))
        await travel(Visit(shop, Customer("ada", http, shop.urls, tell.call), tell))
        return {name: await read_metrics(http, folder / f"{name}.log") for name in NAMES}

    metrics = asyncio.run(visit(folder, {}, spend_a_day))
    return Told(metrics, {name: list(read_lines(folder / f"{name}.log")) for name in NAMES})


@pytest.fixture(scope="module")
def spans(tmp_path_factory: pytest.TempPathFactory) -> list[SeenSpan]:
    """Trace whoever comes, and what goes on in the background."""
    collector = Collector()

    async def buy(shop: Shop, http: httpx.AsyncClient) -> None:
        catalog = await http.get(f"{shop.urls['catalog']}/v2/products")
        order = {"lines": [{"product_id": catalog.json()["items"][0]["id"], "quantity": 1}]}
        headers = await signed_in(shop, http)
        for path in ("/v2/orders", "/nowhere"):
            await http.post(shop.urls["orders"] + path, json=order, headers=headers)

    with listening(collector):
        tracing = {"CONCORD_OTLP_ENDPOINT": collector.url, "CONCORD_TRACE_RATIO": "1"}
        asyncio.run(visit(tmp_path_factory.mktemp("traced"), tracing, buy))
    return collector.spans


async def signed_in(shop: Shop, http: httpx.AsyncClient) -> dict[str, str]:
    """Register somebody, and bear the token."""
    users, new = shop.urls["users"], example_json(NewUser)
    await http.post(f"{users}/v2/users", json=new)
    form = {"grant_type": "password", "username": new["email"], "password": new["password"]}
    token = (await http.post(f"{users}/oauth/token", data=form)).json()["access_token"]
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}


async def visit(folder: Path, settings: Mapping[str, str], do: Callable[[Shop, httpx.AsyncClient], Awaitable[T]]) -> T:
    """Open a shop, and do something in it before it closes."""
    ports = dict(zip(NAMES, free_ports(len(NAMES)), strict=True))
    async with (
        httpx.AsyncClient(trust_env=False) as http,
        open_shop(folder, ports, http, {**SETTINGS, **settings}) as shop,
    ):
        await shop.wait_until_ready()
        return await do(shop, http)


def read_lines(log: Path) -> Iterator[Line]:
    return (json.loads(line) for line in log.read_text().splitlines() if line.startswith("{"))


async def read_metrics(http: httpx.AsyncClient, log: Path) -> list[Metric]:
    """Ask the operations port, where the service last said that it is."""
    url = [line["url"] for line in read_lines(log) if line["event"] == "operations_listening"][-1]
    return list(text_string_to_metric_families((await http.get(f"{url}/metrics")).text))


def named(instruments: Sequence[Instrument]) -> dict[str, Instrument]:
    """Find instruments by the names of their samples."""
    return {one.name + suffix: one for one in instruments for suffix in SUFFIXES[one.kind]}


@pytest.mark.parametrize("service", SERVICES)
def test_every_figure_that_is_told_is_declared_with_its_labels(told: Told, service: str) -> None:
    known = named(declared_metrics(service))

    samples = [sample for family in told.metrics[service] for sample in family.samples if sample.name not in LIBRARY]

    assert {sample.name for sample in samples} <= known.keys()
    wrong = {
        sample.name: sorted(sample.labels)
        for sample in samples
        if set(sample.labels) - {"le"} != set(known[sample.name].label_names)
    }
    assert wrong == {}


@pytest.mark.parametrize("service", SERVICES)
def test_every_figure_that_is_declared_is_told(told: Told, service: str) -> None:
    families = {family.name: family for family in told.metrics[service]}
    declared = {one.name.removesuffix("_total"): one for one in declared_metrics(service)}

    assert families.keys() == declared.keys() | {name.removesuffix("_total") for name in LIBRARY}
    assert {name: (family.type, family.documentation) for name, family in families.items() if name in declared} == {
        name: (one.kind, one.help) for name, one in declared.items()
    }
    silent = {one.name for name, one in declared.items() if not families[name].samples}
    assert silent <= RARE


def test_figures_that_only_some_services_have_are_told_by_one_of_them(told: Told) -> None:
    names = {sample.name for families in told.metrics.values() for family in families for sample in family.samples}

    assert {"concord_deprecated_requests_total", "http_client_request_duration_seconds_count"} <= names
    assert "concord_idempotency_replays_total" in names


@pytest.mark.parametrize("service", SERVICES)
def test_operations_and_routes_are_those_of_the_contracts_and_never_what_a_caller_sent(
    told: Told, service: str
) -> None:
    ops = [op for api in apis().values() for op in api.operations()]
    known = {"operation": {operation_label(op) for op in ops}, "http_route": {op.path for op in ops} | set(PROBES)}

    labels = [sample.labels for family in told.metrics[service] for sample in family.samples]

    for name, values in known.items():
        assert {found[name] for found in labels if name in found} <= values | {"none"}


@pytest.mark.parametrize("service", SERVICES)
def test_every_line_that_is_logged_is_declared_with_its_fields(told: Told, service: str) -> None:
    events = {event.name: event for event in declared_events(service)}
    everywhere = EVERY_LINE.keys() | EVERY_REQUEST.keys() | ON_FAILURE.keys()

    ours = [line for line in told.lines[service] if "logger" not in line]

    assert {line["event"] for line in ours} <= events.keys()
    wrong = {
        line["event"]: sorted(line) for line in ours if line.keys() - everywhere - set(events[line["event"]].fields)
    }
    assert wrong == {}


@pytest.mark.parametrize("service", SERVICES)
def test_every_field_that_is_declared_is_there_and_may_be_shown(told: Told, service: str) -> None:
    events = {event.name: event for event in declared_events(service)}

    ours = [line for line in told.lines[service] if "logger" not in line]

    assert {"request", "listening", "operations_listening"} <= {line["event"] for line in ours}
    missing = {line["event"] for line in ours if set(events[line["event"]].fields) - line.keys()}
    masked = {(line["event"], name) for line in ours for name, value in line.items() if value == "***"}
    assert missing == set()
    assert masked == set()


def logged(package: str) -> Iterator[tuple[str, str, set[str]]]:
    """Go through the events that a package's code can log: name, level and fields."""
    for _, file in modules(package):
        for node in ast.walk(ast.parse(file.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and ast.unparse(node.func.value) == "_log"
            ):
                words = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                fields = {str(keyword.arg) for keyword in node.keywords} - ON_FAILURE.keys() - {"exc_info"}
                yield str(words[-1]), node.func.attr, fields


@pytest.mark.parametrize("service", SERVICES)
def test_all_that_the_code_can_log_is_declared_and_nothing_else(service: str) -> None:
    levels = {"exception": "error", "log": "info"}

    found = {
        (name, levels.get(level, level), tuple(sorted(fields)))
        for package in ("chassis", service)
        for name, level, fields in logged(package)
    }

    assert found == {(event.name, event.level, tuple(sorted(event.fields))) for event in declared_events(service)}


def test_every_span_is_of_a_declared_kind_and_every_kind_is_there(spans: list[SeenSpan]) -> None:
    found = {step.meaning for step in STEPS for span in spans if is_of(span, step)}

    strange = [span for span in spans if not any(is_of(span, step) for step in STEPS)]

    assert strange == []
    assert found == {step.meaning for step in STEPS}


def is_of(span: SeenSpan, step: Step) -> bool:
    return span.kind == step.kind and set(span.attributes) <= set(step.attributes)


def test_the_page_says_what_is_declared() -> None:
    assert PAGE.read_text() == page(), "write it anew: python -m tests.telemetry"
