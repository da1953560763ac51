"""The layer around all others: it opens a context for each request, and records how the request was answered."""

import re
import time
from collections.abc import Sequence
from logging import DEBUG, ERROR, INFO

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog import get_logger

from chassis.context import RequestContext, serving
from chassis.spans import Recorder
from chassis.telemetry.metrics import Metrics
from chassis.telemetry.serving import RequestFigures
from chassis.traces import Trace, hex_id

__all__ = ["ContextMiddleware", "method_of"]

_LONGEST_DEADLINE = 60.0
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_MILLISECONDS = re.compile(r"-?[0-9]{1,9}")

_log = get_logger("access")


class ContextMiddleware:
    """Opens a context for each request, puts its ids on the answer, and logs one line when all is sent.

    It belongs outside of every other layer, so that answers made by those (413, 500) have ids too.
    `X-Process-Time` is in seconds, with six decimals, up to the moment when the answer's head is sent;
    `duration_ms` in the log line is up to the end of the body.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        quiet: Sequence[str] = (),
        figures: RequestFigures | None = None,
        spans: Recorder | None = None,
    ) -> None:
        """Log requests for `quiet` paths, which probes ask for every few seconds, at debug level only.

        Whoever records `spans` decides about the traces that begin here.
        """
        self._app = app
        self._quiet = frozenset(quiet)
        self._figures = figures or RequestFigures(Metrics())
        self._spans = spans

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        context = _read(scope, self._spans)
        answer = _Answer(context, send)
        self._figures.begin()
        with serving(context):
            try:
                await self._app(scope, receive, answer.send)
            finally:
                self._record(scope, context, answer)

    def _record(self, scope: Scope, context: RequestContext, answer: "_Answer") -> None:
        client = scope.get("client")
        failed = context.status >= 500 or not (answer.is_complete or context.has_left)
        level = ERROR if failed else DEBUG if scope["path"] in self._quiet else INFO
        method = method_of(scope)
        route = context.route or getattr(scope.get("route"), "path", None)
        seconds = answer.seconds()
        self._figures.end(seconds, context.label, method, route, context.status, context.client_id)
        _log.log(
            level,
            "request",
            method=method,
            route=route,
            status=context.status,
            duration_ms=round(seconds * 1000, 3),
            bytes=answer.size,
            complete=answer.is_complete,
            address=client[0] if client else None,
        )


class _Answer:
    """Counts what is sent."""

    def __init__(self, context: RequestContext, send: Send) -> None:
        self.size = 0
        self.is_complete = False
        self._context = context
        self._send = send
        self._began = time.perf_counter()

    def seconds(self) -> float:
        return time.perf_counter() - self._began

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._context.answered = message["status"]
            message = {**message, "headers": [*message.get("headers", ()), *self._headers()]}
        elif message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))
            self.is_complete = not message.get("more_body", False)
        await self._send(message)

    def _headers(self) -> list[tuple[bytes, bytes]]:
        return [
            (b"x-request-id", self._context.request_id.encode()),
            (b"x-process-time", f"{self.seconds():.6f}".encode()),
            (b"traceparent", self._context.trace.traceparent.encode()),
            *((name.lower().encode(), value.encode()) for name, value in self._context.headers.items()),
        ]


def method_of(scope: Scope) -> str:
    """Name the method of a request, or `_OTHER`: somebody may send any word."""
    return scope["method"] if scope["method"] in _METHODS else "_OTHER"


def _read(scope: Scope, spans: Recorder | None) -> RequestContext:
    ids = _values(scope, b"x-request-id")
    is_sane = len(ids) == 1 and _REQUEST_ID.fullmatch(ids[0])
    return RequestContext(
        request_id=ids[0] if is_sane else hex_id(),
        trace=_trace(scope, spans),
        deadline=_deadline(_values(scope, b"x-deadline-ms")),
    )


def _trace(scope: Scope, spans: Recorder | None) -> Trace:
    parents = _values(scope, b"traceparent")
    states = _values(scope, b"tracestate") if parents else ()
    return Trace.proceed(parents, states, spans.samples if spans else None)


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1").strip() for key, value in scope["headers"] if key == name]


def _deadline(values: list[str]) -> float | None:
    """Read how long the caller will wait, from now; clamped, because any caller may say anything."""
    if len(values) != 1 or not _MILLISECONDS.fullmatch(values[0]):
        return None
    return time.monotonic() + min(max(int(values[0]) / 1000, 0.0), _LONGEST_DEADLINE)
