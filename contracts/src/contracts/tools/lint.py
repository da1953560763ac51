"""`contracts lint`: the wire rules, each breach with a payload that two readers of the contract judge differently."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from contracts.compat.showing import one_line
from contracts.tools.documents import Json
from contracts.tools.faults import guarded
from contracts.tools.linting.breach import Breach
from contracts.tools.linting.subjects import linted

__all__ = ["lint"]


class Layout(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"


def lint(
    subjects: Annotated[
        list[str] | None, typer.Argument(help="Services, modules, or documents: files, folders, git:REF:PATH, wheels.")
    ] = None,
    output: Annotated[Layout, typer.Option("--format", help="How to write the findings.")] = Layout.TEXT,
) -> None:
    """Find what two readers of a contract would judge differently, with a payload for each; ours if none is named.

    Exit 0 clean, 1 findings, 2 unreadable input, 3 our own fault.

    Example: contracts lint | contracts lint petstore.yaml contracts.users.v2 --format json
    """
    guarded(_lint, subjects or [], output)


def _lint(asked: list[str], output: Layout) -> None:
    found = list(linted(asked))
    typer.echo(_json(found) if output is Layout.JSON else _text(found))
    if any(breaches for _, breaches in found):
        raise typer.Exit(1)


def _text(found: list[tuple[str, list[Breach]]]) -> str:
    lines: list[str] = []
    for name, breaches in found:
        lines.append(f"{name}: {_count(len(breaches))}")
        for breach in breaches:
            lines += [f"  {breach.sentence}  [{breach.rule}]", f"    payload  {one_line(breach.payload)}",
                      f"    good to  {breach.taken}", f"    not to   {breach.refused}"]  # fmt: skip
    return "\n".join(lines)


def _count(findings: int) -> str:
    return "clean" if not findings else "1 finding" if findings == 1 else f"{findings} findings"


def _json(found: list[tuple[str, list[Breach]]]) -> str:
    findings = [_finding(name, breach) for name, breaches in found for breach in breaches]
    report = {"verdict": "findings" if findings else "clean", "findings": findings}
    return json.dumps(report, indent=2, ensure_ascii=False)


def _finding(name: str, breach: Breach) -> Json:
    return {
        "subject": name,
        "place": breach.place,
        "rule": breach.rule,
        "message": breach.advice,
        "payload": breach.payload,
        "taken_by": breach.taken,
        "refused_by": breach.refused,
    }
