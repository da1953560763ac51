"""Log lines, for us and for libraries: what happened is gathered at once, and written behind who tells of it."""

import logging
import sys
import time
from functools import partial
from typing import Literal

import structlog
from structlog.types import EventDict, ExcInfo, Processor, WrappedLogger

from chassis.context import current
from chassis.outlet import OUTLET, Make
from chassis.redaction import explain
from chassis.rendering import Form, Write, writer
from chassis.telemetry.process import count_line
from chassis.telemetry.reports import Report

__all__ = ["Level", "configure", "level", "set_level"]

Level = Literal["debug", "info", "warning", "error"]
_LEVELS: dict[int, Level] = {
    logging.DEBUG: "debug",
    logging.INFO: "info",
    logging.WARNING: "warning",
    logging.ERROR: "error",
}

_TALKATIVE = ("httpx", "httpcore", "httpx2", "httpcore2")
"""They log every URL, with its query; our own access lines say what is needed."""

_TOLD_BY_US = ("opentelemetry", "sentry_sdk", "urllib3")
"""They complain of all that a collector or a Sentry does not take; we do so once a minute."""

_ERRORS = frozenset({"error", "critical"})

_OWN_HANDLERS = ("uvicorn", "uvicorn.error", "uvicorn.access")


def configure(level: Level, form: Form, service: str, *, reveal: bool = False, report: Report | None = None) -> None:
    """Send the lines of structlog and of the standard library to stdout, redacted, in one form.

    The messages of exceptions may quote what a caller sent, so they are only shown when told to `reveal`
    them, which a service does outside of production. Errors that are logged are told to `report` as well.
    """
    write = writer(form)
    shared: list[Processor] = [
        _Enrich(service),
        structlog.stdlib.add_log_level,
        _Explain(report, reveal=reveal),
        count_line,
    ]
    structlog.configure(
        processors=[*shared, partial(_hand_over, write)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_Lines,
        cache_logger_on_first_use=False,
    )
    _route_standard_logging(level, [structlog.stdlib.add_logger_name, *shared], write)


def level() -> Level:
    """Say the least level that is logged."""
    return _LEVELS[logging.getLogger().level]


def set_level(level: Level) -> None:
    """Log from this level on, for us and for libraries, until the process ends or another one is set."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level))
    logging.getLogger().setLevel(level.upper())


def _route_standard_logging(level: Level, before: list[Processor], write: Write) -> None:
    handler = logging.StreamHandler(OUTLET)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, lambda _, __, event: write(event)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _TOLD_BY_US:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    for name in _OWN_HANDLERS:
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True


class _Enrich:
    """Adds when it happened, in which service, and for which request."""

    def __init__(self, service: str) -> None:
        self._service = service

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        event["timestamp"] = time.time()
        event["service"] = self._service
        if context := current():
            event["request_id"] = context.request_id
            event["trace_id"] = context.trace.trace_id
            event["span_id"] = context.trace.span_id
            event["parent_id"] = context.trace.parent_id
            event["operation"] = context.operation
            event["principal"] = context.principal
            event["client_id"] = context.client_id
        return event


class _Explain:
    """Turns `exc_info` into the error's type and its traceback, and reports it where the line tells of an error."""

    def __init__(self, report: Report | None, *, reveal: bool) -> None:
        self._report = report
        self._reveal = reveal

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        error = _error(event.pop("exc_info", None))
        if error is not None:
            if self._report and event["level"] in _ERRORS:
                self._report(error, event)
            event["error"] = type(error).__name__
            event["exception"] = explain(error, reveal=self._reveal)
        return event


def _error(info: ExcInfo | BaseException | bool | None) -> BaseException | None:
    if isinstance(info, BaseException):
        return info
    if isinstance(info, tuple):
        return info[1]
    return sys.exception() if info else None


def _hand_over(write: Write, logger: WrappedLogger, method: str, event: EventDict) -> tuple[tuple[Make], EventDict]:
    return (partial(write, event),), {}


class _Lines:
    """Passes on what comes out of the processors, however bad it is."""

    def __init__(self, *names: object) -> None:
        pass

    def write(self, make: Make) -> None:
        OUTLET.put(make)

    def write_now(self, make: Make) -> None:
        """Write what may be the last word of this process."""
        self.write(make)
        OUTLET.empty()

    debug = info = warning = write
    error = critical = write_now
