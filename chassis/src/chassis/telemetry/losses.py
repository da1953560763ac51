"""What could not be told: counted always, and complained of once a minute at most."""

import time
from collections import Counter
from collections.abc import Callable
from threading import Lock

from structlog import get_logger

from chassis.telemetry.instruments import Label, counter
from chassis.telemetry.metrics import Metrics

__all__ = ["INSTRUMENTS", "Losses", "tell_of_losses"]

DROPPED = counter(
    "concord_telemetry_dropped_total",
    "Spans and reports of errors that could not be sent, or that too many waited before.",
    Label("signal", "what was dropped", ("traces", "errors")),
)
INSTRUMENTS = (DROPPED,)

_QUIET = 60.0  # seconds between two complaints; a collector may be away for days

_lost: Counter[str] = Counter()
"""Of the whole process, as logging is."""

_log = get_logger(__name__)


class Losses:
    """What was dropped of one signal, such as `traces`."""

    def __init__(self, signal: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._signal = signal
        self._clock = clock
        self._lock = Lock()
        self._untold = 0
        self._quiet_until: float | None = None

    def note(self, count: int, reason: str) -> None:
        """Count a loss, from any thread, and say it unless the last complaint is fresh."""
        with self._lock:
            _lost[self._signal] += count
            self._untold += count
            now = self._clock()
            if self._quiet_until is not None and now < self._quiet_until:
                return
            self._quiet_until = now + _QUIET
            dropped, self._untold = self._untold, 0
        _log.warning("telemetry_dropped", signal=self._signal, count=dropped, reason=reason)


def tell_of_losses(metrics: Metrics) -> None:
    """Show how much was dropped."""
    dropped = metrics.count(DROPPED)

    def look() -> None:
        for signal, count in _lost.items():
            dropped.set(count, signal)

    metrics.look(look)
