"""What every service is made of."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from importlib.metadata import version

from contracts.operation import Api
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware

from chassis.auth import Verifier
from chassis.binding import ApiRouter
from chassis.boundary import (
    FailureMiddleware,
    HeaderMiddleware,
    HeadMiddleware,
    HostMiddleware,
    Paths,
    refuse_outside,
)
from chassis.database import Database
from chassis.express import ExpressMiddleware
from chassis.faults import Faults
from chassis.health import PROBES, Health
from chassis.information import Information
from chassis.keys import KeySource
from chassis.limits import RateLimits
from chassis.loops import Loop
from chassis.operations import operations
from chassis.pages import serve_documents
from chassis.peers import Peers
from chassis.providing import Provided
from chassis.recording import ContextMiddleware
from chassis.sabotage import AnswerSaboteur
from chassis.schema import bring_up_to_date
from chassis.settings import ServiceSettings
from chassis.spans import Recorder, recording
from chassis.telemetry.catalogue import service_metrics
from chassis.telemetry.labels import operation_label
from chassis.telemetry.losses import tell_of_losses
from chassis.telemetry.metrics import Metrics
from chassis.telemetry.process import tell_of_build, tell_of_lines, tell_whether_ready
from chassis.telemetry.recorders import open_recorder
from chassis.telemetry.serving import RequestFigures
from chassis.telemetry.working import LagWatch
from chassis.tracing import SpanMiddleware
from chassis.zipping import ZipMiddleware

__all__ = ["create_app"]

_SMALLEST_ZIPPED = 1024


def create_app(
    settings: ServiceSettings,
    *,
    title: str,
    routers: Sequence[ApiRouter],
    database: Database,
    migrations: str,
    keys: KeySource,
    peers: Peers,
    provides: Sequence[object] = (),
    starting: Sequence[Callable[[], Awaitable[None]]] = (),
    loops: Sequence[Loop] = (),
    rates: Mapping[str, str] | None = None,
    metrics: Metrics | None = None,
) -> FastAPI:
    """Make a service of its APIs: one specification and one documentation page each, doors, probes and a life.

    `rates` are those of limited operations, by name, where they differ from the settings' one; `metrics` are
    those that the service's own rules count with.
    It starts in this order: schema (on SQLite), `starting`, `loops`, ready; and it stops in the other.
    Raises ContractError where a router does not serve all that its API promises.
    """
    for router in routers:
        router.check()
    apis = tuple(router.api for router in routers)
    paths = Paths(apis)
    metrics = metrics or service_metrics()
    spans = open_recorder(settings, apis[0].service)
    health = Health(database.ping)
    _tell(metrics, settings, health, apis[0].service)
    _prepare(loops, settings, metrics)
    _watch(database, settings, spans)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncGenerator[None]:
        async with AsyncExitStack() as stack:
            stack.enter_context(LagWatch(metrics))
            await stack.enter_async_context(spans or nullcontext())
            stack.push_async_callback(database.close)
            stack.push_async_callback(peers.close)
            if database.dialect == "sqlite":
                await asyncio.to_thread(bring_up_to_date, settings.database_url.get_secret_value(), migrations)
            for start in starting:
                await start()
            with recording(spans):
                for loop in loops:
                    await stack.enter_async_context(loop)
            health.start()
            stack.callback(health.stop)
            yield

    given = Provided(provides)
    verifier = Verifier(keys, issuer=settings.issuer, audience=apis[0].service)
    express = Middleware(ExpressMiddleware, routers=routers, provided=given, verifier=verifier)
    app = FastAPI(
        title=title,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=life,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # ours tell more, and cost less
        middleware=[*_middleware(settings, apis, paths, metrics, spans), express],
    )
    app.state.provided = given
    app.state.verifier = verifier
    app.state.rate_limits = _rate_limits(settings, apis, rates, metrics)
    app.state.health = health
    app.state.metrics = metrics
    information = Information(settings, apis, database, migrations, loops, time.monotonic())
    app.state.operations = operations(metrics, health, information, peers.lines)
    for router in routers:
        app.include_router(router)
    app.include_router(health.router())
    serve_documents(app, routers)
    refuse_outside(app, paths)
    return app


def _tell(metrics: Metrics, settings: ServiceSettings, health: Health, service: str) -> None:
    """Let the process say of itself what all processes do."""
    tell_of_build(metrics, version(f"concord-{service}"), settings.commit)
    tell_of_lines(metrics)
    tell_of_losses(metrics)
    tell_whether_ready(metrics, health.is_ready)


def _prepare(loops: Sequence[Loop], settings: ServiceSettings, metrics: Metrics) -> None:
    for loop in loops:
        loop.measure(metrics)
        loop.rest_at_most(settings.loop_rest_seconds)


def _watch(database: Database, settings: ServiceSettings, spans: Recorder | None) -> None:
    """Let units of work be recorded, and meet the faults of tests."""
    if spans:
        database.trace()
    if settings.faults:
        database.sabotage(Faults(settings.faults))


def _rate_limits(
    settings: ServiceSettings, apis: Sequence[type[Api]], rates: Mapping[str, str] | None, metrics: Metrics
) -> RateLimits:
    limited = {op.name: settings.rate_limit for api in apis for op in api.operations() if op.limited}
    storage = settings.rate_limit_storage.get_secret_value()
    return RateLimits(storage, limited | dict(rates or {}), metrics=metrics)


def _figures(settings: ServiceSettings, apis: Sequence[type[Api]], metrics: Metrics) -> RequestFigures:
    retiring = {
        operation_label(op): f"{api.service}.{api.version}" for api in apis if api.retirement for op in api.operations()
    }
    return RequestFigures(metrics, retiring, settings.counted_clients)


def _middleware(
    settings: ServiceSettings, apis: Sequence[type[Api]], paths: Paths, metrics: Metrics, spans: Recorder | None
) -> list[Middleware]:
    """Stack the layers, outermost first."""
    layers = [Middleware(AnswerSaboteur, faults=Faults(settings.faults))] if settings.faults else []
    figures = _figures(settings, apis, metrics)
    layers.append(Middleware(ContextMiddleware, quiet=PROBES, figures=figures, spans=spans))
    if spans:
        layers.append(Middleware(SpanMiddleware, spans=spans, quiet=PROBES))
    layers += [
        Middleware(HeaderMiddleware, prefix=f"/{api.version}/", headers=api.retirement.headers.items())
        for api in apis
        if api.retirement
    ]
    if "*" not in settings.trusted_hosts:
        layers.append(Middleware(HostMiddleware, names=settings.trusted_hosts, paths=paths))
    if settings.https_redirect:
        layers.append(Middleware(HTTPSRedirectMiddleware))
    if settings.cors_origins:
        layers.append(_cors(settings))
    if settings.gzip:
        layers.append(Middleware(ZipMiddleware, smallest=_SMALLEST_ZIPPED))
    return [*layers, Middleware(HeadMiddleware), Middleware(FailureMiddleware, paths=paths)]


def _cors(settings: ServiceSettings) -> Middleware:
    return Middleware(
        CORSMiddleware,
        allow_origins=list(settings.cors_origins),
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "X-Request-Id"],
        expose_headers=["ETag", "Location", "Retry-After", "Idempotency-Replayed", "X-Request-Id", "RateLimit"],
    )
