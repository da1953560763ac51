"""Where spans are made of what a service does: around requests, units of work, and calls to other services."""

import time
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from contracts.answers import Answer
from contracts.errors import ApiError, NoAnswer
from contracts.operation import Operation, Transport
from sqlalchemy import Connection
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.context import RequestContext, current, step
from chassis.recording import method_of
from chassis.sabotage import Units
from chassis.spans import Kind, Recorder, Span, Value, recorder
from chassis.telemetry.labels import operation_label
from chassis.traces import Trace

__all__ = ["SpanMiddleware", "TracedTransport", "TracedUnits"]

T = TypeVar("T")


class SpanMiddleware:
    """Makes a span of each request of a sampled trace, described by what the contract calls it.

    Its path and query are left out: they may hold what nobody should see. It belongs right inside of the layer that
    opens the request's context.
    """

    def __init__(self, app: ASGIApp, spans: Recorder, *, quiet: Sequence[str] = ()) -> None:
        """Make none of requests for `quiet` paths, which probes ask for every few seconds."""
        self._app = app
        self._spans = spans
        self._quiet = frozenset(quiet)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        context = current()
        if context is None or scope["path"] in self._quiet:
            await self._app(scope, receive, send)
            return
        token = recorder.set(self._spans)
        try:
            if context.trace.is_sampled:
                await self._trace(context, scope, receive, send)
            else:
                await self._app(scope, receive, send)
        finally:
            recorder.reset(token)

    async def _trace(self, context: RequestContext, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.monotonic()
        try:
            await self._app(scope, receive, send)
        finally:
            self._spans.record(_request(scope, context, time.monotonic() - began))


def _request(scope: Scope, context: RequestContext, seconds: float) -> Span:
    method = method_of(scope)
    attributes: dict[str, Value] = {"http.request.method": method, "http.response.status_code": context.status}
    if context.route:
        attributes["http.route"] = context.route
    if context.label:
        attributes["concord.operation"] = context.label
    error = context.error or (str(context.status) if context.status >= 500 else None)
    return Span(context.label or method, Kind.SERVER, context.trace, seconds, attributes, error)


class TracedUnits:
    """Makes a span of each unit of work in a sampled trace; the span tells how long the unit waited for its turn."""

    def __init__(self, units: Units, dialect: str) -> None:
        self._units = units
        self._dialect = dialect

    async def read(self, unit: Callable[[Connection], T]) -> T:
        if sampled := _sampled():
            return await self._trace("read", self._units.read, unit, *sampled)
        return await self._units.read(unit)

    async def glance(self, unit: Callable[[Connection], T]) -> T:
        if sampled := _sampled():
            return await self._trace("read", self._units.glance, unit, *sampled)
        return await self._units.glance(unit)

    async def write(self, unit: Callable[[Connection], T]) -> T:
        if sampled := _sampled():
            return await self._trace("write", self._units.write, unit, *sampled)
        return await self._units.write(unit)

    async def close(self) -> None:
        await self._units.close()

    async def _trace(
        self,
        kind: str,
        run: Callable[[Callable[[Connection], T]], Awaitable[T]],
        unit: Callable[[Connection], T],
        context: RequestContext,
        spans: Recorder,
    ) -> T:
        attributes: dict[str, Value] = {"db.system.name": self._dialect, "concord.unit.kind": kind}
        asked = time.monotonic()

        def begin(tx: Connection) -> T:
            attributes.setdefault("concord.unit.wait_seconds", time.monotonic() - asked)  # it may be tried again
            return unit(tx)

        with _span(f"database {kind}", context.trace.step(), attributes, spans):
            return await run(begin)


class TracedTransport:
    """Makes a span of each attempt to call another service in a sampled trace, and tells that service of it."""

    def __init__(self, peer: str, transport: Transport) -> None:
        self._peer = peer
        self._transport = transport

    async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        if sampled := _sampled():
            return await self._trace(op, arguments, *sampled)
        return await self._transport.send(op, arguments)

    async def _trace(
        self, op: Operation[..., Any], arguments: dict[str, Any], context: RequestContext, spans: Recorder
    ) -> Answer[Any]:
        name = operation_label(op)
        attributes: dict[str, Value] = {
            "http.request.method": op.method,
            "url.template": op.path,
            "peer.service": self._peer,
            "concord.operation": name,
        }
        with step(context) as trace, _span(name, trace, attributes, spans):
            try:
                answer = await self._transport.send(op, arguments)
            except ApiError as error:
                _note_status(attributes, error.answered if isinstance(error, NoAnswer) else error.status)
                raise
            _note_status(attributes, answer.status)
            return answer


def _sampled() -> tuple[RequestContext, Recorder] | None:
    """Find what is being done and who records it, where somebody does."""
    context = current()
    if context is None or not context.trace.is_sampled:
        return None
    spans = recorder.get()
    return None if spans is None else (context, spans)


def _note_status(attributes: dict[str, Value], status: int | None) -> None:
    if status is not None:
        attributes["http.response.status_code"] = status


@contextmanager
def _span(name: str, trace: Trace, attributes: Mapping[str, Value], spans: Recorder) -> Generator[None]:
    """Record what is done in here as a call to something outside of this process."""
    began, error = time.monotonic(), None
    try:
        yield
    except BaseException as failure:
        error = type(failure).__name__
        raise
    finally:
        spans.record(Span(name, Kind.CLIENT, trace, time.monotonic() - began, attributes, error))
