"""What it costs to tell: a service that tells nobody, one that is listened to, and ones that talk to nobody there."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from socket import create_server

from benchmarks.contender import Contender
from benchmarks.contest import Contest
from benchmarks.failures import Failure
from benchmarks.processes import Process, Spec, python
from benchmarks.requests import Request
from benchmarks.shop import Shop, open_shop
from benchmarks.stage import Stage

__all__ = ["errors", "traces"]

_OFF = "no collector, no Sentry"
_NOWHERE = "127.0.0.1:9"
"""Where a connection is refused at once."""


def traces(stage: Stage) -> Contest:
    """Start the same service with each kind of audience, at the usual share of recorded traces and at all of them."""
    shop = open_shop(stage)
    order = shop.write_orders(1)[0]
    audiences = _audiences(stage)
    told = {_OFF: dict[str, str]()}
    for share in ("0.1", "1"):
        for name, place in audiences.items():
            told[f"both {name}, {float(share):.0%} of traces"] = {**_telling(place), "CONCORD_TRACE_RATIO": share}
    return Contest(
        "tell of requests",
        "An order by its id, 64 connections, one worker on one processor; both are the collector and the Sentry.",
        _OFF,
        [
            Contender(name, [process], [Request(f"{process.spec.url}/v2/orders/{order}", headers=shop.bearer)])
            for name, process in _services(stage, shop, told).items()
        ],
    )


def errors(stage: Stage) -> Contest:
    """Let each request fail, so that each is reported."""
    shop = open_shop(stage)
    order = shop.write_orders(1)[0]
    told = {_OFF: dict[str, str](), **{f"both {name}": _telling(place) for name, place in _audiences(stage).items()}}
    services = _services(stage, shop, told)
    _break(shop.databases["orders"])
    return Contest(
        "tell of errors",
        "As before, but the table is gone: every request of 4 connections is answered 500, logged, and reported.",
        _OFF,
        [
            Contender(
                name, [process], [Request(f"{process.spec.url}/v2/orders/{order}", headers=shop.bearer, status=500)]
            )
            for name, process in services.items()
        ],
        connections=4,
    )


def _audiences(stage: Stage) -> dict[str, str]:
    """Name where those are who listen, those who are not there, and those who take a connection and say nothing."""
    port = stage.port()
    command = python("-m", "uvicorn", "benchmarks.collector:app", "--port", str(port), "--log-level", "warning")
    stage.start(Spec("collector of others", [*command, "--no-access-log"], port), cores=stage.cores.load)
    silent = stage.hold(create_server(("127.0.0.1", 0), backlog=1000))
    host, silent_port = silent.getsockname()[:2]
    return {"reachable": f"127.0.0.1:{port}", "unreachable": _NOWHERE, "silent": f"{host}:{silent_port}"}


def _telling(place: str) -> dict[str, str]:
    return {"CONCORD_OTLP_ENDPOINT": f"http://{place}", "CONCORD_SENTRY_DSN": f"http://key@{place}/1"}


def _services(stage: Stage, shop: Shop, told: Mapping[str, Mapping[str, str]]) -> dict[str, Process]:
    """Start the orders service once more for each of the settings, over the same database."""
    base = shop.processes["orders"].spec
    specs = [_spec(stage, base, str(number), settings) for number, settings in enumerate(told.values())]
    return dict(zip(told, stage.start(*specs), strict=True))


def _spec(stage: Stage, base: Spec, number: str, settings: Mapping[str, str]) -> Spec:
    port = stage.port()
    own = {"CONCORD_PORT": str(port), "CONCORD_OPERATIONS_PORT": str(stage.port())}
    return replace(base, name=f"orders-{number}", port=port, env={**base.env, **own, **settings})


def _break(url: str) -> None:
    if not url.startswith("sqlite:///"):
        raise Failure("This workload breaks an SQLite file: run it with --database sqlite.")
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database, database:
        database.execute("ALTER TABLE orders RENAME TO gone")
