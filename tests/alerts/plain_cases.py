"""What each alert that needs no objective is told by, and what is told to whom."""

from .cases import Firing, Silence, steady

HERE = 'job="orders", instance="orders-1:9000"'
AT = {"job": "orders", "instance": "orders-1:9000"}
ALL_UP = {f'up{{job="{job}", instance="{job}-1:9000"}}': "1+0x180" for job in ("users", "catalog", "orders")}
GROWING = "0+0x59 0+1x59 59+0x60"  # a counter that grows for the second of three hours


FIRING = [
    Firing(
        "the last replica is gone from the network's names",
        alert="ServiceGone",
        severity="page",
        series=ALL_UP | {'up{job="orders", instance="orders-1:9000"}': "1+0x59 _x59 1+0x59"},
        before="65m",
        at="66m",
        after="122m",
        labels={"job": "orders"},
        summary="No replica of orders can be found",
    ),
    Firing(
        "one replica does not answer",
        alert="TargetDown",
        severity="page",
        series=ALL_UP | {f"up{{{HERE}}}": steady(1, 0, 1)},
        before="60m",
        at="62m",
        after="121m",
        labels=AT,
        summary="orders at orders-1:9000 does not answer",
    ),
    Firing(
        "a replica runs and is not ready",
        alert="NotReady",
        severity="page",
        series={f"concord_ready{{{HERE}}}": steady(1, 0, 1)},
        before="61m",
        at="63m",
        after="121m",
        labels=AT,
        summary="orders at orders-1:9000 runs and takes no requests",
    ),
    Firing(
        "a breaker is open, and half open now and then",
        alert="PeerLeftAlone",
        severity="page",
        series={
            f'concord_peer_breaker_state{{{HERE}, peer="catalog", state="closed"}}': steady(1, 0, 1),
            f'concord_peer_breaker_state{{{HERE}, peer="catalog", state="open"}}': "0+0x59 1 0 1 0 1 0+0x120",
        },
        before="60m",
        at="62m",
        after="121m",
        labels=AT | {"peer": "catalog", "state": "closed"},
        summary="orders gets no good answers from catalog, and has stopped to ask",
    ),
    Firing(
        "an invariant is found broken",
        alert="InvariantViolated",
        severity="page",
        series={f'concord_invariant_violations_total{{{HERE}, invariant="each_key_has_one_order"}}': GROWING},
        before="59m",
        at="62m",
        after="131m",
        labels={"job": "orders", "invariant": "each_key_has_one_order"},
        summary="In orders it does not hold that each_key_has_one_order",
    ),
    Firing(
        "an invariant cannot be looked at",
        alert="InvariantUnknown",
        severity="ticket",
        series={
            f'concord_invariant_checks_total{{{HERE}, invariant="orders_are_sold", outcome="unknown"}}': GROWING,
            f'concord_invariant_checks_total{{{HERE}, invariant="orders_are_sold", outcome="held"}}': (
                "0+1x59 59+0x59 59+1x60"
            ),
        },
        before="80m",
        at="90m",
        after="122m",
        labels={"job": "orders", "invariant": "orders_are_sold"},
        summary="For a while nobody could tell whether orders_are_sold holds in orders",
    ),
    Firing(
        "orders are parked",
        alert="OrdersParked",
        severity="ticket",
        series={f'concord_orders_open{{{HERE}, state="parked"}}': steady(0, 3, 0)},
        before="64m",
        at="66m",
        after="121m",
        labels={"job": "orders"},
        summary="3 orders were given up for now and wait for a person",
    ),
    Firing(
        "an order waits for longer than anybody expects",
        alert="OrderPendingTooLong",
        severity="page",
        series={f"concord_orders_oldest_pending_seconds{{{HERE}}}": "0+0x59 0+60x59 0+0x60"},
        before="69m",
        at="75m",
        after="121m",
        labels={"job": "orders"},
        summary="An order has been pending for 15m 0s",
    ),
    Firing(
        "a loop fails each time",
        alert="LoopFails",
        severity="ticket",
        series={
            f'concord_loop_runs_total{{{HERE}, loop="recovery", outcome="failed"}}': GROWING,
            f'concord_loop_runs_total{{{HERE}, loop="recovery", outcome="done"}}': "0+60x59 3540+0x59 3540+60x60",
        },
        before="75m",
        at="85m",
        after="122m",
        labels={"job": "orders", "loop": "recovery"},
        summary="The loop recovery of orders fails each time",
    ),
    Firing(
        "the event loop comes late",
        alert="EventLoopLags",
        severity="ticket",
        series={
            f'concord_event_loop_lag_seconds_bucket{{{HERE}, le="0.25"}}': "0+60x59 3540+0x59 3540+60x60",
            f'concord_event_loop_lag_seconds_bucket{{{HERE}, le="0.5"}}': "0+60x179",
            f'concord_event_loop_lag_seconds_bucket{{{HERE}, le="+Inf"}}': "0+60x179",
        },
        before="69m",
        at="76m",
        after="126m",
        labels=AT,
        summary="orders at orders-1:9000 does everything up to 497.5ms late",
    ),
    Firing(
        "reading units wait for the database",
        alert="DatabaseQueues",
        severity="ticket",
        series={
            f'concord_database_unit_wait_seconds_bucket{{{HERE}, kind="read", le="0.5"}}': (
                "0+60x59 3540+0x59 3540+60x60"
            ),
            f'concord_database_unit_wait_seconds_bucket{{{HERE}, kind="read", le="1.0"}}': "0+60x179",
            f'concord_database_unit_wait_seconds_bucket{{{HERE}, kind="read", le="+Inf"}}': "0+60x179",
        },
        before="69m",
        at="76m",
        after="126m",
        labels={"job": "orders", "kind": "read"},
        summary="A read in orders waits up to 975ms for the database",
    ),
    Firing(
        "many errors are logged",
        alert="ErrorsLogged",
        severity="ticket",
        series={f'concord_log_lines_total{{{HERE}, level="error"}}': "0+0x59 0+12x59 708+0x60"},
        before="69m",
        at="80m",
        after="126m",
        labels={"job": "orders"},
        summary="orders logs 0.2 errors a second",
    ),
    Firing(
        "a collector does not take what it is sent",
        alert="TelemetryDropped",
        severity="ticket",
        series={f'concord_telemetry_dropped_total{{{HERE}, signal="traces"}}': GROWING},
        before="69m",
        at="80m",
        after="131m",
        labels={"job": "orders", "signal": "traces"},
        summary="orders loses traces: whoever collects them is away or too slow",
    ),
    Firing(
        "nobody counts calls",
        alert="RateLimitsUncounted",
        severity="ticket",
        series={f"concord_rate_limit_store_up{{{HERE}}}": steady(1, 0, 1)},
        before="64m",
        at="66m",
        after="121m",
        labels=AT,
        summary="orders at orders-1:9000 serves everybody uncounted: the rate limits' store is away",
    ),
]

