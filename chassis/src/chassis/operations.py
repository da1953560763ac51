"""What those who operate a service ask it, on a port of its own that is never public."""

import os
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from structlog import get_logger

from chassis.health import Health
from chassis.information import Information
from chassis.lines import Line
from chassis.logging import Level, level, set_level
from chassis.stacks import stacks
from chassis.telemetry.metrics import Metrics

__all__ = ["INDEX", "NO_STORE", "PROCESS", "operations"]

_log = get_logger(__name__)

NO_STORE = {"Cache-Control": "no-store"}
PROCESS = "X-Process"
"""The header in which the figures say whose they are."""

INDEX = "GET /metrics /livez /readyz /startupz /info /loggers /stacks; PUT /loggers\n"


class Logging(BaseModel, extra="forbid"):
    """The least level that is logged."""

    level: Level


def operations(
    metrics: Metrics,
    health: Health,
    information: Information | None = None,
    lines: Mapping[str, Line] | None = None,
) -> Starlette:
    """Make the application that answers on the operations port; `lines` are those to the peers."""
    desk = _Desk(metrics, health, information, lines or {})
    return Starlette(
        routes=[
            Route("/", desk.show_index),
            Route("/metrics", desk.show_metrics),
            Route("/livez", desk.show_life),
            Route("/readyz", desk.show_readiness),
            Route("/startupz", desk.show_start),
            Route("/info", desk.show_information),
            Route("/loggers", desk.show_level),
            Route("/loggers", desk.change_level, methods=["PUT"]),
            Route("/stacks", desk.show_stacks),
        ]
    )


class _Desk:
    def __init__(
        self, metrics: Metrics, health: Health, information: Information | None, lines: Mapping[str, Line]
    ) -> None:
        self._metrics = metrics
        self._health = health
        self._information = information
        self._lines = lines

    async def show_index(self, request: Request) -> Response:
        return PlainTextResponse(INDEX, headers=NO_STORE)

    async def show_metrics(self, request: Request) -> Response:
        content, media_type = await self._metrics.show(request.headers.get("accept", ""))
        return Response(content, headers=NO_STORE | {PROCESS: str(os.getpid())}, media_type=media_type)

    async def show_life(self, request: Request) -> Response:
        return _json({"status": "alive"})  # that it answers is the check

    async def show_start(self, request: Request) -> Response:
        started = self._health.has_started
        return _json({"status": "started" if started else "starting"}, 200 if started else 503)

    async def show_readiness(self, request: Request) -> Response:
        checks = await self._health.checks()
        passed = all(check.passed for check in checks)
        told = {
            "status": "ready" if passed else "not ready",
            "checks": [asdict(check) for check in checks],
            "peers": {name: _peer(line) for name, line in self._lines.items()},  # for information: none decides
        }
        return _json(told, 200 if passed else 503)

    async def show_information(self, request: Request) -> Response:
        return _json(await self._information.tell() if self._information else {})

    async def show_level(self, request: Request) -> Response:
        return _json({"level": level()})

    async def change_level(self, request: Request) -> Response:
        try:
            wanted = Logging.model_validate_json(await request.body())
        except ValidationError:
            wish = 'Wanted {"level": "debug"}, or info, warning or error there, and found something else.'
            return _json({"error": wish}, 400)
        set_level(wanted.level)
        _log.warning("log_level_changed", state=wanted.level)
        return await self.show_level(request)

    async def show_stacks(self, request: Request) -> Response:
        return PlainTextResponse(stacks(), headers=NO_STORE)


def _peer(line: Line) -> dict[str, Any]:
    bulkhead = line.bulkhead
    return {"breaker": line.breaker.state, "calls": bulkhead.in_use, "waiting": bulkhead.waiting}


def _json(content: object, status: int = 200) -> Response:
    return JSONResponse(content, status, NO_STORE)
