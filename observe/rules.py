"""Rules as Prometheus reads them: groups of recorded series and of alerts, and how all their times are scaled."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import yaml

__all__ = ["Alert", "Group", "Record", "scale", "seconds", "text"]

Severity = Literal["page", "ticket"]

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DURATION = re.compile(r"([0-9]+)([smhd])")
_RANGE = re.compile(r"(?<=\[)[0-9]+[smhd](?=\])")


@dataclass(frozen=True)
class Record:
    """A series that is computed again and again, so that others need not."""

    name: str
    expr: str
    labels: Mapping[str, str] = field(default_factory=dict[str, str])

    def document(self) -> dict[str, Any]:
        labels = {"labels": dict(self.labels)} if self.labels else {}
        return {"record": self.name, "expr": self.expr, **labels}


@dataclass(frozen=True)
class Alert:
    """Something that a person should know of: at once (a page) or on a working day (a ticket)."""

    name: str
    expr: str
    severity: Severity
    summary: str
    lasts: str = "0s"
    """How long it must be so before anybody is told."""
    above: str | None = None
    """A bound in time, such as `10m`, that the expression's seconds must exceed."""

    @property
    def condition(self) -> str:
        return self.expr if self.above is None else f"{self.expr} > {seconds(self.above):g}"

    def document(self, runbooks: str) -> dict[str, Any]:
        return {
            "alert": self.name,
            "expr": self.condition,
            "for": self.lasts,
            "labels": {"severity": self.severity},
            "annotations": {"summary": self.summary, "runbook_url": f"{runbooks}#{self.name.lower()}"},
        }


@dataclass(frozen=True)
class Group:
    """Rules that are evaluated one after the other, every so often."""

    name: str
    every: str
    records: Sequence[Record] = ()
    alerts: Sequence[Alert] = ()

    def document(self, runbooks: str) -> dict[str, Any]:
        rules = [*(record.document() for record in self.records), *(alert.document(runbooks) for alert in self.alerts)]
        return {"name": self.name, "interval": self.every, "rules": rules}


def text(groups: Sequence[Group], runbooks: str) -> str:
    """Write groups as a file that Prometheus loads; alerts say where their runbook is."""
    document = {"groups": [group.document(runbooks) for group in groups]}
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=1000, allow_unicode=True)


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as lines."""


def _represent(dumper: _Dumper, data: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)


_Dumper.add_representer(str, _represent)


def seconds(duration: str) -> float:
    """Read a duration such as `5m` or `150ms`."""
    if duration.endswith("ms"):
        return int(duration.removesuffix("ms")) / 1000
    found = _DURATION.fullmatch(duration)
    if found is None:
        raise ValueError(f"a duration is a number and one of {', '.join(_UNITS)}, as in 5m; found {duration!r}")
    return int(found[1]) * _UNITS[found[2]]


def scale(group: Group, factor: float) -> Group:
    """Make all times of a group shorter or longer by one factor; names stay, so that all else fits."""
    return replace(
        group,
        every=_scaled(group.every, factor),
        records=[replace(record, expr=_scale_ranges(record.expr, factor)) for record in group.records],
        alerts=[_scale_alert(alert, factor) for alert in group.alerts],
    )


def _scale_alert(alert: Alert, factor: float) -> Alert:
    above = alert.above and _scaled(alert.above, factor)
    expr = _scale_ranges(alert.expr, factor)
    return replace(alert, expr=expr, lasts=_scaled(alert.lasts, factor), above=above)


def _scale_ranges(expr: str, factor: float) -> str:
    return _RANGE.sub(lambda found: _scaled(found[0], factor), expr)


def _scaled(duration: str, factor: float) -> str:
    """Prometheus knows whole numbers only: milliseconds where a factor leaves no whole seconds."""
    return duration if factor == 1 else f"{round(seconds(duration) * factor * 1000)}ms"
