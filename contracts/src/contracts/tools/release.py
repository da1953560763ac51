"""`contracts release`: freezes a copy of what is published, for older clients rely on it from then on."""

import hashlib
import re
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from contracts.tools.apis import apis
from contracts.tools.committed import OPENAPI, files, name_of
from contracts.tools.documents import Json, render
from contracts.tools.faults import ToolError

__all__ = ["MANIFEST", "RELEASED", "freeze", "release"]

RELEASED = Path("contracts/released")
MANIFEST = "manifest.json"
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


def freeze(version: str, source: Path, released: Path) -> Path:
    """Copy the documents of `source` into a folder of their own, with a manifest; raises ToolError."""
    documents = files(source)
    target = released / version
    _check(version, documents, source, target)
    released.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=released) as scratch:  # so that half a release is never seen
        whole = Path(scratch, version)
        whole.mkdir()
        for file in documents.values():
            shutil.copyfile(file, whole / file.name)
        (whole / MANIFEST).write_bytes(render(_manifest(version, documents)))
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


def _manifest(version: str, documents: dict[str, Path]) -> Json:
    digests: dict[str, JsonValue] = {
        name: {"sha256": hashlib.sha256(file.read_bytes()).hexdigest()} for name, file in documents.items()
    }
    return {"version": version, "documents": digests}
