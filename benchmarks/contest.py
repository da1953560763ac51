"""A contest: entrants that answer the same, measured in turn, round by round, so that drift hits all alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from benchmarks.load import Load
from benchmarks.samples import Measured, Sample, WrongAnswer

__all__ = ["Contest", "Entrant", "Pace", "Result"]

_WARM_UP = 1.0  # seconds
_LONG = 3  # times that all rounds of a short contest take


class Entrant(Protocol):
    """Whoever takes part."""

    @property
    def name(self) -> str: ...

    def check(self) -> None:
        """Raise WrongAnswer unless the answer is right."""
        ...

    def run(self, load: Load) -> Sample:
        """Bear the load for a while; raises WrongAnswer for one that does not."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How often and how long everything is measured, and who hears how far it is."""

    rounds: int
    seconds: float
    tell: Callable[[str], None] = print

    @property
    def long(self) -> "Pace":
        """One round, as long as all others together and longer."""
        return Pace(1, self.rounds * self.seconds * _LONG, self.tell)


@dataclass(slots=True)
class Result:
    """What came of a contest; `baseline` names whom the others are compared to."""

    name: str
    summary: str
    baseline: str
    connections: int
    is_drawn: bool = True
    measured: list[Measured] = field(default_factory=list[Measured])
    notes: list[str] = field(default_factory=list[str])

    def of(self, name: str) -> Measured | None:
        """Find one entrant that was not thrown out."""
        return next((one for one in self.measured if one.name == name and one.is_in), None)


@dataclass(slots=True)
class Contest:
    """Measures all entrants by turns."""

    name: str
    summary: str
    baseline: str
    entrants: Sequence[Entrant]
    connections: int = 64
    least_seconds: float = 0.0
    """How long a round must last, where single answers take long."""
    is_drawn: bool = True
    """Whether requests a second are what it is about, and belong into the plot."""
    is_long: bool = False
    """Whether this is one long round."""
    closing: Callable[[], Sequence[str]] = tuple
    """Tells what is worth a note after the last round."""

    def hold(self, pace: Pace, cores: tuple[int, ...]) -> Result:
        """Measure everybody in each round, and throw out whoever answers wrongly."""
        pace = pace.long if self.is_long else pace
        result = Result(self.name, self.summary, self.baseline, self.connections, self.is_drawn)
        result.measured = [Measured(entrant.name) for entrant in self.entrants]
        entries = list(zip(self.entrants, result.measured, strict=True))
        for entrant, measured in entries:
            measured.thrown_out = self._warm_up(entrant, cores)
        load = Load(self.connections, max(pace.seconds, self.least_seconds), cores)
        for number in range(pace.rounds):
            turn = number % len(entries)
            for entrant, measured in entries[turn:] + entries[:turn]:
                _measure(entrant, measured, load)
            pace.tell(f"{self.name}: round {number + 1} of {pace.rounds}")
        for entrant, measured in entries:
            measured.thrown_out = measured.thrown_out or _complaint(entrant)
        result.notes += self.closing()
        return result

    def _warm_up(self, entrant: Entrant, cores: tuple[int, ...]) -> str:
        complaint = _complaint(entrant)
        if not complaint:
            _measure(entrant, Measured(entrant.name), Load(self.connections, max(_WARM_UP, self.least_seconds), cores))
        return complaint


def _measure(entrant: Entrant, measured: Measured, load: Load) -> None:
    if measured.thrown_out:
        return
    try:
        measured.samples.append(entrant.run(load))
    except WrongAnswer as wrong:
        measured.thrown_out = str(wrong)


def _complaint(entrant: Entrant) -> str:
    try:
        entrant.check()
    except WrongAnswer as wrong:
        return str(wrong)
    return ""
