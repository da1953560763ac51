"""Panels of a dashboard as data: what each is called, what it shows, and by which queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["Panel", "Query", "Row", "amounts", "durations", "rates", "said", "summed"]

Unit = Literal["reqps", "percentunit", "s", "short", "ops"]
Kind = Literal["timeseries", "stat"]

_JOB = 'job=~"$job"'


@dataclass(frozen=True)
class Query:
    """One expression, and how its series are called."""

    expr: str
    legend: str


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One picture."""

    title: str
    unit: Unit
    queries: Sequence[Query]
    says: str = ""
    kind: Kind = "timeseries"
    stacked: bool = False


@dataclass(frozen=True)
class Row:
    """Panels that belong together."""

    title: str
    panels: Sequence[Panel]


def said(expr: str, by: str) -> Query:
    """Make a query whose series are called by these labels."""
    return Query(expr, " ".join(f"{{{{{label}}}}}" for label in by.split(", ")))


def summed(metric: str, by: str, where: str = "") -> str:
    """Say how often something is counted a second."""
    return f"sum by ({by}) (rate({metric}{{{_JOB}{where}}}[$__rate_interval]))"


def rates(title: str, metric: str, by: str, says: str = "", *, unit: Unit = "ops", stacked: bool = False) -> Panel:
    """Show how often something is counted a second."""
    return Panel(title=title, says=says, unit=unit, queries=[said(summed(metric, by), by)], stacked=stacked)


def durations(title: str, metric: str, by: str, *shares: int) -> Panel:
    """Show below what time so many of a hundred stay."""
    buckets = summed(f"{metric}_bucket", f"{by}, le")
    found = [said(f"histogram_quantile({share / 100}, {buckets})", by) for share in shares]
    queries = [Query(query.expr, f"p{share} {query.legend}") for query, share in zip(found, shares, strict=True)]
    return Panel(title=title, unit="s", queries=queries)


def amounts(
    title: str, function: str, metric: str, by: str, says: str = "", *, where: str = "", kind: Kind = "timeseries"
) -> Panel:
    """Show what something is now: the sum, minimum or maximum over replicas."""
    unit: Unit = "s" if metric.endswith("_seconds") else "short"
    expr = f"{function} by ({by}) ({metric}{{{_JOB}{where}}})"
    return Panel(title=title, says=says, unit=unit, queries=[said(expr, by)], kind=kind)
