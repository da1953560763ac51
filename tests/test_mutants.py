"""The mutants fit the sources as they are now, so that `nox -s mutants` always has something to try."""

import pytest

from .mutants.guards import MUTANTS
from .mutants.mutant import Mutant, StaleMutant
from .sources import ROOT
from .test_failure_cases import names_in


@pytest.mark.parametrize("mutant", [pytest.param(mutant, id=mutant.name) for mutant in MUTANTS])
def test_a_guard_can_still_be_taken_away_and_its_tests_exist(mutant: Mutant) -> None:
    changed = mutant.applied(ROOT)

    named = [test.partition("[")[0].partition("::") for test in mutant.tests]
    assert changed != (ROOT / mutant.file).read_text()
    assert [file for file, _, name in named if name not in names_in(file) and name] == []


def test_at_least_fifteen_guards_are_taken_away_each_under_its_own_name() -> None:
    names = [mutant.name for mutant in MUTANTS]

    assert len(set(names)) == len(names) >= 15


def test_a_mutant_that_fits_no_more_says_what_to_do() -> None:
    gone = Mutant("locks", "noxfile.py", "no such text", "", "nothing holds", ("tests/test_mutants.py",))

    with pytest.raises(StaleMutant, match=r"wants 'no such text' once in noxfile\.py, and found it 0 times: show"):
        gone.applied(ROOT)
