"""One trial: a copy of the tree in which a guard is taken away, and what the tests say to that."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns
from signal import SIGKILL
from time import perf_counter

from .mutant import Mutant

__all__ = ["Outcome", "Tree"]

_PACKAGES = ("contracts", "chassis", "services/users", "services/catalog", "services/orders")
_PATIENCE = 180.0  # seconds
_UNWANTED = ignore_patterns(".*cache*", "__pycache__", ".git", ".nox", ".venv", "*.db*")
_NOTICED = re.compile(r"^(.+?::.+?) (?:FAILED|ERROR) +\[", re.MULTILINE)
_PASSED, _FAILED = 0, 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a trial."""

    mutant: Mutant
    noticed_by: str
    """The test that failed; empty when none did."""
    seconds: float
    trouble: str = ""
    """What kept the tests from saying anything."""

    @property
    def is_good(self) -> bool:
        return bool(self.noticed_by) and not self.trouble


class Tree:
    """A copy of the sources, in which mutants are tried one after the other."""

    def __init__(self, place: Path) -> None:
        self._place = Path(copytree(".", place, ignore=_UNWANTED))

    def try_out(self, mutant: Mutant) -> Outcome:
        """Take a guard away, ask the tests, and put it back; what notices must find nothing with the guard."""
        file, began = self._place / mutant.file, perf_counter()
        before = file.read_text()
        file.write_text(mutant.applied(self._place))
        try:
            code, said = self._ask(mutant.tests)
        finally:
            file.write_text(before)
        noticed = _NOTICED.search(said) if code == _FAILED else None
        if noticed is None:
            trouble = "" if code == _PASSED else f"pytest ended with {code}:\n{said[-2000:]}"
            return Outcome(mutant, "", perf_counter() - began, trouble)
        code, said = self._ask((noticed[1],))
        trouble = "" if code == _PASSED else f"{noticed[1]} fails with the guard too:\n{said[-2000:]}"
        return Outcome(mutant, noticed[1], perf_counter() - began, trouble)

    def _ask(self, tests: tuple[str, ...]) -> tuple[int, str]:
        """Run these tests on the copy, until one fails; return pytest's exit code and what it says."""
        command = [sys.executable, "-m", "pytest", "-v", "-x", "--tb=line", "-p", "no:cacheprovider", *tests]
        with subprocess.Popen(
            command,
            cwd=self._place,
            env=os.environ | {"PYTHONPATH": self._path(), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                said, _ = process.communicate(timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, SIGKILL)  # pytest and all that it started
                return SIGKILL, f"the tests took more than {_PATIENCE:.0f} s"
            return process.returncode, said

    def _path(self) -> str:
        """Put the copy before what is installed."""
        return os.pathsep.join(str(self._place / package / "src") for package in _PACKAGES)
