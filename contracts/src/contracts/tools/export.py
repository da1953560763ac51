"""`contracts export`: collects what each service publishes into the folder that is committed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from contracts.tools.apis import apis
from contracts.tools.committed import OPENAPI, files, name_of
from contracts.tools.compare import differences
from contracts.tools.documents import parse, render
from contracts.tools.faults import guarded
from contracts.tools.published import published

__all__ = ["collect", "export", "stale"]


def collect() -> dict[str, bytes]:
    """Ask every service, and write each document as it is to be committed; by file name."""
    return {name_of(*name): render(document) for name, document in published(apis()).items()}


def stale(fresh: dict[str, bytes], folder: Path) -> Iterator[str]:
    """Say how the committed files differ from what is published now, each in a sentence."""
    committed = files(folder)
    for name in sorted(fresh.keys() - committed.keys()):
        yield f"{name}: is published, and {folder} does not have it"
    for name in sorted(committed.keys() - fresh.keys()):
        yield f"{name}: lies in {folder}, and no service publishes it"
    for name in sorted(fresh.keys() & committed.keys()):
        found = committed[name].read_bytes()
        if found != fresh[name]:
            yield from _moved(name, found, fresh[name])


def export(
    to: Annotated[Path, typer.Option("--to", help="The folder to write into.")] = OPENAPI,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail when the folder is stale.")] = False,
) -> None:
    """Collect what each service publishes, as OpenAPI 3.1, the same bytes every time.

    Example: contracts export --check
    """
    guarded(_export, to, check)


def _export(to: Path, check: bool) -> None:
    fresh = collect()
    moved = list(stale(fresh, to))
    if check:
        _report(moved, to)
    else:
        _write(fresh, to)
        typer.echo("\n".join(moved) or f"{to} was up to date.")


def _moved(name: str, committed: bytes, fresh: bytes) -> Iterator[str]:
    label = " ".join(name.removesuffix(".json").split(".", 1))
    found = differences(label, parse(committed, name), parse(fresh, name))
    yield from (difference.sentence("committed") for difference in found)
    if not found:
        yield f"{name}: says the same in other bytes"


def _report(moved: list[str], folder: Path) -> None:
    for line in moved:
        typer.echo(line)
    if moved:
        option = "" if folder == OPENAPI else f" --to {folder}"
        typer.echo(f"{folder} is stale: run `contracts export{option}` and commit what it writes.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{folder} is up to date: {len(files(folder))} documents.")


def _write(fresh: dict[str, bytes], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, file in files(folder).items():
        if name not in fresh:
            file.unlink()
    for name, text in fresh.items():
        (folder / name).write_bytes(text)
