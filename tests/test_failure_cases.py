"""The page of failure cases tells the truth: all cases are on it, and every test that it names exists."""

import ast
import re
from functools import cache

import pytest

from .sources import ROOT

CASES = 38
ROWS = re.findall(r"^\| (\d+) \| (.*) \|$", (ROOT / "docs" / "failure-cases.md").read_text(), re.MULTILINE)
NAMED = sorted({test for _, row in ROWS for test in re.findall(r"`([^` ]+::[^` ]+)`", row)})
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
    if OF_A_VERSION.search(file) and not (ROOT / file).exists():
        pytest.skip(f"{file} went with its version; take it out of docs/failure-cases.md")

    assert name in names_in(file), f"{file} should have {name}: mend docs/failure-cases.md, or the test's name"


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text())
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, functions))
