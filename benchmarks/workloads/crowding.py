"""Read orders out of a thousand, and out of up to a million: the cost must stay flat."""

from collections.abc import Sequence
from uuid import UUID

from chassis.migrating import migrate

from benchmarks.contender import Contender
from benchmarks.contest import Contest
from benchmarks.requests import Request, any_of
from benchmarks.shop import Shop, open_shop, service
from benchmarks.stage import Stage

__all__ = ["contest"]

_COUNTS = (1_000, 10_000, 100_000, 1_000_000)
_QUICK = 2


def contest(stage: Stage) -> Contest:
    """Start an orders service for each size of its table; the quick run leaves out the large ones."""
    shop = open_shop(stage)
    counts = _COUNTS[:_QUICK] if stage.is_quick else _COUNTS
    entrants = [_contender(stage, shop, count) for count in counts]
    summary = "One of 500 orders from all over the table, and now and then the newest 20; 64 connections."
    return Contest("orders in the table", summary, entrants[0].name, entrants)


def _contender(stage: Stage, shop: Shop, count: int) -> Contender:
    database = stage.database(f"orders-{count}", "orders/migrations")
    migrate(database, "orders/migrations")
    ids = shop.write_orders(count, database)
    (process,) = stage.start(service(stage, "orders", database, shop.settings))
    request = Request(process.spec.url, headers=shop.bearer, flow=_flow(ids[:: max(1, count // 500)]))
    return Contender(f"{count:,} orders", [process], [request])


def _flow(ids: Sequence[UUID]) -> str:
    return any_of([f"/v2/orders/{order}" for order in ids] + ["/v2/orders?limit=20"] * 5)
