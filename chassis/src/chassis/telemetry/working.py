"""What is measured of work in the background, and of the event loop that all shares."""

import asyncio
from typing import Self

from chassis.telemetry.instruments import Label, counter, histogram
from chassis.telemetry.metrics import Metrics

__all__ = ["INSTRUMENTS", "LagWatch", "LoopFigures"]

_LOOP = Label("loop", "the name of the work, such as `recovery`")

LOOP_RUNS = counter(
    "concord_loop_runs_total", "Runs of work in the background.", _LOOP, Label("outcome", "how it ended: done, failed")
)
LOOP_DURATION = histogram("concord_loop_run_duration_seconds", "How long runs in the background took.", _LOOP)
LAG = histogram(
    "concord_event_loop_lag_seconds",
    "How late the event loop came to something that was due: while it is late, everybody waits.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)

INSTRUMENTS = (LOOP_RUNS, LOOP_DURATION, LAG)

_GLANCE = 0.1  # seconds


class LoopFigures:
    """Counts the runs of one loop."""

    def __init__(self, metrics: Metrics, name: str) -> None:
        self._name = name
        self._runs = metrics.count(LOOP_RUNS)
        self._duration = metrics.distribution(LOOP_DURATION)
        for outcome in ("done", "failed"):
            self._runs.add(name, outcome, by=0)

    def end(self, seconds: float, *, has_failed: bool) -> None:
        """Note how a run ended."""
        self._runs.add(self._name, "failed" if has_failed else "done")
        self._duration.observe(seconds, self._name)


class LagWatch:
    """Looks ten times a second how late the event loop is, from `with` to its end."""

    _timer: asyncio.TimerHandle

    def __init__(self, metrics: Metrics) -> None:
        self._lag = metrics.distribution(LAG)

    def __enter__(self) -> Self:
        self._plan(asyncio.get_running_loop())
        return self

    def __exit__(self, *ended: object) -> None:
        self._timer.cancel()

    def _plan(self, loop: asyncio.AbstractEventLoop) -> None:
        due = loop.time() + _GLANCE
        self._timer = loop.call_at(due, self._look, loop, due)

    def _look(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        self._lag.observe(loop.time() - due)
        self._plan(loop)
