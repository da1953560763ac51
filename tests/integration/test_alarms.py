"""Alerts that are told of when something breaks, and no more when it is mended, while the shop is open."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from time import monotonic

import pytest

from observe.files import groups

from .breaks import KILLS, STRAINS, Break
from .following import find_over, look
from .shop import Count, Shop
from .waiting import until
from .watch import Prometheus

pytestmark = pytest.mark.anyio

CUSTOMERS, HANDS, PIECES = 4, 6, 999
MINUTE = 60.0
LONG = frozenset({"FailuresBurnSlowly", "SlownessBurnSlowly"})
"""Alerts that look back for hours, here for minutes: they clear too, and nobody waits for it."""
SHORT = frozenset({"FailuresBurnFast", "OrderPendingTooLong", "SlownessBurnFast"})
"""Alerts that take their time to clear: whether they do is seen at the end."""


@asynccontextmanager
async def business(shop: Shop) -> AsyncGenerator[None]:
    """Let customers buy with all hands for a minute at least, and see that each order was placed once and finished."""
    baskets = await asyncio.gather(*(shop.receive(PIECES) for _ in range(CUSTOMERS)))
    began, over = monotonic(), asyncio.Event()
    async with asyncio.TaskGroup() as day:
        for basket in baskets * HANDS:
            day.create_task(basket.buy_until(over))
        yield
        await asyncio.sleep(max(0, began + MINUTE - monotonic()))
        over.set()
    for basket in baskets:
        bought = len(basket.purchases)
        assert basket.bought == bought
        assert await basket.count() == Count(orders=bought, on_hand=PIECES - bought)


async def ring(shop: Shop, prometheus: Prometheus, broken: Break) -> None:
    """Break it until all its alerts fire; look and mend as their runbooks say, until they are silent."""
    rung = set[str]()

    async def all_fire() -> bool:
        rung.update(await prometheus.firing())
        return broken.alerts <= rung

    async with broken.broken(shop):
        await until(all_fire, f"{', '.join(sorted(broken.alerts))} should fire for {broken.name}")
        await asyncio.gather(*(look(prometheus, alert) for alert in broken.alerts))
    await shop.until_ready()
    await until(partial(is_silent, prometheus, broken.alerts - LONG - SHORT), f"nothing should fire for {broken.name}")
    await asyncio.gather(*(find_over(prometheus, alert) for alert in broken.alerts))


async def is_silent(prometheus: Prometheus, alerts: frozenset[str]) -> bool:
    return not alerts & await prometheus.firing()


@pytest.mark.parametrize("breaks", [pytest.param(KILLS, id="killed"), pytest.param(STRAINS, id="strained")])
async def test_every_order_is_finished_and_alerts_fire_and_clear_when_in_a_minute_of_load_all_goes_wrong(
    shop: Shop, breaks: Sequence[Break]
) -> None:
    prometheus = Prometheus(shop.http)

    async with business(shop):
        for broken in breaks:
            await ring(shop, prometheus, broken)

    rung = frozenset[str]().union(*(broken.alerts for broken in breaks)) - LONG
    await until(partial(is_silent, prometheus, rung), f"nothing of {', '.join(sorted(rung))} should fire in the end")


def test_each_alert_is_made_to_fire() -> None:
    declared = {alert.name for found in groups().values() for group in found for alert in group.alerts}

    made_to_fire = frozenset[str]().union(*(broken.alerts for broken in (*KILLS, *STRAINS)))

    assert made_to_fire == declared
