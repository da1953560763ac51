"""What tests of telemetry listen with: a collector of traces and a Sentry, each a real HTTP server of this process."""

import gzip
import json
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

__all__ = ["Collector", "SeenSpan", "SentryServer", "listening"]

_HOST = "127.0.0.1"
_PATIENCE = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class SeenSpan:
    """A span as a collector sees it."""

    service: str
    name: str
    kind: str
    trace_id: str
    span_id: str
    parent_id: str | None
    seconds: float
    has_failed: bool
    attributes: dict[str, Any]


@dataclass
class _Server:
    """Keeps what it is sent, word for word."""

    status: int = 200
    """What it answers."""
    bodies: list[bytes] = field(default_factory=list[bytes])
    port: int = 0
    _arrival: threading.Condition = field(default_factory=threading.Condition)

    def take(self, body: bytes) -> None:
        """Keep what was sent."""
        with self._arrival:
            self.bodies.append(body)
            self._arrival.notify_all()

    def wait_for(self, condition: Callable[[], object], seconds: float = _PATIENCE) -> None:
        """Wait until what was sent fulfils a condition; raises TimeoutError when it does not."""
        with self._arrival:
            if not self._arrival.wait_for(condition, seconds):
                raise TimeoutError(f"waited {seconds} s for what should be sent; {len(self.bodies)} requests came")

    @property
    def text(self) -> str:
        """All that was sent, as far as it is text, to look for what must not be in it."""
        return b"\n".join(self.bodies).decode(errors="replace")


@dataclass
class Collector(_Server):
    """Takes traces by OTLP over HTTP."""

    @property
    def url(self) -> str:
        return f"http://{_HOST}:{self.port}"

    @property
    def spans(self) -> list[SeenSpan]:
        """All spans so far, in the order in which they came."""
        return [
            _seen(_text(resource.resource.attributes, "service.name"), span)
            for body in list(self.bodies)
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


@dataclass
class SentryServer(_Server):
    """Takes reports of errors by Sentry's envelopes."""

    @property
    def dsn(self) -> str:
        return f"http://key@{_HOST}:{self.port}/1"

    @property
    def events(self) -> list[dict[str, Any]]:
        """All reports so far; an envelope is lines of JSON, a head and then a head and a body for each item."""
        return [item for body in list(self.bodies) for kind, item in _items(body) if kind == "event"]


@contextmanager
def listening(server: Collector | SentryServer) -> Generator[None]:
    """Let it listen on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            is_zipped = self.headers.get("content-encoding") == "gzip"
            server.take(gzip.decompress(body) if is_zipped else body)
            self.send_response(server.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Say nothing: tests look at what was sent."""

    with ThreadingHTTPServer((_HOST, 0), Handler) as listener:
        server.port = listener.server_port
        serving = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            yield
        finally:
            listener.shutdown()
            serving.join()


def _seen(service: str, span: Span) -> SeenSpan:
    return SeenSpan(
        service=service,
        name=span.name,
        kind=Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex() or None,
        seconds=(span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
        has_failed=span.status.code == Status.STATUS_CODE_ERROR,
        attributes={pair.key: _value(pair.value) for pair in span.attributes},
    )


def _value(value: AnyValue) -> Any:
    return getattr(value, value.WhichOneof("value") or "string_value")


def _text(attributes: Any, name: str) -> str:
    found: dict[str, KeyValue] = {pair.key: pair for pair in attributes}
    return found[name].value.string_value


def _items(envelope: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """Read what an envelope holds: after a first line, a line that describes each item and the line that it is."""
    _, *lines = [json.loads(line) for line in envelope.splitlines() if line]
    for head, item in zip(lines[::2], lines[1::2], strict=True):
        yield head["type"], item
