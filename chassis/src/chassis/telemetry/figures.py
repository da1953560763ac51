"""Figures: the numbers of one instrument, one for each set of label values that was met.

Noting a figure is a look into a dictionary and an addition, with no lock: under CPython's global lock no
other thread comes between the reading and the writing of one `+=` on a number in a dictionary or a list.
"""

from bisect import bisect_left
from itertools import accumulate

from chassis.telemetry.instruments import Instrument

__all__ = ["Count", "Distribution", "Level", "Values"]

Values = tuple[object, ...]
"""What the labels of a figure are, in the order of their declaration; made text when they are shown."""


class Level:
    """The figures of a gauge, and of a counter."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.values: dict[Values, float] = dict.fromkeys(instrument.known, 0.0)

    def add(self, *labels: object, by: float = 1) -> None:
        """Let the figure of these label values grow, or shrink."""
        try:
            self.values[labels] += by
        except KeyError:
            self.values[_checked(self.instrument, labels)] = by

    def set(self, value: float, *labels: object) -> None:
        """Say what the figure of these label values is."""
        self.values[_checked(self.instrument, labels)] = value

    def clear(self) -> None:
        """Forget all figures: better none than one of old."""
        self.values.clear()


class Count(Level):
    """The figures of a counter."""


class Durations:
    """How often something took so long: in each bucket, and in all."""

    __slots__ = ("counts", "total")

    def __init__(self, buckets: int) -> None:
        self.counts = [0] * (buckets + 1)
        self.total = 0.0

    def up_to(self) -> list[int]:
        """Count those in each bucket and all below it, as Prometheus wants them."""
        return list(accumulate(self.counts))


class Distribution:
    """The figures of a histogram."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self._buckets = instrument.buckets
        self.values = {labels: Durations(len(self._buckets)) for labels in instrument.known}

    def observe(self, seconds: float, *labels: object) -> None:
        """Note that something took so long."""
        durations = self.values.get(labels)
        if durations is None:
            durations = self.values[_checked(self.instrument, labels)] = Durations(len(self._buckets))
        durations.counts[bisect_left(self._buckets, seconds)] += 1
        durations.total += seconds


def _checked(instrument: Instrument, labels: Values) -> Values:
    if len(labels) != len(instrument.labels):
        wanted = ", ".join(instrument.label_names) or "no labels"
        raise TypeError(f"{instrument.name} wants {wanted}, and was given {labels!r}")
    return labels
