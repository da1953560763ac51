"""A contest: contenders that answer the same, asked in turn, round by round, so that drift hits all alike."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import httpx

from benchmarks.load import Load, Outcome
from benchmarks.processes import Process
from benchmarks.requests import Request
from benchmarks.samples import Measured, Sample

__all__ = ["Contender", "Contest", "Pace", "Result"]

_WARM_UP = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Contender:
    """Who is asked, what, and what a right answer holds."""

    name: str
    processes: Sequence[Process]
    requests: Sequence[Request]
    expected: object = None
    """The body of a right answer, as JSON; None where each answer is another one, and only its status counts."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often and how long everything is measured."""

    rounds: int
    seconds: float
    tell: Callable[[str], None] = print


@dataclass(slots=True)
class Result:
    """What came of a contest; `baseline` names whom the others are compared to."""

    name: str
    summary: str
    baseline: str
    connections: int
    measured: list[Measured] = field(default_factory=list[Measured])

    def of(self, name: str) -> Measured | None:
        """Find one contender that was not thrown out."""
        return next((one for one in self.measured if one.name == name and one.samples), None)


@dataclass(slots=True)
class Contest:
    """Asks all contenders by turns."""

    name: str
    summary: str
    baseline: str
    contenders: Sequence[Contender]
    connections: int = 64

    def hold(self, pace: Pace, cores: tuple[int, ...]) -> Result:
        """Measure everybody in each round, and throw out whoever answers wrongly."""
        result = Result(self.name, self.summary, self.baseline, self.connections)
        result.measured = [Measured(one.name) for one in self.contenders]
        entries = list(zip(self.contenders, result.measured, strict=True))
        for contender, measured in entries:
            measured.thrown_out = complaint(contender)
            if not measured.thrown_out:
                Load(self.connections, _WARM_UP, cores).put_on(*contender.requests)
        load = Load(self.connections, pace.seconds, cores)
        for number in range(pace.rounds):
            turn = number % len(entries)
            for contender, measured in entries[turn:] + entries[:turn]:
                if not measured.thrown_out:
                    _measure(contender, measured, load)
            pace.tell(f"{self.name}: round {number + 1} of {pace.rounds}")
        for contender, measured in entries:
            measured.thrown_out = measured.thrown_out or complaint(contender)
        return result


def complaint(contender: Contender) -> str:
    """Say what is wrong with a contender's answer; nothing if it is right."""
    if contender.expected is None:
        return ""
    for request in contender.requests:
        answer = httpx.request(
            request.method, request.url, headers=dict(request.headers), content=request.body, trust_env=False
        )
        if answer.status_code != request.status:
            return f"wanted {request.status}, answered {answer.status_code}: {answer.text[:200]}"
        if answer.json() != contender.expected:
            return f"wanted {json.dumps(contender.expected)[:200]}, answered {answer.text[:200]}"
    return ""


def _measure(contender: Contender, measured: Measured, load: Load) -> None:
    before = _cpu(contender)
    outcome = load.put_on(*contender.requests)
    spent = _cpu(contender) - before
    measured.thrown_out = _mistake(outcome)
    if not measured.thrown_out:
        measured.samples.append(
            Sample(
                rate=outcome.rate,
                cpu=spent / outcome.requests * 1e6,
                p50=outcome.latency(0.5),
                p99=outcome.latency(0.99),
                memory=sum(process.memory() for process in contender.processes) / 2**20,
            )
        )
    time.sleep(0.05)  # so that what a server does after its last answer is not the next one's


def _cpu(contender: Contender) -> float:
    return sum(process.cpu_seconds() for process in contender.processes)


def _mistake(outcome: Outcome) -> str:
    if outcome.requests == 0:
        return "answered nothing"
    if outcome.wrong or outcome.broken:
        return f"{outcome.wrong} of {outcome.requests} answers had another status, {outcome.broken} were broken"
    return ""
