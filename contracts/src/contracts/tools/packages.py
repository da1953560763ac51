"""Packages of contracts that can be asked: each is imported by a process of its own, whatever its version."""

import hashlib
import json
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from pydantic import JsonValue

import contracts
from contracts.compat.failures import Unreadable, reason
from contracts.tools.environments import interpreter

__all__ = ["DECLARATIONS", "Package", "installed", "packed", "same_code"]

DECLARATIONS = "declarations.zip"
_PROGRAM = Path(__file__).with_name("surface.py")
_TOOLS = {"compat", "tools"}


def installed() -> Path:
    """Give the folder that the running package is imported from."""
    return Path(contracts.__file__).parent.parent


def same_code(one: Path, other: Path) -> bool:
    """Tell whether two packages declare the same, word for word; tools do not count."""
    return one == other or _digest(one) == _digest(other)


def packed(place: Path) -> bytes:
    """Write a package's declarations as an archive that can be imported from; the same bytes every time."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in sorted(_parts(place)):
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


class Package:
    """One side of a comparison as code meets it: the installed package, a folder or a wheel."""

    def __init__(self, place: Path) -> None:
        self._place = place
        command = [str(interpreter(place)), "-I", str(_PROGRAM), str(place.absolute())]
        self._faults = tempfile.TemporaryFile("w+")  # noqa: SIM115 -- closed with the process that writes it
        self._process = subprocess.Popen(  # noqa: S603 -- our own program; it imports the package it is given
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._faults, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()  # it holds nothing, and an interpreter takes its time to say goodbye
        with suppress(BrokenPipeError):
            self._process.communicate()
        self._faults.close()

    def ask(self, question: str, argument: JsonValue = None) -> JsonValue:
        """Ask, and wait for the answer; raises Unreadable where the package cannot be imported."""
        self.post(question, argument)
        return self.collect()

    def post(self, question: str, argument: JsonValue = None) -> None:
        """Ask, and do something else until the answer is collected."""
        with suppress(BrokenPipeError):  # it has ended; why is told when the answer is collected
            print(json.dumps([question, argument]), file=self._process.stdin, flush=True)

    def collect(self) -> JsonValue:
        """Wait for the answer to what was posted."""
        answered = self._process.stdout
        if answered is not None and (line := answered.readline()):
            return json.loads(line)
        self._faults.seek(0)
        said = self._faults.read().strip().splitlines() or ["nothing"]
        wanted, todo = "contracts that can be imported here", "import it to see why"
        raise Unreadable(str(self._place), "the package", wanted, said[-1], todo)


def _digest(place: Path) -> str:
    """Hash the declarations of a package."""
    parts = sorted(_parts(place))
    return hashlib.sha256(b"".join(name.encode() + b"\0" + content + b"\0" for name, content in parts)).hexdigest()


def _parts(place: Path) -> Iterator[tuple[str, bytes]]:
    if place.is_dir():
        for file in (place / "contracts").rglob("*.py"):
            if _declares(name := file.relative_to(place).as_posix()):
                yield name, file.read_bytes()
        return
    try:
        with zipfile.ZipFile(place) as archive:
            for name in filter(_declares, archive.namelist()):
                yield name, archive.read(name)
    except (OSError, zipfile.BadZipFile) as error:
        raise Unreadable(str(place), "the wheel", "a built wheel", reason(error), "build it again") from None


def _declares(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name.endswith(".py") and parts[0] == "contracts" and parts[1] not in _TOOLS
