"""Read an order by its id: ours with everything on, beside all that people would use instead."""

from collections.abc import Mapping

from benchmarks.contender import Contender
from benchmarks.contest import Contest
from benchmarks.processes import Process, Spec
from benchmarks.requests import Request
from benchmarks.rivals import Rivals
from benchmarks.shop import Shop, open_shop
from benchmarks.stage import Stage

__all__ = ["BARE", "OURS", "PLAIN", "TUTORIAL", "contest"]

OURS = "Concord, everything on"
BARE = "FastAPI, typed, no database"
TUTORIAL = "FastAPI, no database, tutorial middlewares"
PLAIN = "FastAPI + async ORM, the same things on"
_ORDERS = 1_000
_FASTAPI = {
    "raw ASGI, no database": "raw_asgi",
    BARE: "fastapi_bare",
    TUTORIAL: "fastapi_bare_tutorial",
    "FastAPI + async ORM": "fastapi_orm",
    PLAIN: "fastapi_orm_tutorial",
}


def contest(stage: Stage) -> Contest:
    """Start everybody who reads the same order; the quick run leaves out other frameworks."""
    shop = open_shop(stage)
    order = shop.write_orders(_ORDERS)[_ORDERS // 2]
    rivals = Rivals(stage, shop, f"{shop.url('orders')}/v2/orders/{order}")

    def contender(name: str, process: Process, path: str = "v2/orders") -> Contender:
        request = Request(f"{process.spec.url}/{path}/{order}", headers=shop.bearer)
        return Contender(name, [process], [request], rivals.answer.json())

    specs = {name: rivals.asgi(module) for name, module in _FASTAPI.items()}
    plain = [contender(name, process) for name, process in _started(stage, specs).items()]
    for name, process in _started(stage, {} if stage.is_quick else _others(rivals)).items():
        plain.append(contender(f"{name}, no database", process, "bare"))
        if shop.databases["orders"].startswith("sqlite") or name not in {"Express", "Fastify"}:
            plain.append(contender(f"{name} + its database layer", process))
    return Contest(
        "read an order",
        "An order of five lines by its id, 64 connections, one worker on one processor.",
        BARE,
        [contender(OURS, shop.processes["orders"]), *plain],
        closing=lambda: [_layers(shop)],
    )


def _others(rivals: Rivals) -> dict[str, Spec]:
    node = dict(zip(("Express", "Fastify"), rivals.node(), strict=False))  # none where npm was out of reach
    return {
        "Litestar": rivals.asgi("litestar_app"),
        "Flask": rivals.wsgi("flask_app"),
        "Django": rivals.wsgi("django_app"),
        **node,
    }


def _started(stage: Stage, specs: Mapping[str, Spec]) -> dict[str, Process]:
    return dict(zip(specs, stage.start(*specs.values()), strict=True))


def _layers(shop: Shop) -> str:
    kind = "SQLite" if shop.databases["orders"].startswith("sqlite") else "PostgreSQL"
    return (
        f"On {kind}. Database layers: Litestar has SQLAlchemy's async ORM, Flask its ORM, Django its own ORM, "
        "Express and Fastify prepared statements of node:sqlite without an ORM; all of these with nothing else on."
    )
