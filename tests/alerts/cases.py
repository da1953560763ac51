"""Cases of alert rules, as data: what Prometheus would have scraped, and when somebody is told what because of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from observe.files import ROOT, RUNBOOKS, groups

__all__ = ["Firing", "Silence", "document", "requests", "steady"]

Series = Mapping[str, str]
"""Values by series, in promtool's notation, one a step."""


@dataclass(frozen=True)
class Firing:
    """An alert that is silent before, fires while it must, and is silent after."""

    what: str
    alert: str
    severity: str
    series: Series
    before: str
    at: str
    after: str
    summary: str
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    step: str = "1m"
    """The time between two values, and between two looks at the rules; days are long."""

    def moments(self) -> Sequence[dict[str, Any]]:
        told = {
            "exp_labels": {"severity": self.severity, **self.labels},
            "exp_annotations": {"summary": self.summary, "runbook_url": f"{RUNBOOKS}#{self.alert.lower()}"},
        }
        return [_moment(self.alert, self.before), _moment(self.alert, self.at, told), _moment(self.alert, self.after)]


@dataclass(frozen=True)
class Silence:
    """An alert that must not fire, although something looks like it."""

    what: str
    alert: str
    series: Series
    at: str
    step: str = "1m"

    def moments(self) -> Sequence[dict[str, Any]]:
        return [_moment(self.alert, self.at)]


def document(case: Firing | Silence) -> dict[str, Any]:
    """Write a case as promtool reads it: with the one file that has the alert, and its groups in their order."""
    name, found = next(
        (name, found)
        for name, found in groups().items()
        if any(alert.name == case.alert for group in found for alert in group.alerts)
    )
    series = [{"series": name, "values": values} for name, values in case.series.items()]
    return {
        "rule_files": [str(ROOT / "alerts" / name)],
        "evaluation_interval": case.step,
        "group_eval_order": [group.name for group in found],
        "tests": [{"interval": case.step, "input_series": series, "alert_rule_test": case.moments()}],
    }


def steady(*values: float, minutes: int = 60) -> str:
    """Write values that each stay for so many minutes."""
    return " ".join(f"{value:g}+0x{minutes - 1}" for value in values)


def requests(operation: str, *phases: tuple[int, float, float, float]) -> dict[str, str]:
    """Write the histogram of an operation in phases of so many steps.

    In each of them so many requests succeed at once, so many fail at once, and so many succeed late.
    """
    labels = f'job="{operation.partition(".")[0]}", operation="{operation}", http_response_status_code='
    name = "http_server_request_duration_seconds"
    quick, failed = (_growing([(phase[0], phase[which]) for phase in phases]) for which in (1, 2))
    both = _growing([(steps, soon + slow) for steps, soon, _, slow in phases])
    return dict(_histogram(f'{name}_bucket{{{labels}"200"', f'{name}_count{{{labels}"200"}}', quick, both)) | dict(
        _histogram(f'{name}_bucket{{{labels}"503"', f'{name}_count{{{labels}"503"}}', failed, failed)
    )


def _histogram(bucket: str, count: str, quick: str, every: str) -> Iterator[tuple[str, str]]:
    for bound in ("0.25", "1.0"):
        yield f'{bucket}, le="{bound}"}}', quick
    yield f'{bucket}, le="+Inf"}}', every
    yield count, every


def _growing(phases: Sequence[tuple[int, float]]) -> str:
    """Write a counter that in phases of so many steps grows by so much in each."""
    written, total = list[str](), 0.0
    for steps, growth in phases:
        written.append(f"{total + growth:.0f}+{growth:.0f}x{steps - 1}")
        total += steps * growth
    return " ".join(written)


def _moment(alert: str, at: str, *told: dict[str, Any]) -> dict[str, Any]:
    return {"eval_time": at, "alertname": alert, "exp_alerts": list(told)}
