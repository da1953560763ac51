"""`contracts changelog`: what changed between two sets of documents, as Markdown."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from contracts.compat.changelogs import changelog as written
from contracts.compat.comparing import Options
from contracts.compat.comparisons import compare_all
from contracts.compat.consumers import judge_consumers
from contracts.compat.findings import Report, overall
from contracts.compat.waivers import read_waivers, waive
from contracts.tools.faults import ToolError, guarded
from contracts.tools.footprints import Known, known_readers
from contracts.tools.gate import AXES, WAIVERS
from contracts.tools.sides import judged, side

__all__ = ["changelog"]

_SPAN = re.compile(r"(?P<base>.+?)(?:(?<!/)\.\.|\.\.(?!/|$))(?P<revision>.+)", re.DOTALL)  # not the `..` of a path


def changelog(
    span: Annotated[str, typer.Argument(help="FROM..TO, each a file, a folder, git:REF:PATH or a wheel.")],
    readers: Known = None,
    waivers: Annotated[Path, typer.Option(help="The file of waivers.")] = WAIVERS,
) -> None:
    """Write a changelog: breaking with payloads, newly accepted, no longer sent, behaviour, and whom it concerns.

    Example: contracts changelog contracts/released/1.0.0..contracts/openapi
    """
    guarded(_changelog, span, readers, waivers)


def _changelog(span: str, readers: Path | None, waivers: Path) -> None:
    between = _SPAN.fullmatch(span)
    if between is None:
        raise ToolError(f"wanted FROM..TO, found `{span}`; put two dots between what was and what takes its place")
    before, after = side(between["base"]), side(between["revision"])
    found = judged(before, after, Options(), AXES).findings
    accepted = waive(found, read_waivers(waivers), datetime.now(UTC).date())
    consumers = judge_consumers(known_readers(readers), before.documents, after.documents, Options())
    report = Report(verdict=overall(accepted.left), findings=accepted.left, consumers=list(consumers))
    backward = compare_all(after.documents, before.documents, Options()).findings
    typer.echo(written(report, backward, accepted.waived), nl=False)
