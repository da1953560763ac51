"""What is measured of the requests that a service answers, in OpenTelemetry's names."""

from chassis.telemetry.instruments import Label, gauge, histogram
from chassis.telemetry.labels import OPERATION
from chassis.telemetry.metrics import Metrics

__all__ = ["INSTRUMENTS", "RequestFigures"]

_NONE = "none"

REQUEST_DURATION = histogram(
    "http_server_request_duration_seconds",
    "How long requests took, up to the end of their answer's body.",
    OPERATION,
    Label("http_request_method", "the method, or `_OTHER`"),
    Label("http_route", "the path as the contract writes it, or `none`"),
    Label("http_response_status_code", "the status of the answer"),
)
ACTIVE_REQUESTS = gauge("http_server_active_requests", "Requests that are being answered now.")

INSTRUMENTS = (REQUEST_DURATION, ACTIVE_REQUESTS)


class RequestFigures:
    """Counts requests that are being answered, and measures those that were."""

    def __init__(self, metrics: Metrics) -> None:
        self._active = metrics.level(ACTIVE_REQUESTS)
        self._duration = metrics.distribution(REQUEST_DURATION)

    def begin(self) -> None:
        """Note that a request has come."""
        self._active.add()

    def end(self, seconds: float, operation: str | None, method: str, route: str | None, status: int) -> None:
        """Note that a request was answered."""
        self._active.add(by=-1)
        self._duration.observe(seconds, operation or _NONE, method, route or _NONE, status)
