"""What a process says of itself: which build it is, whether it is ready, and how much it logs."""

import platform
from collections import Counter
from collections.abc import Awaitable, Callable

from structlog.types import EventDict, WrappedLogger

from chassis.telemetry.instruments import Label, counter, gauge
from chassis.telemetry.metrics import Metrics

__all__ = ["INSTRUMENTS", "count_line", "tell_of_build", "tell_of_lines", "tell_whether_ready"]

BUILD_INFO = gauge(
    "concord_build_info",
    "Always 1; its labels say which build runs.",
    Label("version", "of the service's package"),
    Label("commit", "CONCORD_COMMIT, which images are built with"),
    Label("python", "the version of the interpreter"),
    merged="max",
)
READY = gauge(
    "concord_ready", "1 while the service is ready, else 0; of several processes one is enough.", merged="max"
)
WORKERS = gauge("concord_workers", "Processes that serve the port: those that answered when they were asked.")
LOG_LINES = counter(
    "concord_log_lines_total",
    "Lines that were logged.",
    Label("level", "how bad it is").of("debug", "info", "warning", "error", "critical"),
)

INSTRUMENTS = (BUILD_INFO, READY, WORKERS, LOG_LINES)

_lines: Counter[str] = Counter()
"""Of the whole process, as logging is."""


def count_line(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Count a line that is about to be logged; a processor of structlog."""
    _lines[event["level"]] += 1
    return event


def tell_of_lines(metrics: Metrics) -> None:
    """Show how many lines were logged."""
    lines = metrics.count(LOG_LINES)

    def look() -> None:
        for level, count in _lines.items():
            lines.set(count, level)

    metrics.look(look)


def tell_of_build(metrics: Metrics, version: str, commit: str) -> None:
    """Show which build this is."""
    metrics.level(BUILD_INFO).set(1, version, commit, platform.python_version())
    metrics.level(WORKERS).set(1)


def tell_whether_ready(metrics: Metrics, is_ready: Callable[[], Awaitable[bool]]) -> None:
    """Show whether the service is ready, as it is found when somebody asks."""
    ready = metrics.level(READY)

    async def look() -> None:
        ready.set(await is_ready())

    metrics.look(look)
