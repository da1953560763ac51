"""What the page shows: of each service what callers meet, of the shop what becomes of orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from observe.samples import Change, Samples

__all__ = ["AWAY", "Moment", "Operation", "Orders", "Service", "read_orders", "read_service"]

_REQUESTS = "http_server_request_duration_seconds"
_STATES = ("open", "half_open", "closed")


@dataclass(frozen=True)
class Operation:
    """One operation of the last seconds."""

    name: str
    rate: float
    errors: float
    """The share that ended in a fault (5xx)."""
    p95: float | None


@dataclass(frozen=True)
class Service:
    """One service of the last seconds."""

    is_up: bool = False
    is_ready: bool = False
    rate: float = 0.0
    errors: float = 0.0
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    active: float = 0.0
    lag: float | None = None
    breakers: Mapping[str, str] = field(default_factory=dict[str, str])
    """The state of the breaker before each peer."""
    operations: Sequence[Operation] = ()


@dataclass(frozen=True)
class Orders:
    """What became of orders in the last seconds, a second, and what waits now."""

    outcomes: Mapping[str, float] = field(default_factory=dict[str, float])
    waiting: Mapping[str, float] = field(default_factory=dict[str, float])
    oldest: float = 0.0


@dataclass(frozen=True)
class Moment:
    """One point of the pictures."""

    rate: float
    errors: float
    p95: float | None


AWAY = Service()
"""A service that does not answer."""


def read_service(before: Samples, after: Samples) -> Service:
    """Tell what was measured between two moments."""
    change = Change(before, after)
    requests = change.total(f"{_REQUESTS}_count")
    return Service(
        is_up=True,
        is_ready=after.total("concord_ready") > 0,
        rate=requests / change.seconds,
        errors=_share(_failed(change), requests),
        p50=change.quantile(0.5, _REQUESTS, {}),
        p95=change.quantile(0.95, _REQUESTS, {}),
        p99=change.quantile(0.99, _REQUESTS, {}),
        active=after.total("http_server_active_requests"),
        lag=change.quantile(0.99, "concord_event_loop_lag_seconds", {}),
        breakers=_breakers(after),
        operations=sorted(_operations(change), key=lambda operation: -operation.rate),
    )


def read_orders(before: Samples, after: Samples) -> Orders:
    """Tell what became of orders between two moments, by what the orders service says."""
    change = Change(before, after)
    outcomes = change.by("concord_orders_total", "outcome")
    return Orders(
        outcomes={outcome: count / change.seconds for outcome, count in outcomes.items()},
        waiting=after.by("concord_orders_open", "state"),
        oldest=after.total("concord_orders_oldest_pending_seconds"),
    )


def _operations(change: Change) -> list[Operation]:
    failed = _failed_by_operation(change)
    return [
        Operation(
            name=name,
            rate=count / change.seconds,
            errors=_share(failed.get(name, 0), count),
            p95=change.quantile(0.95, _REQUESTS, {"operation": name}),
        )
        for name, count in change.by(f"{_REQUESTS}_count", "operation").items()
        if count
    ]


def _failed(change: Change) -> float:
    return sum(_failed_by_operation(change).values())


def _failed_by_operation(change: Change) -> dict[str, float]:
    found = dict[str, float]()
    for labels, value in change.of(f"{_REQUESTS}_count"):
        if labels["http_response_status_code"].startswith("5"):
            found[labels["operation"]] = found.get(labels["operation"], 0) + value
    return found


def _breakers(samples: Samples) -> dict[str, str]:
    return {
        labels["peer"]: labels["state"]
        for labels, value in samples.all("concord_peer_breaker_state")
        if value == 1 and labels["state"] in _STATES
    }


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
