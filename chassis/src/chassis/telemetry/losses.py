"""What could not be told: counted always, and complained of once a minute at most."""

import time
from collections.abc import Callable
from threading import Lock

from structlog import get_logger

from chassis.telemetry.instruments import Label, counter
from chassis.telemetry.metrics import Metrics

__all__ = ["INSTRUMENTS", "Losses"]

DROPPED = counter(
    "concord_telemetry_dropped_total",
    "Spans and reports of errors that could not be sent, or that too many waited before.",
    Label("signal", "what was dropped", ("traces", "errors")),
)
INSTRUMENTS = (DROPPED,)

_QUIET = 60.0  # seconds between two complaints; a collector may be away for days

_log = get_logger(__name__)


class Losses:
    """What was dropped of one signal, such as `traces`."""

    def __init__(self, signal: str, metrics: Metrics, clock: Callable[[], float] = time.monotonic) -> None:
        self._signal = signal
        self._dropped = metrics.count(DROPPED)
        self._clock = clock
        self._lock = Lock()
        self._untold = 0
        self._quiet_until: float | None = None

    def note(self, count: int, reason: str) -> None:
        """Count a loss, from any thread, and say it unless the last complaint is fresh."""
        with self._lock:
            self._dropped.add(self._signal, by=count)
            self._untold += count
            now = self._clock()
            if self._quiet_until is not None and now < self._quiet_until:
                return
            self._quiet_until = now + _QUIET
            dropped, self._untold = self._untold, 0
        _log.warning("telemetry_dropped", signal=self._signal, count=dropped, reason=reason)
