"""Alerts on what is wrong whatever an objective says: broken rules, work that is stuck, parts that are gone."""

from observe.rules import Alert, Group

__all__ = ["groups"]

_LAG = "sum by (job, instance, le) (rate(concord_event_loop_lag_seconds_bucket[5m]))"
_WAIT = "sum by (job, kind, le) (rate(concord_database_unit_wait_seconds_bucket[5m]))"

_REACH = (
    Alert(
        "ServiceGone",
        'absent(up{job="users"}) or absent(up{job="catalog"}) or absent(up{job="orders"})',
        "page",
        "No replica of {{ $labels.job }} can be found",
        lasts="1m",
    ),
    Alert(
        "TargetDown",
        'up{job=~"users|catalog|orders|edge"} == 0',
        "page",
        "{{ $labels.job }} at {{ $labels.instance }} does not answer",
        lasts="1m",
    ),
    Alert(
        "NotReady",
        "concord_ready == 0",
        "page",
        "{{ $labels.job }} at {{ $labels.instance }} runs and takes no requests",
        lasts="2m",
    ),
    Alert(
        "PeerLeftAlone",
        'concord_peer_breaker_state{state="closed"} == 0',
        "page",
        "{{ $labels.job }} gets no good answers from {{ $labels.peer }}, and has stopped to ask",
        lasts="1m",
    ),
)

_BUSINESS = (
    Alert(
        "InvariantViolated",
        "sum by (job, invariant) (increase(concord_invariant_violations_total[10m])) > 0",
        "page",
        "In {{ $labels.job }} it does not hold that {{ $labels.invariant }}",
    ),
    Alert(
        "InvariantUnknown",
        'sum by (job, invariant) (increase(concord_invariant_checks_total{outcome="unknown"}[15m])) > 0\n'
        'unless sum by (job, invariant) (increase(concord_invariant_checks_total{outcome!="unknown"}[15m])) > 0',
        "ticket",
        "For a while nobody could tell whether {{ $labels.invariant }} holds in {{ $labels.job }}",
        lasts="10m",
    ),
    Alert(
        "OrdersParked",
        'max by (job) (concord_orders_open{state="parked"}) > 0',
        "ticket",
        "{{ $value }} orders were given up for now and wait for a person",
        lasts="5m",
    ),
    Alert(
        "OrderPendingTooLong",
        "max by (job) (concord_orders_oldest_pending_seconds)",
        "page",
        "An order has been pending for {{ $value | humanizeDuration }}",
        above="10m",
    ),
)

_WITHIN = (
    Alert(
        "LoopFails",
        'sum by (job, loop) (increase(concord_loop_runs_total{outcome="failed"}[15m])) >= 3\n'
        'unless sum by (job, loop) (increase(concord_loop_runs_total{outcome="done"}[15m])) > 0',
        "ticket",
        "The loop {{ $labels.loop }} of {{ $labels.job }} fails each time",
        lasts="5m",
    ),
    Alert(
        "EventLoopLags",
        f"histogram_quantile(0.99, {_LAG}) > 0.25",
        "ticket",
        "{{ $labels.job }} at {{ $labels.instance }} does everything up to {{ $value | humanizeDuration }} late",
        lasts="10m",
    ),
    Alert(
        "DatabaseQueues",
        f"histogram_quantile(0.95, {_WAIT}) > 0.5",
        "ticket",
        "A {{ $labels.kind }} in {{ $labels.job }} waits up to {{ $value | humanizeDuration }} for the database",
        lasts="10m",
    ),
    Alert(
        "ErrorsLogged",
        'sum by (job) (rate(concord_log_lines_total{level=~"error|critical"}[5m])) > 0.1',
        "ticket",
        '{{ $labels.job }} logs {{ $value | printf "%.1f" }} errors a second',
        lasts="10m",
    ),
    Alert(
        "TelemetryDropped",
        "sum by (job, signal) (increase(concord_telemetry_dropped_total[10m])) > 0",
        "ticket",
        "{{ $labels.job }} loses {{ $labels.signal }}: whoever collects them is away or too slow",
        lasts="10m",
    ),
    Alert(
        "RateLimitsUncounted",
        "concord_rate_limit_store_up == 0",
        "ticket",
        "{{ $labels.job }} at {{ $labels.instance }} serves everybody uncounted: the rate limits' store is away",
        lasts="5m",
    ),
)


def groups() -> list[Group]:
    """Make the groups of alerts that need no objective."""
    return [
        Group("reach", "30s", alerts=_REACH),
        Group("business", "30s", alerts=_BUSINESS),
        Group("within", "30s", alerts=_WITHIN),
    ]
