"""Log events: what is logged and with which fields, declared as data, so that a page and a test can be made of it."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["EVENTS", "EVERY_LINE", "EVERY_REQUEST", "ON_FAILURE", "Event"]

Severity = Literal["debug", "info", "warning", "error"]

EVERY_LINE = {
    "timestamp": "when it happened, in UTC",
    "level": "how bad it is",
    "service": "who says it",
    "event": "what happened, one of the events below; a library's own words where `logger` is there",
}
EVERY_REQUEST = {
    "request_id": "of the request that this belongs to: the caller's X-Request-Id, or one of ours",
    "trace_id": "of the trace over all services",
    "span_id": "of what this process does for the request",
    "parent_id": "the span that called, null where nobody did",
    "operation": "what the contract calls it, or the name of work in the background",
    "principal": "the id of who calls",
    "client_id": "the application that the caller's token was made for",
}
ON_FAILURE = {
    "error": "the type of what was raised",
    "exception": "where it was raised, without the values of variables, in production without messages",
    "logger": "the library whose line this is",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One event; `fields` are those beyond what every line says."""

    name: str
    level: Severity
    meaning: str
    fields: tuple[str, ...] = ()


EVENTS = (
    Event(
        "request",
        "info",
        "The access line of a request. `debug` for probes, `error` for answers that failed, or broke off while wanted.",
        ("method", "route", "status", "duration_ms", "bytes", "complete", "address"),
    ),
    Event("client_left", "info", "A client went away before all of its request was here; nothing was begun."),
    Event("unhandled_error", "error", "A request failed for a reason that nobody foresaw; it was answered 500."),
    Event("undeclared_error", "error", "A handler raised what its contract does not declare; it was answered 500."),
    Event("listening", "info", "The service takes requests.", ("url",)),
    Event("operations_listening", "info", "The operations port answers.", ("url",)),
    Event("shutdown_forced", "error", "The service did not close in time, and was ended.", ("reason",)),
    Event("worker_ended", "error", "One of several processes ended by itself, and is replaced.", ("pid", "code")),
    Event("worker_failed", "error", "One of several processes ends of what it did not foresee."),
    Event("figure_not_found", "warning", "A figure could not be looked up for whoever reads metrics; others could."),
    Event("log_level_changed", "warning", "Somebody set the level at run time.", ("state",)),
    Event("peer_left_alone", "warning", "Calls to a service are refused for a while.", ("peer", "seconds")),
    Event("peer_is_back", "info", "Calls to a service go through again.", ("peer",)),
    Event("keys_not_fetched", "warning", "The keys that verify tokens could not be had; known ones go on.", ("known",)),
    Event("token_not_renewed", "warning", "A token for a peer could not be had in good time.", ("resource",)),
    Event("rate_limits_not_counted", "warning", "The store of rate limits is away: everybody is answered."),
    Event("rate_limits_counted_again", "info", "The store of rate limits is back."),
    Event("loop_run_failed", "error", "A run in the background failed; it is tried again.", ("loop", "failures")),
    Event("loop_cut_short", "warning", "A run in the background did not end in time at shutdown.", ("loop", "grace")),
    Event("invariant_violated", "error", "Something that must hold does not.", ("invariant", "count", "examples")),
    Event("invariant_not_checked", "warning", "An invariant could not be looked at.", ("invariant", "reason")),
    Event(
        "telemetry_dropped",
        "warning",
        "Spans or reports could not be sent; said once a minute at most.",
        ("signal", "count", "reason"),
    ),
    Event("fault_strikes", "warning", "A fault of a test strikes; never in production.", ("point", "moment", "kind")),
)