SILENT = [
    Silence("two replicas are there", alert="ServiceGone", series=ALL_UP, at="30m"),
    Silence(
        "a target that is not ours is down", alert="TargetDown", series=ALL_UP | {'up{job="else"}': "0+0x60"}, at="30m"
    ),
    Silence(
        "a breaker was open for a moment",
        alert="PeerLeftAlone",
        series={f'concord_peer_breaker_state{{{HERE}, peer="catalog", state="closed"}}': "1+0x9 0 1+0x20"},
        at="11m",
    ),
    Silence(
        "one look fails between others that do not",
        alert="InvariantUnknown",
        series={
            f'concord_invariant_checks_total{{{HERE}, invariant="a", outcome="unknown"}}': "0+0x9 1+1x50",
            f'concord_invariant_checks_total{{{HERE}, invariant="a", outcome="held"}}': "0+1x60",
        },
        at="40m",
    ),
    Silence(
        "a loop fails now and then",
        alert="LoopFails",
        series={
            f'concord_loop_runs_total{{{HERE}, loop="recovery", outcome="failed"}}': "0+1x60",
            f'concord_loop_runs_total{{{HERE}, loop="recovery", outcome="done"}}': "0+10x60",
        },
        at="40m",
    ),
    Silence(
        "an error is logged now and then",
        alert="ErrorsLogged",
        series={f'concord_log_lines_total{{{HERE}, level="error"}}': "0+3x60"},
        at="40m",
    ),
    Silence(
        "many warnings are no errors",
        alert="ErrorsLogged",
        series={f'concord_log_lines_total{{{HERE}, level="warning"}}': "0+60x60"},
        at="40m",
    ),
    Silence(
        "orders that are pending are not parked",
        alert="OrdersParked",
        series={f'concord_orders_open{{{HERE}, state="pending"}}': "3+0x60"},
        at="40m",
    ),
]
