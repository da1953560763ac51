"""Spans on their way to a collector: OTLP over HTTP, sent by a thread in batches, and dropped rather than waited for.

Only a service that is told of a collector imports this module, which takes the extra `otlp`.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from chassis.spans import Kind, Span
from chassis.telemetry.losses import Losses
from chassis.traces import Trace

__all__ = ["OtlpRecorder"]

_WAITING = 2048
"""Spans that wait to be sent; more are dropped."""
_BATCH = 512
_PAUSE = 1000
"""Milliseconds between two batches that are not full."""
_PATIENCE = 5.0
"""Seconds that the collector has for a batch, with all that is tried again."""
_FAREWELL = 1.0
"""Seconds that a service which ends gives to its last spans."""
_RANDOM_DIGITS = 14
"""Hexadecimal digits of a trace's id that are random, as W3C's flag says of it: they decide what is sampled."""

_KINDS = {Kind.SERVER: SpanKind.SERVER, Kind.CLIENT: SpanKind.CLIENT, Kind.INTERNAL: SpanKind.INTERNAL}
_SCOPE = InstrumentationScope("concord")
_FAILED, _FINE = Status(StatusCode.ERROR), Status(StatusCode.UNSET)


class OtlpRecorder:
    """Sends the spans of one service, from `async with` to its end."""

    _processor: BatchSpanProcessor

    def __init__(self, endpoint: str, ratio: float, resource: Mapping[str, str], losses: Losses) -> None:
        """Record this part of the traces that begin here, as work of the service that `resource` describes."""
        self._least = round((1 - ratio) * 16**_RANDOM_DIGITS)
        self._resource = Resource.create(dict(resource))
        self._exporter = _Exporter(endpoint, losses)
        self._is_open = False

    async def __aenter__(self) -> Self:
        self._processor = BatchSpanProcessor(self._exporter, _WAITING, _PAUSE, _BATCH)
        self._is_open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_open = False
        ending = Thread(target=self._processor.shutdown, daemon=True)
        ending.start()
        await asyncio.to_thread(ending.join, _FAREWELL)
        self._exporter.shutdown()  # whatever it still waits for

    def samples(self, trace_id: str) -> bool:
        """Decide by the random part of the id, so that every service decides the same of one trace."""
        return int(trace_id[-_RANDOM_DIGITS:], 16) >= self._least

    def record(self, span: Span) -> None:
        """Queue a span, or drop it where too many wait."""
        if self._is_open and self._exporter.admits():
            self._processor.on_end(_readable(span, self._resource))


class _Exporter(SpanExporter):
    """Sends batches, and knows how many spans are on their way, so that the queue before it never overflows."""

    def __init__(self, endpoint: str, losses: Losses) -> None:
        self._endpoint = endpoint
        self._losses = losses
        self._otlp = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=_PATIENCE)
        self._lock = Lock()
        self._on_their_way = 0

    def admits(self) -> bool:
        """Count one more in, unless too many wait."""
        with self._lock:
            has_room = self._on_their_way < _WAITING
            self._on_their_way += has_room
        if not has_room:
            self._losses.note(1, f"more than {_WAITING} wait for the collector at {self._endpoint}")
        return has_room

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._otlp.export(spans)
        with self._lock:
            self._on_their_way -= len(spans)
        if result is SpanExportResult.FAILURE:
            self._losses.note(len(spans), f"the collector at {self._endpoint} does not take them; see that it runs")
        return result

    def shutdown(self) -> None:
        self._otlp.shutdown()


def _readable(span: Span, resource: Resource) -> ReadableSpan:
    ended = time.time_ns()
    attributes = span.attributes if span.error is None else {**span.attributes, "error.type": span.error}
    return ReadableSpan(
        span.name,
        context=_context(span.trace, span.trace.span_id),
        parent=_context(span.trace, span.trace.parent_id) if span.trace.parent_id else None,
        resource=resource,
        attributes=attributes,
        kind=_KINDS[span.kind],
        status=_FINE if span.error is None else _FAILED,
        start_time=ended - int(span.seconds * 1e9),
        end_time=ended,
        instrumentation_scope=_SCOPE,
    )


def _context(trace: Trace, span_id: str) -> SpanContext:
    return SpanContext(int(trace.trace_id, 16), int(span_id, 16), is_remote=False, trace_flags=TraceFlags(trace.flags))
