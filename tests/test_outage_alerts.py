"""Alerts for real: a service is killed under load, alerts say so, and they clear when it is back."""

import asyncio
from typing import Any

import pytest
from contracts.catalog.v2 import Catalog, NewReview, ProductQuery
from contracts.errors import NoAnswer

from observe.customers import Person

from .alerts.runbooks import queries
from .alerts.watched import PASSWORD, Watched, until, watch

pytestmark = [pytest.mark.anyio, pytest.mark.crowd]

_PAUSE = 0.1
_OF_CATALOG = {"TargetDown", "PeerLeftAlone", "OrderPendingTooLong"}
_TICKET = {"FailuresBurnSlowly"}  # a budget that is spent stays spent for six hours


async def test_when_catalog_is_killed_alerts_fire_and_their_runbooks_lead_to_the_end_of_it() -> None:
    async with watch() as watched:
        await until(lambda: is_served(watched))

        await watched.shop.services["catalog"].kill()
        await watched.await_alerts(_OF_CATALOG.issubset)
        shown = {alert: await answers(watched, alert, "Look") for alert in _OF_CATALOG}
        await watched.shop.start(["catalog"])  # what each of them says to do
        await watched.await_alerts(lambda firing: not firing)
        await until(lambda: says(watched, "TargetDown", 0.0))
        await until(lambda: says(watched, "PeerLeftAlone", 1.0))

        assert all(all(seen) for seen in shown.values()), shown


async def test_an_operation_that_fails_too_often_pages_and_stops_when_it_is_mended() -> None:
    async with watch() as watched:
        await until(lambda: is_served(watched))
        reader = Person("reader", watched.http, watched.shop.urls)
        await reader.sign_in("customer@example.com", PASSWORD)

        await watched.shop.services["orders"].kill()
        async with asyncio.TaskGroup() as group:
            reviewing = group.create_task(review_in_vain(reader))
            await watched.await_alerts({"FailuresBurnFast"}.issubset)
            reviewing.cancel()
        await watched.shop.start(["orders"])
        await watched.await_alerts(_TICKET.issuperset)

        failing = 'concord:failures:ratio1h{operation="catalog.v2.add_review"} > 0'
        assert await watched.prometheus.query(f"max_over_time(({failing})[5m:1s])") != []


async def answers(watched: Watched, alert: str, step: str) -> list[list[Any]]:
    """Ask what a runbook says to ask, as it is written there."""
    return [await watched.prometheus.query(query) for query in queries(alert, step)]


async def says(watched: Watched, alert: str, value: float) -> bool:
    """Whether all is as its runbook says that it is when it is over."""
    seen = await answers(watched, alert, "Over")
    return {float(series["value"][1]) for answer in seen for series in answer} == {value}


async def is_served(watched: Watched) -> bool:
    """Whether customers order and all is well, as Prometheus sees it."""
    confirmed = await watched.prometheus.query('concord_orders_total{outcome="confirmed"} > 0')
    return bool(confirmed) and not await watched.firing()


async def review_in_vain(reader: Person) -> None:
    """Write reviews, which catalog does not take without asking orders, until this is cancelled."""
    (product,) = (await Catalog(reader.transport).list_products(ProductQuery(limit=1))).items
    while True:
        with pytest.raises(NoAnswer):
            await Catalog(reader.transport).add_review(product.id, NewReview(rating=4, text="Good."))
        await asyncio.sleep(_PAUSE)
