"""`contracts release`: freezes a copy of what is published, for older clients rely on it from then on."""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from contracts.tools.apis import apis
from contracts.tools.committed import OPENAPI, files, name_of
from contracts.tools.documents import Json, at, read, render
from contracts.tools.faults import ToolError, guarded
from contracts.tools.packages import DECLARATIONS, installed, packed

__all__ = ["MANIFEST", "RELEASED", "altered", "freeze", "release"]

RELEASED = Path("contracts/released")
MANIFEST = "manifest.json"
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


def freeze(version: str, source: Path, released: Path) -> Path:
    """Copy the documents of `source` and the package's declarations into a folder; raises ToolError."""
    documents = files(source)
    target = released / version
    _check(version, documents, source, target)
    released.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=released) as scratch:  # so that half a release is never seen
        whole = Path(scratch, version)
        whole.mkdir()
        for file in documents.values():
            shutil.copyfile(file, whole / file.name)
        (whole / DECLARATIONS).write_bytes(packed(installed()))
        (whole / MANIFEST).write_bytes(render(_manifest(version, sorted(whole.iterdir()))))
        whole.rename(target)
    return target


def release(
    version: Annotated[str, typer.Argument(help="The version of the contracts package that carries this.")],
    source: Annotated[Path, typer.Option("--from", help="The folder of exported documents.")] = OPENAPI,
    to: Annotated[Path, typer.Option("--to", help="The folder of all releases.")] = RELEASED,
) -> None:
    """Freeze what is published now; the gate holds every later change to it.

    Example: contracts release 1.0.0
    """
    guarded(_release, version, source, to)


def _release(version: str, source: Path, to: Path) -> None:
    target = freeze(version, source, to)
    typer.echo(f"{target} holds {len(files(source))} documents now; commit it, and never change it.")


def _check(version: str, documents: dict[str, Path], source: Path, target: Path) -> None:
    if not _VERSION.fullmatch(version):
        raise ToolError(f"wanted a version such as 1.4.0, found `{version}`; name the release by three numbers")
    if target.exists():
        raise ToolError(f"wanted a new release, found {target}; what is released stays, so choose a later version")
    wanted = {name_of(*name) for name in apis()}
    if documents.keys() != wanted:
        found = ", ".join(documents) or "nothing"
        raise ToolError(
            f"{source}: wanted {', '.join(sorted(wanted))}, found {found}; run `contracts export` in the repository"
        )


def _manifest(version: str, frozen: list[Path]) -> Json:
    return {"version": version, "files": dict[str, JsonValue]({file.name: _digest(file) for file in frozen})}


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def altered(folder: Path) -> Iterator[str]:
    """Tell what a release no longer holds as it was frozen, each in a sentence."""
    manifest = read(folder / MANIFEST) if (folder / MANIFEST).is_file() else Json()
    for name, digest in at(manifest, "files").items():
        file = folder / name
        if not file.is_file() or _digest(file) != digest:
            found = "another content" if file.is_file() else "nothing"
            yield f"{file}: wanted what was released, found {found}; restore it with git, releases never change"
