"""What is known of the request being served: its ids, trace, deadline and caller, and its line in the access log."""

import math
import re
import secrets
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from logging import DEBUG, ERROR, INFO

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog import get_logger

from chassis.spans import Kind, Recorder, Span, recorder
from chassis.telemetry.metrics import Metrics
from chassis.telemetry.serving import NONE, RequestFigures
from chassis.traces import Trace

__all__ = [
    "ContextMiddleware",
    "RequestContext",
    "begin",
    "current",
    "hurry",
    "operation",
    "outgoing_headers",
    "remaining",
    "step",
]

_LONGEST_DEADLINE = 60.0
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_MILLISECONDS = re.compile(r"-?[0-9]{1,9}")

_current: ContextVar["RequestContext | None"] = ContextVar("concord_request", default=None)
_hurry: ContextVar[float] = ContextVar("concord_hurry", default=math.inf)
_log = get_logger("access")


@dataclass(slots=True)
class RequestContext:
    """One request; who calls which operation is filled in when it is known."""

    request_id: str
    trace: Trace
    deadline: float | None = None
    """On the monotonic clock."""
    operation: str | None = None
    label: str | None = None
    """The operation with its service and version, as `orders.v2.get_order`."""
    route: str | None = None
    """The path as the contract writes it: a real path may hold what a log should not."""
    principal: str | None = None
    client_id: str | None = None
    """The application that the caller's token was made for."""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    """What any layer wants to say in the answer's head."""
    error: str | None = None
    """The kind of error that it met and that nobody expected."""


def current() -> RequestContext | None:
    """Find the request being served, or None outside of any."""
    return _current.get()


def operation() -> str:
    """Name the operation being served as metrics do; `none` outside of any."""
    context = _current.get()
    return (context and context.label) or NONE


def remaining() -> float | None:
    """Say how many seconds are left for what is being done, or None when nobody has said."""
    context = _current.get()
    asked = math.inf if context is None or context.deadline is None else context.deadline
    deadline = min(asked, _hurry.get())
    return None if deadline == math.inf else max(0.0, deadline - time.monotonic())


@contextmanager
def hurry(seconds: float) -> Generator[None]:
    """Leave what is done here so many seconds at most, whatever the caller would wait; peers are told."""
    token = _hurry.set(min(_hurry.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _hurry.reset(token)


def outgoing_headers() -> dict[str, str]:
    """Say to a peer what this request is part of and how long there is to answer."""
    context, left = _current.get(), remaining()
    headers = context.trace.headers | {"X-Request-Id": context.request_id} if context else {}
    return headers if left is None else headers | {"X-Deadline-Ms": str(int(left * 1000))}


@contextmanager
def begin(operation: str, seconds: float | None = None) -> Generator[RequestContext]:
    """Give work that no request asked for, such as a recovery loop's, its own ids, trace and deadline."""
    began, spans = time.monotonic(), recorder.get()
    trace = Trace.start(spans.samples if spans else None)
    context = RequestContext(secrets.token_hex(16), trace, None if seconds is None else began + seconds, operation)
    haste = _hurry.set(math.inf)
    try:
        with _serving(context):
            yield context
    except BaseException as error:
        context.error = type(error).__name__
        raise
    finally:
        _hurry.reset(haste)
        if spans and trace.is_sampled:
            attributes = {"concord.operation": operation}
            spans.record(Span(operation, Kind.INTERNAL, trace, time.monotonic() - began, attributes, context.error))


@contextmanager
def step(context: RequestContext) -> Generator[Trace]:
    """Take a step in the trace of what is being done; peers called in here are told that they are part of it."""
    trace = context.trace.step()
    with _serving(replace(context, trace=trace)):
        yield trace


@contextmanager
def _serving(context: RequestContext) -> Generator[None]:
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)


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
        token = _current.set(context)
        self._figures.begin()
        try:
            await self._app(scope, receive, answer.send)
        finally:
            self._record(scope, context, answer)
            _current.reset(token)

    def _record(self, scope: Scope, context: RequestContext, answer: "_Answer") -> None:
        client = scope.get("client")
        failed = answer.status >= 500 or not answer.is_complete
        level = ERROR if failed else DEBUG if scope["path"] in self._quiet else INFO
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        route = context.route or getattr(scope.get("route"), "path", None)
        seconds = answer.seconds()
        self._figures.end(seconds, context.label, method, route, answer.status, context.client_id)
        _log.log(
            level,
            "request",
            method=method,
            route=route,
            status=answer.status,
            duration_ms=round(seconds * 1000, 3),
            bytes=answer.size,
            complete=answer.is_complete,
            address=client[0] if client else None,
        )


class _Answer:
    """Counts what is sent; a request that was never answered counts as 500."""

    def __init__(self, context: RequestContext, send: Send) -> None:
        self.status = 500
        self.size = 0
        self.is_complete = False
        self._context = context
        self._send = send
        self._began = time.perf_counter()

    def seconds(self) -> float:
        return time.perf_counter() - self._began

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
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


def _read(scope: Scope, spans: Recorder | None) -> RequestContext:
    ids = _values(scope, b"x-request-id")
    is_sane = len(ids) == 1 and _REQUEST_ID.fullmatch(ids[0])
    return RequestContext(
        request_id=ids[0] if is_sane else secrets.token_hex(16),
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
