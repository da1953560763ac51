"""Environments in which old wheels are asked: a wheel that wants other versions than are here gets one of its own."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path

from packaging.requirements import Requirement

from contracts.compat.failures import Unreadable

__all__ = ["interpreter", "unmet"]

_SECONDS = 300


@cache
def interpreter(place: Path) -> Path:
    """Give the Python that can import a package: this one wherever it has what the package asks for.

    Raises Unreadable where an environment is needed and cannot be made.
    """
    return _made(place) if unmet(place) else Path(sys.executable)


def unmet(place: Path) -> list[str]:
    """List what a wheel asks for and is not here, as its metadata words it; folders and archives ask for nothing."""
    found = next(iter(distributions(path=[str(place)])), None) if place.suffix == ".whl" else None
    asked = map(Requirement, (found.requires if found else None) or ())
    return [str(one) for one in asked if not _is_met(one)]


def _is_met(asked: Requirement) -> bool:
    if asked.marker and not asked.marker.evaluate({"extra": ""}):
        return True
    try:
        return asked.specifier.contains(version(asked.name), prereleases=True)
    except PackageNotFoundError:
        return False


def _made(place: Path) -> Path:
    """Install the wheel, with what it asks for, where nothing else is; it lasts as long as the command."""
    folder = Path(_scratch().name, place.stem)
    python = folder / Path(sys.executable).parent.name / "python"
    for command in _commands(place, folder, python):
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _refusal(place, str(error)) from None
        if done.returncode:
            raise _refusal(place, " ".join(done.stderr.split())[-300:])
    return python


def _commands(place: Path, folder: Path, python: Path) -> Iterator[Sequence[str]]:
    if uv := shutil.which("uv"):
        yield uv, "venv", "--quiet", "--python", sys.executable, str(folder)
        yield uv, "pip", "install", "--quiet", "--python", str(python), str(place.absolute())
    else:
        yield sys.executable, "-m", "venv", str(folder)
        yield str(python), "-m", "pip", "install", "--quiet", str(place.absolute())


def _refusal(place: Path, found: str) -> Unreadable:
    wanted = f"to install {', '.join(unmet(place))} beside it"
    return Unreadable(str(place), "its environment", wanted, found, "install these here, or look why it cannot be done")


@cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="contracts-environments-")
