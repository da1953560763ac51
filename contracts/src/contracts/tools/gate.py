"""`contracts gate`: what is committed against what is released; for CI, and before every push."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from contracts.compat.comparing import Options, in_order
from contracts.compat.comparisons import compare_all
from contracts.compat.consumers import judge_consumers, merged
from contracts.compat.document import Document
from contracts.compat.failures import Unreadable
from contracts.compat.findings import Finding, Report, overall
from contracts.compat.footprints import Footprint
from contracts.compat.reporting import FORMATS
from contracts.compat.sources import load
from contracts.compat.telling import misreadings
from contracts.compat.waivers import Judged, read_waivers, waive
from contracts.tools.committed import OPENAPI
from contracts.tools.diff import Format, Ground, failed, guarded
from contracts.tools.footprints import Known, known_readers
from contracts.tools.release import RELEASED

__all__ = ["WAIVERS", "gate", "judge", "releases"]

WAIVERS = Path("contracts/waivers.toml")


def releases(folder: Path) -> list[Path]:
    """Give the folders of all releases, oldest first."""
    found = [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    return sorted(found, key=lambda path: [part.zfill(9) for part in path.name.split(".")])


def judge(bases: dict[str, dict[str, Document]], revision: dict[str, Document]) -> list[Finding]:
    """Compare what is committed with every release; what several releases show is said once."""
    found: dict[str, Finding] = {}
    for base in bases.values():
        for finding in compare_all(base, revision, Options()).findings:
            found.setdefault(finding.id, finding)
    return in_order(found.values())


def gate(
    base: Annotated[str | None, typer.Option(help="Instead of all releases: FOLDER or git:REF:PATH.")] = None,
    revision: Annotated[str, typer.Option(help="What is to be published.")] = str(OPENAPI),
    released: Annotated[Path, typer.Option(help="The folder of all releases.")] = RELEASED,
    waivers: Annotated[Path, typer.Option(help="The file of waivers.")] = WAIVERS,
    output: Annotated[Format, typer.Option("--format", help="How to write the report.")] = Format.TEXT,
    fail_on: Annotated[list[Ground] | None, typer.Option(help="Also fail on this; may be repeated.")] = None,
    readers: Known = None,
) -> None:
    """Hold the committed documents against the released ones; exit 1 where an older client would break.

    Example: contracts gate | contracts gate --base git:main:contracts/openapi
    """
    guarded(_gate, base, revision, released, waivers, output, fail_on or [], known_readers(readers))


def _gate(
    base: str | None,
    revision: str,
    released: Path,
    waivers: Path,
    output: Format,
    fail_on: list[Ground],
    readers: Sequence[Footprint],
) -> None:
    bases = {base: _named(base)} if base else {str(path): _named(str(path)) for path in releases(released)}
    if not bases:
        typer.echo(f"nothing is released in {released} yet, so nobody relies on anything; see `contracts release`")
    after = _named(revision)
    judged = waive(judge(bases, after), read_waivers(waivers), datetime.now(UTC).date())
    consumers = merged(judge_consumers(readers, base, after) for base in (after, *bases.values()))
    report = Report(verdict=overall(judged.left), findings=judged.left, consumers=consumers)
    typer.echo(FORMATS[output.value](report), nl=False)
    misread = list(misreadings(judge_consumers(readers, after, after)))
    _tell(judged, misread)
    if failed(report, fail_on) or judged.complaints or misread:
        raise typer.Exit(1)


def _named(where: str) -> dict[str, Document]:
    """Read several documents; a single file has no name to pair it by."""
    documents = load(where)
    if "" in documents:
        raise Unreadable(where, "the source", "a folder of documents", "one file; use `contracts diff`")
    return documents


def _tell(judged: Judged, misread: list[str]) -> None:
    for finding, waiver in judged.waived:
        said = (
            f"waived until {waiver.expires} by {waiver.owner}: {finding.operation} {finding.message} ({waiver.reason})"
        )
        typer.echo(said, err=True)
    for complaint in [*judged.complaints, *misread]:
        typer.echo(complaint, err=True)
