"""The steps of traces that are recorded: what was done, for how long, as part of what, and how it ended."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from chassis.traces import Trace

__all__ = ["Kind", "Recorder", "Span", "Value", "recorder", "recording"]

Value = str | int | float


class Kind(Enum):
    """Whose work a step is: a request that we serve, a call that we make, or something of our own."""

    SERVER = "server"
    CLIENT = "client"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Span:
    """One step of a trace that has just ended."""

    name: str
    kind: Kind
    trace: Trace
    seconds: float
    attributes: Mapping[str, Value]
    error: str | None = None
    """The kind of error that it ended in; never its message, which may quote what a caller sent."""


class Recorder(Protocol):
    """Takes the spans of one service to where people look at them."""

    def samples(self, trace_id: str) -> bool:
        """Decide whether a trace that begins here is recorded."""
        ...

    def record(self, span: Span) -> None:
        """Take a span of a trace that is; this neither waits nor raises, and may come from any thread."""
        ...


recorder: ContextVar[Recorder | None] = ContextVar("concord_recorder", default=None)
"""Who records the work that begins here; nobody, unless the service is told where to send traces."""


@contextmanager
def recording(spans: Recorder | None) -> Generator[None]:
    """Let `spans` record what begins in here, and in tasks that are started here."""
    token = recorder.set(spans)
    try:
        yield
    finally:
        recorder.reset(token)
