"""One order, found from its trace id by those who watch the shop: its lines, its spans and its figures."""

import asyncio
import secrets
from contextlib import suppress
from functools import partial
from typing import Any

import httpx
import pytest
from contracts.orders.v2 import NewLine, NewOrder, OrderStatus

from tests.alerts.panels import PANELS, asked
from tests.crash.people import Person
from tests.crash.stack import NAMES

from .compose import Compose
from .shop import Shop
from .waiting import until
from .watch import Prometheus, figures, lines

pytestmark = pytest.mark.anyio

PASSWORDS = 601  # one more than anybody may try in a minute
SERVER = 2  # OTLP's number for the kind of a span that answers a request


async def place_order(shop: Shop, trace_id: str, span_id: str) -> None:
    """Place an order through the edge, as the step of a trace that its caller records."""
    basket = await shop.receive(pieces=1)
    headers = {**basket.customer.headers, "traceparent": f"00-{trace_id}-{span_id}-01"}
    new = NewOrder(lines=[NewLine(product_id=basket.product_id, quantity=1)])
    async with httpx.AsyncClient(trust_env=False, headers=headers) as http:
        order = await Person(http, shop.urls).orders.place_order(new, idempotency_key=trace_id)
    assert order.status == OrderStatus.CONFIRMED


async def all_came(compose: Compose, trace_id: str) -> bool:
    """Tell whether the collector has heard of the trace by all three services."""
    return {span["service"] for span in await lines(compose, "collector", trace_id)} == set(NAMES)


def operations(said: list[dict[str, Any]]) -> set[str]:
    return {line["operation"] for line in said if line["operation"]}


async def test_lines_spans_and_figures_of_one_order_are_found_from_its_trace_id(shop: Shop) -> None:
    trace_id, span_id = secrets.token_hex(16), secrets.token_hex(8)
    before = {name: await figures(shop.compose, name) for name in NAMES}

    await place_order(shop, trace_id, span_id)
    await until(partial(all_came, shop.compose, trace_id), "the collector should hear of the order by all services")
    spans = await lines(shop.compose, "collector", trace_id)
    said = {name: await lines(shop.compose, name, trace_id) for name in NAMES}
    after = {name: await figures(shop.compose, name) for name in NAMES}

    served = [span for span in spans if span["kind"] == SERVER]
    for name in NAMES:
        asked = {span["operation"] for span in served if span["service"] == name}
        assert asked
        assert {operation.rpartition(".")[2] for operation in asked} == operations(said[name])
        assert all(after[name][operation] > before[name].get(operation, 0) for operation in asked)
    assert [span["operation"] for span in served if span["parent_id"] == span_id] == ["orders.v2.place_order"]
    assert {span["parent_id"] for span in spans} <= {span["span_id"] for span in spans} | {span_id}


async def test_prometheus_finds_every_replica_by_name(shop: Shop) -> None:
    prometheus = Prometheus(shop.http)

    async def all_up() -> bool:
        return {labels["job"] for labels, value in await prometheus.query("up") if value == 1} == {*NAMES, "edge"}

    await until(all_up, "Prometheus should reach the edge and a replica of each service")


async def test_no_panel_of_the_dashboard_is_empty_once_all_that_it_shows_has_happened(shop: Shop) -> None:
    prometheus = Prometheus(shop.http)
    empty = list(PANELS)

    async def all_are_shown() -> bool:
        for panel in list(empty):
            if await prometheus.query(asked(panel[1], "5m")):
                empty.remove(panel)
        return not empty

    await shop.compose.each("collector", "kill")  # so that spans are thrown away
    await order_twice(shop)
    await shop.http.get(f"{shop.urls['catalog']}/v1/products")
    await come_too_often(shop)

    with suppress(AssertionError):
        await until(all_are_shown, "all panels should show something")
    assert empty == []


async def order_twice(shop: Shop) -> None:
    """Place an order, and send it again."""
    basket = await shop.receive(pieces=1)
    new = NewOrder(lines=[NewLine(product_id=basket.product_id, quantity=1)])
    for _ in range(2):
        await basket.customer.orders.place_order(new, idempotency_key="first")


async def come_too_often(shop: Shop) -> None:
    """Try passwords until no more are taken; what is none costs nobody the time to hash it."""
    customer = await shop.join()
    url = f"{shop.urls['users']}/v2/users/me/password"
    trying = [shop.http.put(url, json={}, headers=customer.headers) for _ in range(PASSWORDS)]
    answers = await asyncio.gather(*trying)
    assert {answer.status_code for answer in answers} == {422, 429}
