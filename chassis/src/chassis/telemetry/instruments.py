"""Instruments: what is counted and measured, declared as data, so that a page and a test can be made of it."""

from dataclasses import dataclass
from itertools import product
from typing import Literal

__all__ = ["Instrument", "Kind", "Label", "Merge", "counter", "gauge", "histogram"]

Kind = Literal["counter", "gauge", "histogram"]
Merge = Literal["sum", "max", "min"]

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""The bounds that OpenTelemetry recommends for the duration of a request."""


@dataclass(frozen=True, slots=True)
class Label:
    """What figures are told apart by; where `choices` are known, each has a figure from the start, which is 0."""

    name: str
    meaning: str
    choices: tuple[str, ...] = ()

    def of(self, *choices: str) -> "Label":
        """Make the label that has these values only."""
        return Label(self.name, self.meaning, choices)


@dataclass(frozen=True, slots=True)
class Instrument:
    """One metric; `merged` says how the figures of several processes become one."""

    name: str
    kind: Kind
    help: str
    labels: tuple[Label, ...] = ()
    unit: str = ""
    buckets: tuple[float, ...] = ()
    merged: Merge = "sum"

    @property
    def label_names(self) -> tuple[str, ...]:
        return tuple(label.name for label in self.labels)

    @property
    def known(self) -> list[tuple[object, ...]]:
        """List the label values that have a figure from the start: all of them, or none."""
        return list(product(*(label.choices for label in self.labels)))


def counter(name: str, help: str, *labels: Label) -> Instrument:  # noqa: A002 (what Prometheus calls it)
    """Declare what only grows; its name ends in `_total`."""
    return Instrument(name, "counter", help, labels)


def gauge(name: str, help: str, *labels: Label, unit: str = "", merged: Merge = "sum") -> Instrument:  # noqa: A002
    """Declare what goes up and down."""
    return Instrument(name, "gauge", help, labels, unit, merged=merged)


def histogram(name: str, help: str, *labels: Label, buckets: tuple[float, ...] = _SECONDS) -> Instrument:  # noqa: A002
    """Declare how long something takes, in seconds."""
    return Instrument(name, "histogram", help, labels, "seconds", buckets)
