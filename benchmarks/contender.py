"""A contender: servers that are asked for something, and what a right answer holds."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import httpx

from benchmarks.load import Load, Outcome
from benchmarks.processes import Process
from benchmarks.requests import Request
from benchmarks.samples import Sample, WrongAnswer

__all__ = ["Contender"]


@dataclass(frozen=True, slots=True)
class Contender:
    """Who is asked, what, and what a right answer holds."""

    name: str
    processes: Sequence[Process]
    requests: Sequence[Request]
    expected: object = None
    """The body of a right answer, as JSON; None where each answer is another one, and only its status counts."""
    part: str = ""
    """The member of the body that is compared, where not all of it is."""
    borne: float = 0.0
    """Which share of the answers may have another status, as those of a shop that has more to do than it can."""
    connections: int = 0
    """How many of them, where the entrants differ in that."""

    def check(self) -> None:
        """Raise WrongAnswer unless the answer is right."""
        for request in self.requests if self.expected is not None else ():
            answer = httpx.request(
                request.method, request.url, headers=dict(request.headers), content=request.body, trust_env=False
            )
            if answer.status_code != request.status:
                raise WrongAnswer(f"wanted {request.status}, answered {answer.status_code}: {answer.text[:200]}")
            found = answer.json()[self.part] if self.part else answer.json()
            if found != self.expected:
                raise WrongAnswer(f"wanted {json.dumps(self.expected)[:200]}, answered {json.dumps(found)[:200]}")

    def run(self, load: Load) -> Sample:
        """Put the load on the servers; raises WrongAnswer where they do not bear it."""
        if self.connections:
            load = replace(load, connections=self.connections)
        before = self._cpu_seconds()
        outcome = load.put_on(*self.requests)
        spent = self._cpu_seconds() - before
        _check(outcome, self.borne)
        time.sleep(0.05)  # so that what a server does after its last answer is not the next one's
        memory = sum(process.memory() for process in self.processes)
        return Sample(
            rate=outcome.rate,
            cpu=spent / outcome.requests * 1e6,
            p50=outcome.latency(0.5),
            p99=outcome.latency(0.99),
            memory=memory / 2**20,
            failed=outcome.wrong / outcome.requests,
        )

    def _cpu_seconds(self) -> float:
        return sum(process.cpu_seconds() for process in self.processes)


def _check(outcome: Outcome, borne: float) -> None:
    if outcome.requests == 0:
        raise WrongAnswer("answered nothing")
    if outcome.wrong > borne * outcome.requests or outcome.broken:
        told = f"{outcome.wrong} of {outcome.requests} answers had another status, {outcome.broken} were broken"
        raise WrongAnswer(told)
