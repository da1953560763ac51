"""Read an order by its id: ours with everything on, beside all that people would use instead."""

from benchmarks.contender import Contender
from benchmarks.contest import Contest
from benchmarks.processes import Process
from benchmarks.requests import Request
from benchmarks.rivals import Rivals
from benchmarks.shop import open_shop
from benchmarks.stage import Stage

__all__ = ["BARE", "OURS", "contest"]

OURS = "Concord, everything on"
BARE = "FastAPI, typed, no database"
_ORDERS = 1_000
_APPS = {
    "raw ASGI, no database": "raw_asgi",
    BARE: "fastapi_bare",
    "FastAPI, no database, tutorial middlewares": "fastapi_bare_tutorial",
    "FastAPI + async ORM": "fastapi_orm",
    "FastAPI + async ORM, the same things on": "fastapi_orm_tutorial",
}


def contest(stage: Stage) -> Contest:
    """Start everybody who reads the same order."""
    shop = open_shop(stage)
    path = f"/v2/orders/{shop.write_orders(_ORDERS)[_ORDERS // 2]}"
    rivals = Rivals(stage, shop, shop.url("orders") + path)

    def contender(name: str, process: Process) -> Contender:
        return Contender(name, [process], [Request(process.spec.url + path, headers=shop.bearer)], rivals.answer.json())

    started = stage.start(*(rivals.asgi(module) for module in _APPS.values()))
    others = [contender(name, process) for name, process in zip(_APPS, started, strict=True)]
    return Contest(
        "read an order",
        "An order of five lines by its id, 64 connections, one worker on one processor.",
        BARE,
        [contender(OURS, shop.processes["orders"]), *others],
    )
