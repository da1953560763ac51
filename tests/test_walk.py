"""The README's walk through a breaking change, on a copy: its commands, its files, and what it says is printed."""

import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

from .sources import ROOT
from .test_retiring import LEFT_OUT, PACKAGES, run

pytestmark = pytest.mark.crowd

SECTION = re.compile(r"^## A change that breaks somebody$(.*?)^## ", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The repository without environments and caches."""
    return copytree(ROOT, tmp_path / "concord", ignore=LEFT_OUT)


def blocks() -> list[tuple[str, str]]:
    """Read the walk's files and commands from the README."""
    section = SECTION.search((ROOT / "README.md").read_text())
    assert section, "wanted the section `A change that breaks somebody` in README.md"
    return BLOCK.findall(section[1])


def steps(console: str) -> list[tuple[str, list[str]]]:
    """Divide a block into commands and the lines that each of them prints, among others."""
    found: list[tuple[str, list[str]]] = []
    for line in console.splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        else:
            found[-1][1].append(line)
    return found


def printed(root: Path, command: str) -> str:
    """Run a command of the walk; of the session, the gate, which is its last word."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}
    path = os.pathsep.join(str(root / package) for package in PACKAGES)
    env = {**ours, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    words = command.replace("nox -s contracts --", "contracts").replace("nox -s contracts", "contracts gate")
    program = words.replace("contracts ", f"{Path(sys.executable).with_name('contracts')} ", 1)
    line = program if words.startswith("contracts ") else words
    done = subprocess.run(line, shell=True, cwd=root, env=env, capture_output=True, text=True, check=False)
    assert done.returncode < 2, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def put_back(root: Path, names: list[str]) -> None:
    """Do what `git checkout` would do, had the copy a history."""
    for name in names:
        (root / name).write_bytes((ROOT / name).read_bytes())


def test_the_walk_in_the_readme_goes_as_it_says(copy: Path) -> None:
    wanted: list[str] = []
    said: list[str] = []

    for kind, text in blocks():
        if kind == "python":
            place, _, code = text.partition("\n")
            (copy / place.removeprefix("# ")).write_text(code)
            continue
        for command, lines in steps(text):
            if command.startswith("git checkout "):
                put_back(copy, command.split()[2:])
                continue
            output = printed(copy, command).splitlines()
            wanted += lines
            said += [line for line in lines if line in output]

    run(copy, "contracts", "laws", "--examples", "20")
    run(copy, "contracts", "lint")
    assert wanted
    assert said == wanted
