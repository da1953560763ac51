"""The page on operating a service tells the truth: every test that it names exists, every row without one says why."""

import ast
import re

import pytest

from .sources import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text()
ROWS = [
    tuple(cell.strip() for cell in row.split(" | "))
    for row in re.findall(r"^\| (.* \| .* \| .*) \|$", PAGE, re.MULTILINE)
]
COMPARED = [row for row in ROWS if row[2] != "Test" and not row[0].startswith("---")]
NAMED = sorted(set(re.findall(r"`([^` ]+)::(\w+)`", PAGE)))
NOT_HERE = re.compile(r"not offered: |not yet: |there are none|nothing is wired")


def test_all_endpoints_of_actuator_are_compared() -> None:
    endpoints = (
        "auditevents beans caches conditions configprops env flyway health heapdump httpexchanges info "
        "integrationgraph liquibase logfile loggers mappings metrics prometheus quartz sbom scheduledtasks "
        "sessions shutdown startup threaddump"
    )

    compared = " ".join(row[0] for row in COMPARED)

    assert [name for name in endpoints.split() if f"`{name}`" not in compared] == []


@pytest.mark.parametrize("row", COMPARED, ids=lambda row: row[0])
def test_a_row_names_its_test_or_says_why_there_is_none(row: tuple[str, ...]) -> None:
    assert "::" in row[2] or (row[2] == "-" and NOT_HERE.search(row[1]))


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_test_that_is_named_exists(file: str, name: str) -> None:
    nodes = ast.walk(ast.parse((ROOT / file).read_text()))
    tests = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}

    assert name in tests, f"{file} should have {name}: mend docs/operations.md, or the test's name"
