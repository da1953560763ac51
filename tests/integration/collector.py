"""A collector of traces: takes them by OTLP over HTTP, and prints each span as a line of JSON."""

import gzip
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

_PORT = 4318  # OTLP's own


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        is_zipped = self.headers.get("content-encoding") == "gzip"
        for resource in ExportTraceServiceRequest.FromString(
            gzip.decompress(body) if is_zipped else body
        ).resource_spans:
            said = {pair.key: pair.value.string_value for pair in resource.resource.attributes}
            for span in (span for scope in resource.scope_spans for span in scope.spans):
                told = {pair.key: pair.value.string_value for pair in span.attributes}
                line = {
                    "service": said["service.name"],
                    "name": span.name,
                    "kind": span.kind,
                    "trace_id": span.trace_id.hex(),
                    "span_id": span.span_id.hex(),
                    "parent_id": span.parent_span_id.hex(),
                    "operation": told.get("concord.operation"),
                }
                print(json.dumps(line), flush=True)
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Print nothing but spans."""


if __name__ == "__main__":
    ThreadingHTTPServer(("", _PORT), _Handler).serve_forever()
