"""What the dashboard shows of the shop, row by row: what matters to customers first, what it is made of after."""

from observe.panels import Panel, Row, amounts, durations, rates, said, summed

__all__ = ["ROWS"]

_SERVED = "http_server_request_duration_seconds"
_CALLED = "http_client_request_duration_seconds"
_ALL = summed(f"{_SERVED}_count", "job")
_FAILED = summed(f"{_SERVED}_count", "job", ', http_response_status_code=~"5.."')
_SLOWEST = f"topk(10, histogram_quantile(0.95, {summed(f'{_SERVED}_bucket', 'operation, le')}))"
_BROKEN = 'sum by (job) (increase(concord_invariant_violations_total{job=~"$job"}[1h]))'


def _spending(title: str, what: str) -> Panel:
    expr = f"concord:{what}:ratio1h / on (operation) group_left () concord:{what}:budget"
    says = "1 spends the budget in just a month; 14.4 pages."
    return Panel(title=title, says=says, unit="short", queries=[said(expr, "operation")])


_NOW = Row(
    "Is all well?",
    (
        amounts("Ready", "sum", "concord_ready", "job", "Replicas that take requests.", kind="stat"),
        Panel(
            title="Alerts that fire",
            says="docs/runbooks.md says what to do about each.",
            unit="short",
            queries=[said('sum by (severity) (ALERTS{alertstate="firing"}) or vector(0)', "severity")],
            kind="stat",
        ),
        Panel(
            title="Broken invariants in the last hour",
            says="Anything but 0 means that data is wrong.",
            unit="short",
            queries=[said(_BROKEN, "job")],
            kind="stat",
        ),
        amounts(
            "Builds",
            "count",
            "concord_build_info",
            "job, version, commit",
            "Two while one is new.",
            kind="stat",
        ),
    ),
)

_REQUESTS = Row(
    "Requests",
    (
        rates("Rate", f"{_SERVED}_count", "job", unit="reqps"),
        Panel(
            title="Errors",
            says="The share that ended in a fault of ours (5xx).",
            unit="percentunit",
            queries=[said(f"({_FAILED} or 0 * {_ALL}) / {_ALL}", "job")],
        ),
        durations("Latency", _SERVED, "job", 50, 95, 99),
        rates("Status", f"{_SERVED}_count", "http_response_status_code", unit="reqps", stacked=True),
        Panel(title="Slowest operations (p95)", unit="s", queries=[said(_SLOWEST, "operation")]),
        amounts("Being answered now", "sum", "http_server_active_requests", "job"),
    ),
)

_OBJECTIVES = Row(
    "Objectives",
    (
        _spending("How fast failures spend their budget", "failures"),
        _spending("How fast slowness spends its budget", "slowness"),
    ),
)

_ORDERS = Row(
    "Orders",
    (
        rates("Outcomes", "concord_orders_total", "outcome", stacked=True),
        amounts("Open", "max", "concord_orders_open", "state"),
        amounts("Age of the oldest pending", "max", "concord_orders_oldest_pending_seconds", "job"),
        rates("Reservations", "concord_reservations_total", "outcome"),
        rates("Requests that came again", "concord_idempotency_replays_total", "operation"),
        rates("Logins", "concord_logins_total", "outcome"),
    ),
)

_CALLS = Row(
    "Calls between services",
    (
        rates("Outcomes", f"{_CALLED}_count", "job, peer, outcome", unit="reqps"),
        durations("Latency", _CALLED, "job, peer", 95),
        amounts(
            "Breakers that are closed",
            "min",
            "concord_peer_breaker_state",
            "job, peer",
            "0 while a peer is left alone.",
            where=', state="closed"',
        ),
        rates("Made again", "concord_peer_retries_total", "job, peer"),
    ),
)

_INSIDE = Row(
    "Inside",
    (
        durations("Waiting for the database", "concord_database_unit_wait_seconds", "job, kind", 95),
        durations("Units of work", "concord_database_unit_run_seconds", "job, kind", 95),
        amounts("Connections to the database", "sum", "concord_database_connections", "job, state"),
        durations("The event loop is late by", "concord_event_loop_lag_seconds", "job", 99),
        rates("Runs of loops", "concord_loop_runs_total", "job, loop, outcome"),
        durations("Runs of loops take", "concord_loop_run_duration_seconds", "job, loop", 95),
        rates("Looks at invariants", "concord_invariant_checks_total", "job, outcome"),
        rates("Log lines", "concord_log_lines_total", "job, level", stacked=True),
        rates("Telemetry thrown away", "concord_telemetry_dropped_total", "job, signal"),
    ),
)

_CALLERS = Row(
    "Callers",
    (
        rates("Who still uses version 1", "concord_deprecated_requests_total", "api, client", unit="reqps"),
        rates("Refused for coming too often", "concord_rate_limit_refusals_total", "operation"),
        amounts("Rate limits are counted", "min", "concord_rate_limit_store_up", "job", "0 while their store is away."),
    ),
)

ROWS = (_NOW, _REQUESTS, _OBJECTIVES, _ORDERS, _CALLS, _INSIDE, _CALLERS)
