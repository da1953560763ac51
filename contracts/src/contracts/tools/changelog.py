"""`contracts changelog`: what changed between two sets of documents, as Markdown."""

from pathlib import Path
from typing import Annotated

import typer

from contracts.compat.changelogs import changelog as written
from contracts.compat.comparing import Options
from contracts.compat.sources import load
from contracts.tools.diff import guarded
from contracts.tools.faults import ToolError
from contracts.tools.footprints import Known, known_readers

__all__ = ["changelog"]


def changelog(
    span: Annotated[str, typer.Argument(help="FROM..TO, each a file, a folder, git:REF:PATH or a wheel.")],
    readers: Known = None,
) -> None:
    """Write a changelog: breaking with payloads, newly accepted, no longer sent, behaviour, and whom it concerns.

    Example: contracts changelog contracts/released/1.0.0..contracts/openapi
    """
    guarded(_changelog, span, readers)


def _changelog(span: str, readers: Path | None) -> None:
    base, dots, revision = span.partition("..")
    if not (base and dots and revision):
        raise ToolError(f"wanted FROM..TO, found `{span}`")
    typer.echo(written(load(base), load(revision), Options(), known_readers(readers)), nl=False)
