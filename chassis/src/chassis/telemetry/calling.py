"""What is measured of the calls to other services."""

from chassis.telemetry.instruments import Label, counter, gauge, histogram
from chassis.telemetry.metrics import Metrics

__all__ = ["BREAKER_STATE", "INSTRUMENTS", "CallFigures"]

_PEER = Label("peer", "the service that is called")

CALL_DURATION = histogram(
    "http_client_request_duration_seconds",
    "How long calls to other services took, with all their attempts and the wait for a turn.",
    _PEER,
    Label("operation", "the contract's name, as `users.v2.get_user`"),
    Label(
        "outcome",
        "the status of the answer, or `unreachable`, `timeout`, `refused_by_breaker`, `no_turn`, `cancelled`, `failed`",
    ),
)
RETRIES = counter("concord_peer_retries_total", "Attempts that were made again after silence.", _PEER)
BREAKER_STATE = gauge(
    "concord_peer_breaker_state",
    "1 for the state that the circuit breaker before a service is in.",
    _PEER,
    Label("state", "`closed` lets calls through, `open` refuses them, `half_open` tries one"),
)

INSTRUMENTS = (CALL_DURATION, RETRIES, BREAKER_STATE)


class CallFigures:
    """Measures the calls to one service."""

    def __init__(self, metrics: Metrics, peer: str) -> None:
        self._peer = peer
        self._duration = metrics.distribution(CALL_DURATION)
        self._retries = metrics.count(RETRIES)
        self._retries.add(peer, by=0)

    def end(self, seconds: float, operation: str, outcome: str) -> None:
        """Note what came of a call."""
        self._duration.observe(seconds, self._peer, operation, outcome)

    def repeat(self) -> None:
        """Note that a call is made again."""
        self._retries.add(self._peer)
