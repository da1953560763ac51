"""The page of failure cases tells the truth: all cases are on it, and every test that it names exists."""

import ast
import re
import subprocess
import sys
from functools import cache

import pytest

from .sources import ROOT

CASES = 38
ROWS = re.findall(r"^\| (\d+) \| (.*) \|$", (ROOT / "docs" / "failure-cases.md").read_text(), re.MULTILINE)
TESTS = {int(number): re.findall(r"`([^` ]+::[^` ]+)`", row) for number, row in ROWS}
NAMED = sorted({test for named in TESTS.values() for test in named})
ON_EACH_IN_ITS_WAY = {14, 19, 20, 21, 24, 33}  # why, the page says
OF_A_VERSION = re.compile(r"/test_v\d+\w*\.py$")  # such a file goes with its version


def test_every_case_is_there_once_in_order() -> None:
    assert [int(number) for number, _ in ROWS] == list(range(1, CASES + 1))


@pytest.mark.parametrize(("number", "row"), ROWS)
def test_a_case_names_its_test_or_what_is_missing(number: str, row: str) -> None:
    _, mechanism, shown, missing = row.split(" |", 3)

    assert mechanism.strip()
    assert "::" in shown or missing.strip(), f"case {number} wants a test, or a word on what is not yet shown"


@pytest.mark.parametrize("named", NAMED)
def test_a_test_that_is_named_exists(named: str) -> None:
    file, name = named.split("::")
    if has_gone(named):
        pytest.skip(f"{file} went with its version; take it out of docs/failure-cases.md")

    assert name in names_in(file), f"{file} should have {name}: mend docs/failure-cases.md, or the test's name"


@pytest.mark.crowd
def test_a_test_of_each_case_runs_on_both_databases() -> None:
    files = sorted({named.split("::")[0] for named in NAMED if not has_gone(named)})
    listing = [sys.executable, "-m", "pytest", "--collect-only", "--quiet", "--no-header", *files]

    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()

    databases = {on: {test.split("[")[0] for test in listed if on in test} for on in ("[sqlite", "[postgresql")}
    on_both = databases["[sqlite"] & databases["[postgresql"]
    whole = {case: set(named) for case, named in TESTS.items() if not any(map(has_gone, named))}
    assert {case for case, named in whole.items() if not on_both & named} == ON_EACH_IN_ITS_WAY


def has_gone(named: str) -> bool:
    """Tell of a test that it went with its version, as it should."""
    file, _ = named.split("::")
    return bool(OF_A_VERSION.search(file)) and not (ROOT / file).exists()


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text())
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, functions))
