"""Traces over all services: one order is one trace, sent to a real collector by three real processes."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from chassis.testing_telemetry import Collector, SeenSpan, listening
from contracts.catalog.v2 import ProductQuery
from contracts.client import HttpTransport
from contracts.examples import example_json
from contracts.orders.v2 import NewLine, NewOrder, OrderStatus
from contracts.users.identity import Identity, TokenRequest
from contracts.users.v2 import NewUser

from .crash.people import Person
from .fuzzing.services import Shop, open_shop

pytestmark = pytest.mark.anyio

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0"
SETTINGS = {
    "CONCORD_TRACE_RATIO": "1",
    "CONCORD_RETRY_SECONDS": "0.1",
    "CONCORD_RECOVERY_SECONDS": "0.2",
    "CONCORD_PEER_SECONDS": "30",  # a crowded machine is no reason to call twice
}


@dataclass(frozen=True)
class Traced:
    """A shop whose services tell a collector of all that they do."""

    shop: Shop
    collector: Collector
    customer: Person

    async def choose(self) -> UUID:
        """Find something that can be bought."""
        page = await self.customer.catalog.list_products(ProductQuery(limit=100))
        return next(product.id for product in page.items if product.stock.available)

    async def order(self, product_id: UUID, flags: str = "1") -> str:
        """Buy something, as part of a trace that somebody before us has begun."""
        self.customer.http.headers["traceparent"] = CALLER + flags
        new = NewOrder(lines=[NewLine(product_id=product_id, quantity=1)])
        order = await self.customer.orders.place_order(new, idempotency_key="first")
        del self.customer.http.headers["traceparent"]
        return order.status

    def spans(self) -> list[SeenSpan]:
        """List the spans of that trace."""
        return [span for span in self.collector.spans if span.trace_id in CALLER]

    async def wait_for(self, name: str) -> SeenSpan:
        """Wait until somebody sends a span of this name."""

        def found() -> list[SeenSpan]:
            return [span for span in self.collector.spans if span.name == name]

        await asyncio.to_thread(self.collector.wait_for, found)
        return found()[0]


@pytest.fixture
async def traced(tmp_path: Path) -> AsyncGenerator[Traced]:
    collector = Collector()
    with listening(collector), open_shop(tmp_path, None, CONCORD_OTLP_ENDPOINT=collector.url, **SETTINGS) as shop:
        urls = {name: shop.url(name) for name in shop.ports}
        async with httpx.AsyncClient(timeout=60) as http:
            yield Traced(shop, collector, await sign_in(http, urls))


async def sign_in(http: httpx.AsyncClient, urls: dict[str, str]) -> Person:
    """Get the token of the customer whom the shop was opened with."""
    new = example_json(NewUser)
    asked = TokenRequest(grant_type="password", username=str(new["email"]), password=str(new["password"]))
    token = await Identity(HttpTransport(http, base_url=urls["users"], timeout=60)).issue_token(asked)
    return Person(http, urls, token.access_token)


async def test_one_order_is_one_trace_over_three_services(traced: Traced) -> None:
    status = await traced.order(await traced.choose())
    for name in traced.shop.ports:
        traced.shop.stop(name)  # which sends what is still unsent

    spans = {span.span_id: span for span in traced.spans()}
    served = {span.name: span for span in spans.values() if span.kind == "server"}
    (first,) = [span for span in served.values() if span.parent_id not in spans]
    callers = {span.name: spans[span.parent_id] for span in served.values() if span.parent_id in spans}
    assert status == OrderStatus.CONFIRMED
    assert (first.service, first.name, first.parent_id) == ("orders", "orders.v2.place_order", "b7ad6b7169203331")
    assert {"users.v2.get_standing", "catalog.v2.reserve", "catalog.v2.commit_reservation"} <= set(callers)
    assert {(caller.service, caller.kind, caller.name == name) for name, caller in callers.items()} <= {
        ("orders", "client", True),
        ("users", "client", True),
        ("catalog", "client", True),
    }
    assert {span.service for span in served.values()} == {"users", "catalog", "orders"}


async def test_the_units_of_work_of_an_order_are_in_its_trace_in_each_service(traced: Traced) -> None:
    await traced.order(await traced.choose())
    for name in traced.shop.ports:
        traced.shop.stop(name)

    spans = {span.span_id: span for span in traced.spans()}
    units = [span for span in spans.values() if span.name.startswith("database ")]
    assert {unit.service for unit in units} == {"users", "catalog", "orders"}
    assert all(unit.parent_id in spans for unit in units)
    assert all(0 <= unit.attributes["concord.unit.wait_seconds"] <= unit.seconds for unit in units)


async def test_an_order_in_a_trace_that_is_not_recorded_is_recorded_nowhere(traced: Traced) -> None:
    status = await traced.order(await traced.choose(), "0")
    for name in traced.shop.ports:
        traced.shop.stop(name)

    assert status == OrderStatus.CONFIRMED
    assert traced.spans() == []
    assert traced.collector.spans


async def test_an_order_that_is_finished_later_has_a_trace_of_that(traced: Traced) -> None:
    wanted = await traced.choose()
    traced.shop.stop("catalog")

    status = await traced.order(wanted)
    work = await traced.wait_for("recover_order")
    call = await traced.wait_for("catalog.v2.reserve")

    assert status == OrderStatus.PENDING
    assert (work.service, work.kind, work.parent_id) == ("orders", "internal", None)
    assert call.has_failed
    assert "http.response.status_code" not in call.attributes
