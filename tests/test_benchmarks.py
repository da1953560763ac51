"""What the benchmark makes of its figures; the figures themselves are nobody's test."""

import subprocess
import sys
from dataclasses import dataclass, field

from benchmarks.contest import Contest, Pace, Result
from benchmarks.load import Load
from benchmarks.plot import as_svg
from benchmarks.report import as_markdown, table
from benchmarks.samples import Sample, WrongAnswer
from benchmarks.targets import targets
from benchmarks.workloads import reading, translating

from .sources import ROOT


@dataclass
class Entrant:
    """Somebody whose figures are known before, and who may answer wrongly in the end."""

    name: str
    rates: list[float]
    cpu: float = 100.0
    mistake: str = ""
    runs: list[str] = field(default_factory=list[str])

    def check(self) -> None:
        if self.mistake:
            raise WrongAnswer(self.mistake)

    def run(self, load: Load) -> Sample:
        self.runs.append(self.name)
        return Sample(self.rates[(len(self.runs) - 1) % len(self.rates)], self.cpu, 1.0, 2.0, 50.0)


def held(*entrants: Entrant, name: str = "race") -> Result:
    contest = Contest(name, "Who is faster.", entrants[0].name, entrants)
    return contest.hold(Pace(3, 1.0, lambda line: None), (0,))


def test_a_table_has_medians_and_compares_them_to_the_baseline() -> None:
    slow, fast = Entrant("slow", [1.0, 100.0, 90.0, 110.0]), Entrant("fast", [1.0, 200.0, 900.0, 150.0])

    rows = table(held(slow, fast)).splitlines()

    assert rows[2].split(" | ")[:2] == ["| slow", "100"]
    assert rows[3].split(" | ")[1] == "200"
    assert rows[3].split(" | ")[-2] == "2.00"


def test_whoever_answers_wrongly_is_thrown_out_and_named() -> None:
    result = held(Entrant("right", [100.0]), Entrant("wrong", [900.0], mistake="wanted 200, answered 500"))

    page = as_markdown([result], {}, "nox -s bench")

    assert "Thrown out: wrong: wanted 200, answered 500." in page
    assert "| wrong |" not in page
    assert "wrong" not in as_svg([result])


def test_everybody_is_measured_in_every_round_and_nobody_always_first() -> None:
    order = list[str]()
    first, second = Entrant("first", [1.0], runs=order), Entrant("second", [1.0], runs=order)

    held(first, second)

    assert order[2:] == ["first", "second", "second", "first", "first", "second"]  # after both have warmed up


def test_a_target_is_judged_by_ratios_within_one_run() -> None:
    result = held(
        Entrant(translating.V2, [100.0], cpu=100.0), Entrant(translating.V1, [90.0], cpu=120.0), name="v1 over v2"
    )

    judged = targets([result])

    assert "| v1 over v2 | at most 10 % more CPU | +20% CPU | no |" in judged


def test_a_target_whose_contender_was_thrown_out_is_not_met() -> None:
    result = held(Entrant(reading.OURS, [100.0]), Entrant(reading.BARE, [1.0], mistake="broken"), name="read an order")

    judged = targets([result])

    assert "'FastAPI, typed, no database' was thrown out | no |" in judged


def test_the_command_tells_how_it_is_used() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "example:\n  nox -s bench -- --quick --only read" in told.stdout
