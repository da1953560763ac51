"""`contracts regenerate`: models made from the documents alone, for teams that cannot import ours, proved equal."""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from contracts.tools.committed import OPENAPI
from contracts.tools.faults import guarded
from contracts.tools.roundtrip.generation import Generated, NotGenerated, generate
from contracts.tools.roundtrip.leniencies import LENIENCIES
from contracts.tools.roundtrip.package import importable, package, stale, write
from contracts.tools.roundtrip.proof import Difference, Proof, Sides, prove
from contracts.tools.roundtrip.subjects import Subject, subjects

__all__ = ["REGENERATED", "regenerate"]

REGENERATED = Path("build/regenerated")
_MANY = 20_000
_SHOWN = 6


def regenerate(
    services: Annotated[
        list[str] | None,
        typer.Argument(help="Services by name, or documents: files, folders, git:REF:PATH, wheels."),
    ] = None,
    output: Annotated[Path | None, typer.Option(help=f"The folder to write into, if not {REGENERATED}.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if --output is stale.")] = False,
    source: Annotated[Path, typer.Option("--from", help="The folder of our documents.")] = OPENAPI,
    payloads: Annotated[int, typer.Option(min=1, help="How many payloads to try for each service.")] = _MANY,
) -> None:
    """Make a package of Pydantic models from each document, and prove that nothing is lost on the way.

    Model, document and generated model must have one canonical schema, and judge all payloads alike. Exit 0 equal,
    1 a difference (the smallest payload that shows it is printed) or a stale folder, 2 unreadable input, 3 our fault.

    Example: contracts regenerate --check | contracts regenerate users --output ../models
    """
    guarded(_regenerate, services or [], output, check, source, payloads)


def _regenerate(asked: list[str], output: Path | None, check: bool, source: Path, payloads: int) -> None:
    found = subjects(asked, source)
    made = {subject.module: generated for subject in found if (generated := _generated(subject))}
    files = package({module: generated.source for module, generated in made.items()})
    with tempfile.TemporaryDirectory() as folder, importable(files, Path(folder)) as modules:
        equal = [_proved(subject, made[subject.module], modules, _share(subject, found, payloads))
                 for subject in found if subject.module in made]  # fmt: skip
    if not all(equal) or len(made) < len(found):
        typer.echo("Nothing was written: change the model that the payload shows, or the document.", err=True)
        raise typer.Exit(1)
    _deliver(files, output, check=check, whole=not asked)


def _generated(subject: Subject) -> Generated | None:
    try:
        return generate(subject.document)
    except NotGenerated as refused:
        typer.echo(f"{subject.label}: the generator would not keep all that the document says: {refused}")
        return None


def _share(subject: Subject, found: list[Subject], payloads: int) -> int:
    """Share a service's payloads out among its documents."""
    return -(-payloads // sum(other.service == subject.service for other in found))


def _proved(
    subject: Subject, generated: Generated, modules: Mapping[tuple[str, ...], ModuleType], payloads: int
) -> bool:
    if _watched():
        typer.echo(f"proving {subject.label}", err=True)
    began = time.monotonic()
    kinds = {name: getattr(modules[subject.module], kind) for name, kind in generated.names.items()}
    try:
        proof = prove(Sides(subject.document, kinds, subject.originals), payloads)
    except RecursionError:  # Pydantic's, which goes down a type as deep as it is nested
        typer.echo(f"{subject.label}: wanted models, found a schema too deep to make one of; name what lies deep in it")
        return False
    typer.echo(_line(subject, proof, len(kinds), time.monotonic() - began))
    for difference in proof.differences[:_SHOWN]:
        typer.echo("\n".join(_shown(difference)))
    return not proof.differences


def _watched() -> bool:
    return sys.stderr.isatty()


def _line(subject: Subject, proof: Proof, kinds: int, seconds: float) -> str:
    count = len(proof.differences)
    verdict = "equal" if not count else f"{count} difference{'s' if count > 1 else ''}"
    sides = "model, document and generated model" if subject.originals else "document and generated model"
    return (
        f"{subject.label}: {verdict}: {sides} of {kinds} components, {proof.payloads:,} payloads, "
        f"{proof.accepted:,} of them accepted{_excused(proof.lenient)}, {seconds:.1f} s"
    )


def _excused(lenient: Counter[str]) -> str:
    known = [f"{lenient[one.name]:,} excused ({one.name})" for one in LENIENCIES if lenient[one.name]]
    return f", {', '.join(known)}" if known else ""


def _shown(difference: Difference) -> list[str]:
    lines = [f"  {difference.component}", *(f"    {place}" for place in difference.places[:_SHOWN])]
    if difference.payload is None:
        return [*lines, "    no payload was found that shows it"]
    return [*lines, f"    payload: {difference.payload.decode()}",
            *(f"    the {side} {said}" for side, said in difference.verdicts)]  # fmt: skip


def _deliver(files: Mapping[str, str], output: Path | None, *, check: bool, whole: bool) -> None:
    if not check:
        write(files, output or REGENERATED, whole=whole)
        typer.echo(f"{output or REGENERATED} holds the package now: build it, or put its `src` on the path.")
    elif output is not None:
        left = list(stale(files, output, whole=whole))
        typer.echo("\n".join(left) or f"{output} is up to date.")
        if left:
            typer.echo(f"Run `contracts regenerate --output {output}` and commit what it writes.", err=True)
            raise typer.Exit(1)
