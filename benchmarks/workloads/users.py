"""A thousand people at once, who mostly read: the headline of the shops that this one grew from."""

from benchmarks.contender import Contender
from benchmarks.contest import Contest
from benchmarks.goods import CATEGORY
from benchmarks.requests import Request, any_of
from benchmarks.shop import NAMES, Shop, open_shop
from benchmarks.stage import Stage
from benchmarks.workloads.placing import placing

__all__ = ["SERVICES", "contest"]

SERVICES = "all three services"

_BORNE = 0.05  # orders that are pending for a while, mostly
_THINKING = """
function delay()
  return math.random(250, 450)
end
"""
"""Milliseconds between an answer and the next request; a thousand people make some 2,700 requests a second so."""


def contest(stage: Stage) -> Contest:
    """Start the three services; four of ten people look at orders, four at products, one at his account, one buys."""
    shop = open_shop(stage, cores=stage.cores.shop)
    orders = [f"/v2/orders/{order}" for order in shop.write_orders(1_000)[:100]]
    products = [f"/v2/products/{product.id}" for product in shop.products[:100]]
    requests = [
        *[_reading(shop, "orders", [*orders, "/v2/orders?limit=20"])] * 4,
        *[_reading(shop, "catalog", [*products, f"/v2/products?category={CATEGORY}&limit=20"])] * 4,
        _reading(shop, "users", ["/v2/users/me"]),
        _buying(shop),
    ]
    return Contest(
        "1,000 users",
        "1,000 connections of people who think 250 to 450 ms between requests; nine of ten only read. "
        "All three services share two processors.",
        SERVICES,
        [Contender(SERVICES, list(shop.processes.values()), requests, borne=_BORNE)],
        connections=1_000,
        is_long=True,
        closing=lambda: [_memory(shop)],
    )


def _memory(shop: Shop) -> str:
    each = ", ".join(f"{name} {shop.processes[name].memory() / 2**20:.0f} MiB" for name in NAMES)
    return f"Memory of each after that: {each}."


def _reading(shop: Shop, service: str, paths: list[str]) -> Request:
    return Request(shop.url(service), "GET", shop.bearer, flow=any_of(paths) + _THINKING)


def _buying(shop: Shop) -> Request:
    request = placing(shop, shop.url("orders"))
    return Request(request.url, request.method, request.headers, status=201, flow=request.flow + _THINKING)
