"""Alerts on the pace at which a budget is spent, as in chapter 5 of Google's SRE workbook.

Each looks at two windows: the long one says that it matters, the short one that it still goes on. An operation that is
hardly used would be alarmed about by one failure; so there must be a few.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from observe.objectives import Objective, metric_name, objectives
from observe.rules import Alert, Group, Record, Severity

__all__ = ["PACES", "Pace", "groups"]

_REQUESTS = "http_server_request_duration_seconds"
_FEWEST = 5  # failures in the long window; one of three requests is bad luck


@dataclass(frozen=True)
class Pace:
    """How many times too fast a budget is spent, over how long."""

    times: float
    long: str
    short: str
    severity: Severity


PACES = (
    Pace(14.4, "1h", "5m", "page"),  # 2 % of the month's budget in an hour
    Pace(6, "6h", "30m", "page"),  # 5 % of it in six hours
    Pace(3, "1d", "2h", "ticket"),  # 10 % of it in a day
    Pace(1, "3d", "6h", "ticket"),  # 10 % of it in three days
)

_ENDINGS: dict[Severity, str] = {"page": "BurnFast", "ticket": "BurnSlowly"}

_WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
_SLOW_WINDOWS = frozenset({"6h", "1d", "3d"})  # a minute more or less is nothing to them


def groups() -> list[Group]:
    """Make the groups of rules that hold every operation to its objective."""
    quick = [window for window in _WINDOWS if window not in _SLOW_WINDOWS]
    slow = [window for window in _WINDOWS if window in _SLOW_WINDOWS]
    return [
        Group("budgets", "30s", records=list(_budgets())),
        Group("windows", "30s", records=[record for window in quick for record in _ratios(window)]),
        Group("long_windows", "2m", records=[record for window in slow for record in _ratios(window)]),
        Group("burning", "30s", alerts=list(_alerts())),
    ]


def _budgets() -> Iterator[Record]:
    for op, objective in objectives():
        labels = {"operation": metric_name(op), "objective": objective.name}
        yield Record("concord:failures:budget", _constant(1 - objective.available), labels)
        yield from _slowness_budget(objective, labels)


def _slowness_budget(objective: Objective, labels: dict[str, str]) -> Iterator[Record]:
    if objective.soon is not None:
        bound = {"le": f"{objective.soon.seconds}"}  # as the histogram writes it, with a decimal point
        yield Record("concord:slowness:budget", _constant(1 - objective.soon.share), {**labels, **bound})


def _constant(share: float) -> str:
    return f"vector({share:.6g})"


def _ratios(window: str) -> Iterator[Record]:
    """What came in a window, which share of it failed, and which share was slower than promised."""
    known = f"concord:requests:increase{window}"
    requests = _increase("job, operation", "count", 'operation!="none"', window)
    failed = _increase("job, operation", "count", 'operation!="none", http_response_status_code=~"5.."', window)
    buckets = _increase("job, operation, le", "bucket", 'operation!="none"', window)
    yield Record(known, f"{requests} > 0")
    yield Record(f"concord:failures:ratio{window}", f"(\n  {failed}\n  or 0 * {known}\n) / {known}")
    yield Record(
        f"concord:slowness:ratio{window}",
        f"1 - sum by (job, operation) (\n  {buckets}\n  and on (operation, le) concord:slowness:budget\n) / {known}",
    )


def _increase(by: str, part: str, which: str, window: str) -> str:
    return f"sum by ({by}) (increase({_REQUESTS}_{part}{{{which}}}[{window}]))"


def _alerts() -> Iterator[Alert]:
    for what, name, summary in (
        ("failures", "Failures", "{{ $labels.operation }} fails more often than promised"),
        ("slowness", "Slowness", "{{ $labels.operation }} is slow more often than promised"),
    ):
        for severity, ending in _ENDINGS.items():
            either = "\nor\n".join(_burns(what, pace) for pace in PACES if pace.severity == severity)
            yield Alert(f"{name}{ending}", either, severity, _and_pace(summary))


def _burns(what: str, pace: Pace) -> str:
    """Both windows are over the pace; the value is how many times too fast the long one is."""
    budget = f"on (operation) group_left (objective) concord:{what}:budget"
    ratio = f"concord:{what}:ratio{pace.long}"
    return (
        f"(\n  {ratio} / {budget} > {pace.times:g}\n"
        f"  and on (job, operation) concord:{what}:ratio{pace.short} / {budget} > {pace.times:g}\n"
        f"  and on (job, operation) {ratio} * concord:requests:increase{pace.long} >= {_FEWEST}\n)"
    )


def _and_pace(summary: str) -> str:
    return summary + ': its budget is spent {{ $value | printf "%.1f" }} times too fast'
