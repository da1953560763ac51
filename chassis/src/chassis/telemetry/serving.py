"""What is measured of the requests that a service answers, in OpenTelemetry's names."""

from collections.abc import Collection, Mapping

from chassis.telemetry.instruments import Label, counter, gauge, histogram
from chassis.telemetry.labels import OPERATION
from chassis.telemetry.metrics import Metrics

__all__ = ["INSTRUMENTS", "NONE", "RATE_LIMIT_REFUSALS", "RATE_LIMIT_STORE", "RequestFigures"]

NONE = "none"
"""Said where no operation answered."""

REQUEST_DURATION = histogram(
    "http_server_request_duration_seconds",
    "How long requests took, up to the end of their answer's body.",
    OPERATION,
    Label("http_request_method", "the method, or `_OTHER`"),
    Label("http_route", "the path as the contract writes it, or `none`"),
    Label("http_response_status_code", "the status of the answer; 499 where the client left before it had sent all"),
)
ACTIVE_REQUESTS = gauge("http_server_active_requests", "Requests that are being answered now.")
DEPRECATED_REQUESTS = counter(
    "concord_deprecated_requests_total",
    "Requests to versions that retire, by who still sends them.",
    Label("api", "the version, as `orders.v1`"),
    Label("client", "the id of a client that CONCORD_COUNTED_CLIENTS names, else `other`; `anonymous` without a token"),
)
RATE_LIMIT_REFUSALS = counter("concord_rate_limit_refusals_total", "Requests that were answered 429.", OPERATION)

RATE_LIMIT_STORE = gauge(
    "concord_rate_limit_store_up",
    "1 while requests are counted, 0 while the store that counts them is away and everybody is served.",
    merged="min",
)

INSTRUMENTS = (REQUEST_DURATION, ACTIVE_REQUESTS, DEPRECATED_REQUESTS, RATE_LIMIT_REFUSALS, RATE_LIMIT_STORE)


class RequestFigures:
    """Counts requests that are being answered, and measures those that were."""

    def __init__(self, metrics: Metrics, retiring: Mapping[str, str] | None = None, clients: Collection[str] = ()):
        """Count the operations that are `retiring`, each of which names its version, for each of these clients."""
        self._active = metrics.level(ACTIVE_REQUESTS)
        self._active.add(by=0)
        self._duration = metrics.distribution(REQUEST_DURATION)
        self._deprecated = metrics.count(DEPRECATED_REQUESTS)
        self._retiring = retiring or {}
        self._clients = frozenset(clients)

    def begin(self) -> None:
        """Note that a request has come."""
        self._active.add(by=1)

    def end(
        self, seconds: float, operation: str | None, method: str, route: str | None, status: int, client: str | None
    ) -> None:
        """Note that a request was answered."""
        self._active.add(by=-1)
        self._duration.observe(seconds, operation or NONE, method, route or NONE, status)
        if operation and (version := self._retiring.get(operation)):
            named = "anonymous" if client is None else client if client in self._clients else "other"
            self._deprecated.add(version, named)
