"""What the contract machinery costs a request: ours without a database, beside FastAPI without one."""

from benchmarks.contender import Contender
from benchmarks.contest import Contest
from benchmarks.processes import Process, python
from benchmarks.requests import Request
from benchmarks.rivals import Rivals
from benchmarks.shop import open_shop, service
from benchmarks.stage import Stage
from benchmarks.workloads.reading import BARE, TUTORIAL

__all__ = ["OURS", "contest"]

OURS = "Concord, everything on, no database"


def contest(stage: Stage) -> Contest:
    """Start all that answer one order from memory."""
    shop = open_shop(stage)
    (order,) = shop.write_orders(1)
    path = f"/v2/orders/{order}"
    rivals = Rivals(stage, shop, shop.url("orders") + path)
    kept = service(stage, "kept", stage.database("kept", "orders/migrations"), shop.settings)
    kept = rivals.told(kept, python("-m", "benchmarks.contenders.contract_app"))
    ours, bare, tutorial, raw = stage.start(
        kept, *(rivals.asgi(module) for module in ("fastapi_bare", "fastapi_bare_tutorial", "raw_asgi"))
    )

    def contender(name: str, process: Process) -> Contender:
        request = Request(process.spec.url + path, headers=shop.bearer)
        return Contender(name, [process], [request], rivals.answer.json())

    return Contest(
        "machinery",
        "The same order from memory: what is left are routing, tokens, validation, metrics, traces, logs and JSON.",
        BARE,
        [
            contender(OURS, ours),
            contender("raw ASGI", raw),
            contender(BARE, bare),
            contender(TUTORIAL, tutorial),
        ],
    )
