"""How our modules are written: what linters cannot say."""

import ast
import hashlib
import re
from pathlib import Path

import pytest

from .public_names import PINNED, public_names
from .sources import ROOT, SOURCES, modules

OURS = [pytest.param(file, id=name) for package in SOURCES for name, file in modules(package)]
# A version of a contract is one document, looked things up in rather than read through.
PROSE = [case for case in OURS if not re.fullmatch(r"contracts\.\w+\.v[0-9]+", str(case.id))]
STATIC = SOURCES["chassis"] / "static"


@pytest.mark.parametrize("file", OURS)
def test_a_module_opens_with_one_sentence_that_says_what_it_is(file: Path) -> None:
    words = ast.get_docstring(ast.parse(file.read_text())) or ""

    opening = words.partition("\n\n")[0].strip()

    assert re.fullmatch(r"\S.*[.!?]", opening, re.DOTALL), f"{file}: wanted one sentence first, found {opening!r}"
    assert not re.search(r"[.!?]\s+[A-Z]", opening), f"{file}: wanted one sentence first, found several: {opening!r}"


@pytest.mark.parametrize("file", PROSE)
def test_a_module_is_short_enough_to_read_in_one_go(file: Path) -> None:
    lines = len(file.read_text().splitlines())

    assert lines < 300, f"{file}: {lines} lines; a module is one noun, so split it where it is two"


def test_no_folder_of_tests_is_a_package() -> None:
    folders = [ROOT / "tests", *ROOT.glob("*/tests"), *ROOT.glob("services/*/tests")]

    packages = [folder.relative_to(ROOT) for folder in folders if (folder / "__init__.py").exists()]

    assert packages == [], "several packages called `tests` hide each other; `from .toy import Toy` works without"


def test_what_others_may_import_changes_on_purpose_only() -> None:
    offered = set(public_names())

    pinned = {name for name in PINNED.read_text().split() if not _is_of_a_version_that_is_gone(name)}

    assert offered == pinned, "where that is on purpose, write it down: python -m tests.public_names"


def _is_of_a_version_that_is_gone(name: str) -> bool:
    """A version of a contract retires with its own files; nobody has to edit a list for it."""
    found = re.match(r"contracts\.\w+\.v[0-9]+(?:_v[0-9]+)?(?=\.)", name)
    return found is not None and found[0] not in {module for module, _ in modules("contracts")}


def test_vendored_files_are_the_ones_that_were_written_down() -> None:
    rows = re.findall(r"^\| (\S+/\S+) \| ([0-9a-f]{64}) \|$", (STATIC / "VENDORED.md").read_text(), re.MULTILINE)

    found = [
        (str(file.relative_to(STATIC)), hashlib.sha256(file.read_bytes()).hexdigest())
        for file in sorted(STATIC.glob("*/*"))
    ]

    assert found == sorted(rows)


def test_every_vendored_project_comes_with_its_licence() -> None:
    projects = [folder for folder in STATIC.iterdir() if folder.is_dir()]

    without = [folder.name for folder in projects if not (folder / "LICENSE").read_text().strip()]

    assert projects
    assert without == []


def test_the_readme_gives_the_command_that_ci_runs() -> None:
    command = "python3 -m venv .venv && .venv/bin/pip install nox && .venv/bin/nox"

    documents = [(ROOT / name).read_text() for name in ("README.md", ".ci/run")]

    assert all(command in text for text in documents)
