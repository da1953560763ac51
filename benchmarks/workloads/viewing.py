"""Read an order with its customer and products: three services for one answer."""

from benchmarks.contender import Contender
from benchmarks.contest import Contest
from benchmarks.plain import open_plain_shop
from benchmarks.requests import Request
from benchmarks.shop import open_shop
from benchmarks.stage import Stage

__all__ = ["ALONE", "CUSTOMER", "OURS", "PLAIN", "PRODUCTS", "contest"]

OURS = "Concord, with customer and products"
CUSTOMER = "Concord, with customer"
PRODUCTS = "Concord, with products"
ALONE = "Concord, the order alone"
PLAIN = "FastAPI + async ORM + httpx, with customer and products"
_INCLUDES = {
    OURS: "?include=customer&include=products",
    CUSTOMER: "?include=customer",
    PRODUCTS: "?include=products",
    ALONE: "",
}


def contest(stage: Stage) -> Contest:
    """Start both shops; one connection, so that latency is that of the calls and not of a queue."""
    shop = open_shop(stage, cores=stage.cores.shop)
    (order,) = shop.write_orders(1)
    plain = open_plain_shop(stage, shop, cores=stage.cores.shop)
    place = f"{shop.url('orders')}/v2/orders/{order}"
    ours = [
        Contender(name, list(shop.processes.values()), [Request(place + include, "GET", shop.bearer)])
        for name, include in _INCLUDES.items()
    ]
    other = Request(f"{plain.orders}/v2/orders/{plain.order}{_INCLUDES[OURS]}", "GET", shop.bearer)
    return Contest(
        "order with includes",
        "An order of five lines with what users and catalog know of it; one connection, three services.",
        OURS,
        [*ours, Contender(PLAIN, list(plain.processes.values()), [other])],
        connections=1,
    )
