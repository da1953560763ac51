"""The pages on operating a service tell the truth: every test that they name exists, every row without one says why."""

import ast
import re

import pytest

from .sources import ROOT

PAGE, *OTHERS = ((ROOT / "docs" / name).read_text() for name in ("operations.md", "tracing.md"))
ROWS = [
    tuple(cell.strip() for cell in row.split(" | "))
    for row in re.findall(r"^\| (.* \| .* \| .*) \|$", PAGE, re.MULTILINE)
]
COMPARED = [row for row in ROWS if row[2] != "Test" and not row[0].startswith("---")]
NAMED = sorted({found for page in (PAGE, *OTHERS) for found in re.findall(r"`([^` ]+)::(\w+)`", page)})
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

    assert name in tests, f"{file} should have {name}: mend the page in docs/ that names it, or the test's name"
