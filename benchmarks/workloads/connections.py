"""Read an order over one connection, and over up to a thousand: what waiting in line costs."""

from benchmarks.contender import Contender
from benchmarks.contest import Contest
from benchmarks.requests import Request
from benchmarks.shop import open_shop
from benchmarks.stage import Stage

__all__ = ["contest"]

_COUNTS = (1, 10, 100, 1_000)


def contest(stage: Stage) -> Contest:
    """Start the orders service."""
    shop = open_shop(stage)
    (order,) = shop.write_orders(1)
    request = Request(f"{shop.url('orders')}/v2/orders/{order}", headers=shop.bearer)
    entrants = [
        Contender(
            f"{count:,} connection{'s' if count > 1 else ''}", [shop.processes["orders"]], [request], connections=count
        )
        for count in _COUNTS
    ]
    summary = "An order of five lines, one worker on one processor."
    return Contest("connections", summary, entrants[0].name, entrants)
