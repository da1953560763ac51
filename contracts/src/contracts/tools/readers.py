"""`contracts readers`: who reads what of whose answers, as a table, a graph, or the file that the gate takes."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from contracts.compat.footprints import Footprint, Footprints
from contracts.tools.faults import guarded
from contracts.tools.footprints import GROUP, READERS, declared

__all__ = ["readers"]


class Layout(StrEnum):
    """How to show who reads what."""

    TEXT = "text"
    MERMAID = "mermaid"
    JSON = "json"


def readers(
    output: Annotated[Layout, typer.Option("--format", help="How to show them.")] = Layout.TEXT,
    to: Annotated[Path | None, typer.Option("--to", help="Write the file that the gate takes.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Fail when the committed file is stale.")] = False,
) -> None:
    """Show who reads what, of the readers that all installed packages declare.

    Example: contracts readers --format mermaid | contracts readers --to contracts/readers.json
    """
    guarded(_readers, output, to, check)


def _readers(output: Layout, to: Path | None, check: bool) -> None:
    found = declared()
    if check:
        _check(found, to or READERS)
    elif to is not None:
        to.write_text(as_json(found), encoding="utf-8")
        typer.echo(f"{to} holds {len(found)} readers now; commit it.")
    else:
        typer.echo(_LAYOUTS[output](found), nl=False)


def _check(found: list[Footprint], path: Path) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != as_json(found):
        typer.echo(f"{path} is stale: run `contracts readers --to {path}` and commit what it writes.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{path} is up to date: {len(found)} readers.")


def as_json(found: Sequence[Footprint]) -> str:
    """Write what `--readers` takes, the same bytes every time."""
    return Footprints(readers=list(found)).model_dump_json(indent=2) + "\n"


def as_table(found: Sequence[Footprint]) -> str:
    """Write a line for each reader."""
    if not found:
        return f"no installed package names a module of readers in the entry point group {GROUP}\n"
    head = ("consumer", "provider", "operation", "reads")
    rows = [head, *map(_row, found)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = ["  ".join([*map(str.ljust, row, widths), row[3]]) for row in rows]
    return "\n".join(lines) + "\n"


def _row(item: Footprint) -> tuple[str, str, str, str]:
    return item.consumer, item.document.removesuffix(".json"), item.operation, _read(item)


def as_mermaid(found: Sequence[Footprint]) -> str:
    """Draw an arrow from each consumer to each provider, with what is read of each operation."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for item in found:
        provider = item.document.partition(".")[0]
        arrows.setdefault((item.consumer, provider), []).append(f"{item.operation}: {_read(item)}")
    lines = [
        f'    {consumer} -->|"{"<br/>".join(line.replace(chr(34), chr(39)) for line in said)}"| {provider}'
        for (consumer, provider), said in arrows.items()
    ]
    return "\n".join(["flowchart LR", *lines]) + "\n"


def _read(item: Footprint) -> str:
    return ", ".join(item.reads) or "(that it was answered)"


_LAYOUTS: dict[Layout, Callable[[Sequence[Footprint]], str]] = {
    Layout.TEXT: as_table,
    Layout.MERMAID: as_mermaid,
    Layout.JSON: as_json,
}
