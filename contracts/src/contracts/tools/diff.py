"""`contracts diff`: what breaks for older clients between two documents, each finding with its payload."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from contracts.compat.comparing import Options
from contracts.compat.consumers import judge_consumers
from contracts.compat.document import Document
from contracts.compat.findings import FATAL, Report
from contracts.compat.replaying import replay as replayed
from contracts.compat.replaying import save
from contracts.compat.reporting import FORMATS
from contracts.compat.views import Tolerance
from contracts.tools.faults import guarded
from contracts.tools.footprints import Known, known_readers
from contracts.tools.sides import judged, side

__all__ = ["diff", "replay"]


class Format(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    MARKDOWN = "markdown"


class Client(StrEnum):
    """Whether old clients send members that nothing declares."""

    CLOSED = "closed"
    OPEN = "open"


class Axis(StrEnum):
    """What may break: what goes over the wire, or code that imports the models."""

    WIRE = "wire"
    SOURCE = "source"


class Ground(StrEnum):
    """What a command may fail on."""

    BREAKING = "breaking"
    SUSPECT = "suspect"
    UNDECIDED = "undecided"
    BEHAVIOUR = "behaviour"
    POLICY = "policy"


def diff(
    base: Annotated[str, typer.Argument(help="A file, a folder, git:REF:PATH, wheel:NAME==VERSION or a .whl file.")],
    revision: Annotated[str, typer.Argument(help="The same, for what takes its place.")],
    output: Annotated[Format, typer.Option("--format", help="How to write the report.")] = Format.TEXT,
    fail_on: Annotated[list[Ground] | None, typer.Option(help="Also fail on this; may be repeated.")] = None,
    reader: Annotated[Tolerance, typer.Option(help="How old clients read answers.")] = Tolerance.TOLERANT,
    client: Annotated[Client, typer.Option(help="Whether clients send undeclared members.")] = Client.CLOSED,
    axis: Annotated[list[Axis] | None, typer.Option(help="Only this: bytes, or code that imports the models.")] = None,
    budget: Annotated[int, typer.Option(min=1, help="Payloads tried for each finding.")] = 60,
    save_witnesses: Annotated[Path | None, typer.Option(help="A folder to keep proofs in.")] = None,
    readers: Known = None,
) -> None:
    """Compare two documents; exit 0 safe, 1 not safe, 2 unreadable input, 3 our own fault.

    Two wheels are compared by their code too, which is imported: compare wheels that you would install.

    Example: contracts diff old.json new.json | contracts diff wheel:concord-contracts==0.1.0 contracts/openapi
    """
    options = Options(reader=reader, client=client.value, budget=budget)
    guarded(_diff, base, revision, output, fail_on or [], axis or list(Axis), options, save_witnesses, readers)


def _diff(
    base: str,
    revision: str,
    output: Format,
    fail_on: list[Ground],
    axes: list[Axis],
    options: Options,
    folder: Path | None,
    readers: Path | None,
) -> None:
    before, after = side(base), side(revision)
    report = judged(before, after, options, axes, _progress)
    report.consumers.extend(judge_consumers(known_readers(readers), before.documents, after.documents, options))
    if folder is not None:
        _save(report, options, folder, before.documents, after.documents)
    typer.echo(FORMATS[output.value](report), nl=False)
    if failed(report, fail_on):
        raise typer.Exit(1)


def failed(report: Report, fail_on: list[Ground]) -> bool:
    grounds = {*FATAL, *(ground.value for ground in fail_on)}
    return any(finding.verdict in grounds for finding in report.findings)


def _watched() -> bool:
    return sys.stderr.isatty()


def _progress(name: str) -> None:
    if _watched():
        typer.echo(f"comparing {name}", err=True)


def _save(
    report: Report, options: Options, folder: Path, before: dict[str, Document], after: dict[str, Document]
) -> None:
    for name in sorted(before):
        known = after.get(name, next(iter(after.values())))
        some = [finding for finding in report.findings if finding.document in {"", name}]
        save(Report(verdict=report.verdict, findings=some), before[name], known, options, folder)


def replay(
    folder: Annotated[Path, typer.Argument(help="The folder that `contracts diff --save-witnesses` wrote.")],
) -> None:
    """Judge saved witnesses again; exit 1 where one no longer shows what it showed.

    Example: contracts replay witnesses/
    """
    guarded(_replay, folder)


def _replay(folder: Path) -> None:
    judged = list(replayed(folder))
    for item in judged:
        typer.echo(f"{item.name}  {item.said}")
    if not all(item.holds for item in judged):
        raise typer.Exit(1)
