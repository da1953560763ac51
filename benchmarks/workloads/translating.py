"""Read the same order through version 1 and through version 2: what translation costs."""

from benchmarks.contender import Contender
from benchmarks.contest import Contest
from benchmarks.requests import Request
from benchmarks.shop import open_shop
from benchmarks.stage import Stage

__all__ = ["V1", "V2", "contest"]

V1 = "version 1, over version 2"
V2 = "version 2"


def contest(stage: Stage) -> Contest:
    """Start the orders service."""
    shop = open_shop(stage)
    (order,) = shop.write_orders(1)
    url = shop.url("orders")

    def contender(name: str, version: str) -> Contender:
        return Contender(
            name, [shop.processes["orders"]], [Request(f"{url}/{version}/orders/{order}", "GET", shop.bearer)]
        )

    return Contest(
        "v1 over v2",
        "The same order of five lines through both versions of one process, 64 connections, one processor.",
        V2,
        [contender(V2, "v2"), contender(V1, "v1")],
    )
