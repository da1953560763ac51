"""What a service's /metrics says at one moment, and what has changed between two of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from prometheus_client.parser import text_string_to_metric_families

__all__ = ["Change", "Samples"]

Labels = Mapping[str, str]


class Samples:
    """All samples of one answer."""

    def __init__(self, at: float, text: str) -> None:
        self.at = at
        self._found: dict[str, list[tuple[Labels, float]]] = defaultdict(list)
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                self._found[sample.name].append((sample.labels, sample.value))

    def all(self, name: str) -> list[tuple[Labels, float]]:
        """List the samples of one name with their labels."""
        return self._found.get(name, [])

    def total(self, name: str) -> float:
        return sum(value for _, value in self.all(name))

    def by(self, name: str, label: str) -> dict[str, float]:
        """Sum the samples of one name by one of their labels."""
        found = defaultdict[str, float](float)
        for labels, value in self.all(name):
            found[labels[label]] += value
        return dict(found)


class Change:
    """What was counted between two moments."""

    def __init__(self, before: Samples, after: Samples) -> None:
        self.seconds = after.at - before.at
        self._before = before
        self._after = after

    def of(self, name: str) -> Iterator[tuple[Labels, float]]:
        """Go through what each sample of one name has grown by; one that shrank was begun anew, by a restart."""
        before = {tuple(labels.items()): value for labels, value in self._before.all(name)}
        for labels, value in self._after.all(name):
            earlier = before.get(tuple(labels.items()), 0.0)
            yield labels, value - earlier if value >= earlier else value

    def total(self, name: str) -> float:
        return sum(value for _, value in self.of(name))

    def by(self, name: str, label: str) -> dict[str, float]:
        """Sum what samples have grown by, by one of their labels."""
        found = defaultdict[str, float](float)
        for labels, value in self.of(name):
            found[labels[label]] += value
        return dict(found)

    def quantile(self, share: float, name: str, where: Labels) -> float | None:
        """Estimate the time below which this share of a histogram stays; None where nothing was measured."""
        buckets = defaultdict[float, float](float)
        for labels, value in self.of(f"{name}_bucket"):
            if where.items() <= labels.items():
                buckets[float(labels["le"])] += value
        return _quantile(share, sorted(buckets.items()))


def _quantile(share: float, buckets: list[tuple[float, float]]) -> float | None:
    """Interpolate in the bucket where the share is reached, as Prometheus does."""
    wanted = share * buckets[-1][1] if buckets else 0
    if wanted == 0:
        return None
    low, below = 0.0, 0.0
    for high, upto in buckets:
        if upto >= wanted:
            return low if high == float("inf") else low + (high - low) * (wanted - below) / (upto - below)
        low, below = high, upto
    return low
