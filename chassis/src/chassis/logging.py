"""Log lines: one JSON object an event on stdout, or text for a person in a terminal, for us and for libraries."""

import json
import logging
import sys
from typing import Literal

import structlog
from pydantic_core import PydanticSerializationError, to_json
from structlog.types import EventDict, ExcInfo, Processor, WrappedLogger

from chassis.context import current
from chassis.outlet import OUTLET
from chassis.redaction import explain, shown
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
Form = Literal["auto", "json", "pretty"]

_TALKATIVE = ("httpx", "httpcore", "httpx2", "httpcore2")
"""They log every URL, with its query; our own access lines say what is needed."""

_TOLD_BY_US = ("opentelemetry", "sentry_sdk", "urllib3")
"""They complain of all that a collector or a Sentry does not take; we do so once a minute."""

_ERRORS = frozenset({"error", "critical"})

_FIRST = ("timestamp", "level", "service", "event")

_OWN_HANDLERS = ("uvicorn", "uvicorn.error", "uvicorn.access")


def configure(level: Level, form: Form, service: str, *, reveal: bool = False, report: Report | None = None) -> None:
    """Send the lines of structlog and of the standard library to stdout, redacted, in one form.

    The messages of exceptions may quote what a caller sent, so they are only shown when told to `reveal`
    them, which a service does outside of production. Errors that are logged are told to `report` as well.
    """
    explaining = _Explain(report, reveal=reveal)
    shared = [_Enrich(service), structlog.stdlib.add_log_level, explaining, _arrange, count_line]
    renderer = _renderer(form)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_Lines,
        cache_logger_on_first_use=False,
    )
    _route_standard_logging(level, [structlog.stdlib.add_logger_name, *shared], renderer)


def level() -> Level:
    """Say the least level that is logged."""
    return _LEVELS[logging.getLogger().level]


def set_level(level: Level) -> None:
    """Log from this level on, for us and for libraries, until the process ends or another one is set."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level))
    logging.getLogger().setLevel(level.upper())


def _renderer(form: Form) -> Processor:
    if form == "pretty" or (form == "auto" and sys.stdout.isatty()):
        return structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())
    return _write_json


def _write_json(logger: WrappedLogger, method: str, event: EventDict) -> str:
    try:
        return to_json(event, fallback=repr, inf_nan_mode="strings").decode()
    except PydanticSerializationError:  # for text that is no Unicode; who logs it should not fail of that
        return json.dumps(event, default=repr)


def _route_standard_logging(level: Level, before: list[Processor], renderer: Processor) -> None:
    handler = logging.StreamHandler(OUTLET)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
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
        self._stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        event["service"] = self._service
        if context := current():
            event["request_id"] = context.request_id
            event["trace_id"] = context.trace.trace_id
            event["span_id"] = context.trace.span_id
            event["parent_id"] = context.trace.parent_id
            event["operation"] = context.operation
            event["principal"] = context.principal
            event["client_id"] = context.client_id
        return self._stamp(logger, method, event)


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


def _arrange(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Redact, and put first what a reader looks for first."""
    arranged: EventDict = dict.fromkeys(_FIRST)
    for name, value in event.items():
        arranged[name] = value if name.startswith("_") else shown(name, value)  # structlog's own has a `_`
    return arranged


class _Lines:
    """Writes what comes out of the processors, however bad it is."""

    def __init__(self, *names: object) -> None:
        pass

    def write(self, text: str) -> None:
        OUTLET.write(f"{text}\n")

    def write_now(self, text: str) -> None:
        """Write what may be the last word of this process."""
        self.write(text)
        OUTLET.empty()

    debug = info = warning = write
    error = critical = write_now
