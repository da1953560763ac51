"""`contracts gate`: what is committed against what is released; for CI, and before every push."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from contracts.compat.comparing import Options, in_order
from contracts.compat.consumers import judge_consumers, merged
from contracts.compat.document import Document
from contracts.compat.failures import Unreadable
from contracts.compat.findings import FATAL, Consumer, Finding, Report, overall
from contracts.compat.footprints import Footprint
from contracts.compat.reporting import FORMATS
from contracts.compat.telling import misreadings
from contracts.compat.waivers import Judged, read_waivers, stub, waive
from contracts.tools.committed import name_of, published_here
from contracts.tools.crossing import Crossing, cross
from contracts.tools.diff import Axis, Format, Ground, failed
from contracts.tools.faults import guarded
from contracts.tools.footprints import Known, known_readers
from contracts.tools.release import RELEASED, altered
from contracts.tools.sides import Side, judged, side
from contracts.tools.steps import steps

__all__ = ["WAIVERS", "crossings", "gate", "judge", "releases"]

AXES = ("wire", "source")
_OFFERED = 3
WAIVERS = Path("contracts/waivers.toml")


def releases(folder: Path) -> list[Path]:
    """Give the folders of all releases, oldest first."""
    found = [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    return sorted(found, key=lambda path: [part.zfill(9) for part in path.name.split(".")])


def judge(bases: Iterable[Side], revision: Side, axes: Iterable[str] = AXES) -> list[Finding]:
    """Compare what is committed with every release; what several releases show is said once."""
    found: dict[str, Finding] = {}
    for base in bases:
        for finding in judged(base, revision, Options(), axes).findings:
            found.setdefault(finding.id, finding)
    return in_order(found.values())


def crossings(revision: dict[str, Document]) -> list[Crossing]:
    """Push what breaks from each version to the next through the translations that are declared."""
    made: list[Crossing] = []
    for step in steps():
        old, new = (revision.get(name_of(step.service, api.version)) for api in (step.old, step.new))
        if old is not None and new is not None:
            made.append(cross(step, old, new))
    return made


def gate(
    base: Annotated[str | None, typer.Option(help="Instead of all releases: anything that `diff` takes.")] = None,
    revision: Annotated[str | None, typer.Option(help="What is to be published, instead of what is here.")] = None,
    released: Annotated[Path, typer.Option(help="The folder of all releases.")] = RELEASED,
    waivers: Annotated[Path, typer.Option(help="The file of waivers.")] = WAIVERS,
    output: Annotated[Format, typer.Option("--format", help="How to write the report.")] = Format.TEXT,
    fail_on: Annotated[list[Ground] | None, typer.Option(help="Also fail on this; may be repeated.")] = None,
    axis: Annotated[list[Axis] | None, typer.Option(help="Only this: bytes, or code that imports the models.")] = None,
    readers: Known = None,
) -> None:
    """Hold what is published against every release, and each version against the next; exit 1 where a client breaks.

    What breaks from one version to the next must arrive through the declared translations.
    Outside the repository, what is published is the installed package.

    Example: contracts gate | contracts gate --base wheel:concord-contracts==0.1.0
    """
    asked = _Asked(base, revision, released, waivers, axis or list(Axis), readers)
    guarded(_gate, asked, output, fail_on or [])


@dataclass(frozen=True)
class _Asked:
    """What is held against what."""

    base: str | None
    revision: str | None
    released: Path
    waivers: Path
    axes: Sequence[Axis]
    readers: Path | None

    def bases(self) -> list[Side]:
        """Read one base, or every release."""
        return [_named(place) for place in ([self.base] if self.base else map(str, releases(self.released)))]


def _gate(asked: _Asked, output: Format, fail_on: list[Ground]) -> None:
    bases, fresh = asked.bases(), _named(asked.revision or str(published_here()))
    if not bases:
        typer.echo(f"nothing is released in {asked.released}: give a --base, or run `contracts release`", err=True)
    crossed = crossings(fresh.documents)
    found = in_order([*judge(bases, fresh, asked.axes), *(item for one in crossed for item in one.fallen)])
    accepted = waive(found, read_waivers(asked.waivers), datetime.now(UTC).date())
    readers = known_readers(asked.readers)
    report = Report(
        verdict=overall(accepted.left), findings=accepted.left, consumers=_consumers(readers, bases, fresh.documents)
    )
    typer.echo(FORMATS[output.value](report), nl=False)
    misread = list(misreadings(judge_consumers(readers, fresh.documents, fresh.documents)))
    touched = [said for folder in releases(asked.released) for said in altered(folder)]
    _tell(accepted, crossed, [*misread, *touched])
    if failed(report, fail_on) or accepted.complaints or misread or touched:
        _offer(accepted.left, asked.waivers)
        raise typer.Exit(1)


def _offer(left: list[Finding], waivers: Path) -> None:
    """Write the waivers that would let these findings pass, for whoever answers for them."""
    fatal = [finding for finding in left if finding.verdict in FATAL]
    if fatal:
        typer.echo(f"\n`contracts explain RULE` says how to mend it; to answer for it, add to {waivers}:", err=True)
    for finding in fatal[:_OFFERED]:
        typer.echo(f"\n{stub(finding)}", err=True)


def _consumers(readers: Sequence[Footprint], bases: list[Side], fresh: dict[str, Document]) -> list[Consumer]:
    """Judge each consumer by what is published, and by every release that it may have been written for."""
    return merged(judge_consumers(readers, base, fresh) for base in (fresh, *(side.documents for side in bases)))


def _named(where: str) -> Side:
    """Read several documents; a single file has no name to pair it by."""
    found = side(where)
    if "" in found.documents:
        raise Unreadable(where, "the source", "a folder of documents", "one file", "use `contracts diff`")
    return found


def _tell(judged: Judged, crossed: list[Crossing], faults: list[str]) -> None:
    for one in crossed:
        said = f"{one.covered} breaks are carried by {', '.join(sorted(one.carriers))}" if one.covered else "no breaks"
        typer.echo(f"{one.name}: {said}{f', {len(one.fallen)} fall through' if one.fallen else ''}", err=True)
    for finding, waiver in judged.waived:
        said = (
            f"waived until {waiver.expires} by {waiver.owner}: {finding.operation} {finding.message} ({waiver.reason})"
        )
        typer.echo(said, err=True)
    for complaint in [*judged.complaints, *faults]:
        typer.echo(complaint, err=True)
