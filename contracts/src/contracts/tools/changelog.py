"""`contracts changelog`: what changed between two sets of documents, as Markdown."""

from typing import Annotated

import typer

from contracts.compat.changelogs import changelog as written
from contracts.compat.comparing import Options
from contracts.compat.sources import load
from contracts.tools.diff import guarded
from contracts.tools.faults import ToolError

__all__ = ["changelog"]


def changelog(
    span: Annotated[str, typer.Argument(help="FROM..TO, each a file, a folder, git:REF:PATH or a wheel.")],
) -> None:
    """Write a changelog: breaking with payloads, newly accepted, no longer sent, behaviour.

    Example: contracts changelog contracts/released/1.0.0..contracts/openapi
    """
    guarded(_changelog, span)


def _changelog(span: str) -> None:
    base, dots, revision = span.partition("..")
    if not (base and dots and revision):
        raise ToolError(f"wanted FROM..TO, found `{span}`")
    typer.echo(written(load(base), load(revision), Options()), nl=False)
