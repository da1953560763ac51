"""The figures of several processes as those of one: what grows is added up, and stays when its process is gone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import add

from prometheus_client import Metric

from chassis.telemetry.instruments import Instrument, Merge

__all__ = ["Memory"]

Families = list[Metric]
Key = tuple[str, frozenset[tuple[str, str]]]
"""The name of a sample, and its labels."""

_JOINS: dict[Merge, Callable[[float, float], float]] = {"sum": add, "max": max, "min": min}
_GROWING = ("counter", "histogram")
_OF_THE_LIBRARY: dict[str, Merge] = {"process_start_time_seconds": "min", "process_max_fds": "min"}


@dataclass(frozen=True, slots=True)
class _Telling:
    process: str
    families: Families


class Memory:
    """What each process told last, and what those told that are gone."""

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        declared = {one.name.removesuffix("_total"): one for one in instruments}
        self._modes: dict[str, Merge] = {**_OF_THE_LIBRARY, **{name: one.merged for name, one in declared.items()}}
        self._units = {name: one.unit for name, one in declared.items()}
        self._last: dict[str, _Telling] = {}
        self._gone: Families = []

    def note(self, place: str, process: str, families: Families) -> None:
        """Note what a process tells; where another one was in its place, that is gone."""
        before = self._last.get(place)
        if before and before.process != process:
            self._gone = self._merged([self._gone, _growing(before.families)])
        self._last[place] = _Telling(process, families)

    def total(self, answering: Iterable[str]) -> Families:
        """Add all up; of those who do not answer counts what grows, for what goes up and down is not known."""
        present = set(answering)
        told = {place: telling.families for place, telling in self._last.items()}
        return self._merged(
            [self._gone, *(families if place in present else _growing(families) for place, families in told.items())]
        )

    def _merged(self, tellings: Iterable[Families]) -> Families:
        merged: dict[str, Metric] = {}
        values: dict[str, dict[Key, float]] = {}
        for family in (family for families in tellings for family in families):
            unit = self._units.get(family.name, "")
            merged.setdefault(family.name, Metric(family.name, family.documentation, family.type, unit))
            _add(values.setdefault(family.name, {}), family, self._modes.get(family.name, "sum"))
        for name, family in merged.items():
            for (sample, labels), value in values[name].items():
                family.add_sample(sample, dict(labels), value)
        return list(merged.values())


def _add(values: dict[Key, float], family: Metric, mode: Merge) -> None:
    join = _JOINS[mode]
    for sample in family.samples:
        key = (sample.name, frozenset(sample.labels.items()))
        values[key] = join(values[key], sample.value) if key in values else sample.value


def _growing(families: Families) -> Families:
    return [family for family in families if family.type in _GROWING]
