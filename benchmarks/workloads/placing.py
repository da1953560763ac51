"""Place an order end to end: three services, and commits that outlive a power cut."""

import json

from benchmarks.contender import Contender
from benchmarks.contest import Contest
from benchmarks.plain import open_plain_shop
from benchmarks.requests import Request
from benchmarks.shop import Shop, open_shop
from benchmarks.stage import Stage

__all__ = ["OURS", "PLAIN", "contest", "placing"]

OURS = "Concord, three services"
PLAIN = "FastAPI + async ORM + httpx, three services"
_LINES = 3
_FLOW = """
local products = {%s}
local number = 0
local pattern = '{"lines": [%s]}'

function request()
  number = number + 1
  wrk.headers["Idempotency-Key"] = prefix .. "-" .. number
  local first = math.random(1, #products - %d)
  return wrk.format(nil, nil, nil, string.format(pattern, %s))
end
"""


def contest(stage: Stage) -> Contest:
    """Start both shops, each with databases of its own."""
    shop = open_shop(stage, cores=stage.cores.shop)
    plain = open_plain_shop(stage, shop, cores=stage.cores.shop)
    ours = Contender(OURS, list(shop.processes.values()), [placing(shop, shop.url("orders"))])
    theirs = Contender(PLAIN, list(plain.processes.values()), [placing(shop, plain.orders)])
    return Contest(
        "place an order",
        f"{_LINES} lines, a new Idempotency-Key each, 16 connections, all three services on the same processors.",
        PLAIN,
        [ours, theirs],
        connections=16,
    )


def placing(shop: Shop, orders: str) -> Request:
    """Order some products, others each time, under a new key."""
    headers = {**shop.bearer, "Content-Type": "application/json"}
    return Request(f"{orders}/v2/orders", "POST", headers, status=201, flow=_flow(shop))


def _flow(shop: Shop) -> str:
    ids = ", ".join(json.dumps(str(product.id)) for product in shop.products)
    lines = ", ".join(['{"product_id": "%s", "quantity": 1}'] * _LINES)
    chosen = ", ".join(f"products[first + {n}]" for n in range(_LINES))
    return _FLOW % (ids, lines, _LINES, chosen)
