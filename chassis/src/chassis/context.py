"""What is known of the request being served: its ids, trace, deadline and caller."""

import math
import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from chassis.spans import Kind, Span, recorder
from chassis.telemetry.serving import NONE
from chassis.traces import Trace, hex_id

__all__ = [
    "RequestContext",
    "begin",
    "blame",
    "current",
    "dismiss",
    "hurry",
    "operation",
    "outgoing_headers",
    "remaining",
    "serving",
    "step",
]

_CLIENT_LEFT = 499
"""What proxies write into their logs for a request whose client left before it was answered."""

_current: ContextVar["RequestContext | None"] = ContextVar("concord_request", default=None)
_hurry: ContextVar[float] = ContextVar("concord_hurry", default=math.inf)


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
    answered: int | None = None
    """The status of its answer, as soon as that has begun."""
    has_left: bool = False
    """Whether its client went away, and waits for no more."""

    @property
    def status(self) -> int:
        """What it counts as: its answer's status; 500 where there was none, unless its client left before."""
        return self.answered or (_CLIENT_LEFT if self.has_left else 500)


def current() -> RequestContext | None:
    """Find the request being served, or None outside of any."""
    return _current.get()


def blame(error: Exception) -> None:
    """Remember what went wrong with the request being served, if there is one."""
    if context := _current.get():
        context.error = type(error).__name__


def dismiss() -> None:
    """Remember that the client of the request being served, if there is one, went away."""
    if context := _current.get():
        context.has_left = True


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
    context = RequestContext(hex_id(), trace, None if seconds is None else began + seconds, operation)
    haste = _hurry.set(math.inf)
    try:
        with serving(context):
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
    with serving(replace(context, trace=trace)):
        yield trace


@contextmanager
def serving(context: RequestContext) -> Generator[None]:
    """Make this what is being served."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)
