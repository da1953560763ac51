"""What was measured of one contender, round by round."""

from dataclasses import dataclass, field
from statistics import median

__all__ = ["Measured", "Sample", "WrongAnswer"]


class WrongAnswer(Exception):
    """Somebody answers otherwise than wanted, and is thrown out."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One round."""

    rate: float
    """Requests a second."""
    cpu: float
    """Microseconds of processor time that the servers spent on a request."""
    p50: float
    p99: float
    memory: float
    """MiB, of all processes together, after the round."""
    failed: float = 0.0
    """The share of answers with another status, where some are borne."""


@dataclass(slots=True)
class Measured:
    """All rounds of one contender, or why it was thrown out."""

    name: str
    samples: list[Sample] = field(default_factory=list[Sample])
    thrown_out: str = ""

    @property
    def is_in(self) -> bool:
        """Whether the figures count."""
        return bool(self.samples) and not self.thrown_out

    def middle(self, what: str) -> float:
        """Take the median of a measure over the rounds."""
        return median(self.all(what))

    def spread(self, what: str) -> float:
        """Tell how far the rounds lie apart, as a share of the median."""
        values = self.all(what)
        return (max(values) - min(values)) / median(values) if median(values) else 0.0

    def all(self, what: str) -> list[float]:
        """List a measure, round by round."""
        return [getattr(sample, what) for sample in self.samples]
