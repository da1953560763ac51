"""`contracts explain`: what a rule means, a payload that shows it, and how to make the change safely."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from contracts.compat.failures import reason
from contracts.compat.findings import Finding, Report
from contracts.compat.reporting import proof
from contracts.compat.rulebook import RULES
from contracts.compat.rules import Rule, Told
from contracts.compat.showing import one_line
from contracts.compat.values import mapping
from contracts.tools.faults import ToolError, guarded

__all__ = ["explain"]

_WRITE = "`contracts diff --format json`"


def explain(
    name: Annotated[str, typer.Argument(help="A rule such as string.pattern, or the id of a finding.")],
    report: Annotated[Path | None, typer.Option(help="For an id: what `contracts diff --format json` wrote.")] = None,
) -> None:
    """Say what a rule means, with an example that the gate judges on the spot.

    Example: contracts explain enum.narrowed | contracts explain F-68ddaaf05d --report findings.json
    """
    guarded(_explain, name, report)


def _explain(name: str, report: Path | None) -> None:
    if name.startswith("F-"):
        finding = _found(name, report)
        typer.echo("\n".join(proof(finding)).lstrip("\n"))
        name = finding.rule
        typer.echo()
    if name not in RULES:
        raise ToolError(f"`{name}`: wanted a rule, found none of that name; choose one of {', '.join(sorted(RULES))}")
    typer.echo("\n".join(_lines(RULES[name])))


def _found(name: str, report: Path | None) -> Finding:
    if report is None:
        raise ToolError(f"{name}: wanted the report it stands in, found none; pass --report FILE, written by {_WRITE}")
    try:
        read = Report.model_validate_json(report.read_bytes())
    except OSError as error:
        raise ToolError(f"{report}: wanted a report, found {reason(error)}; write it with {_WRITE}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        said = f"{first['msg']} at /{'/'.join(map(str, first['loc']))}"
        raise ToolError(f"{report}: wanted a report, found {said}; write it with {_WRITE}") from None
    for finding in [*read.findings, *(finding for consumer in read.consumers for finding in consumer.findings)]:
        if finding.id == name:
            return finding
    found = ", ".join(item.id for item in read.findings) or "no findings"
    raise ToolError(f"{report}: wanted {name}, found {found}; choose one of these, or another report")


def _lines(rule: Rule) -> list[str]:
    lines = [rule.name, f"  meaning  {rule.meaning}", f"  safely   {rule.safely}"]
    if isinstance(rule.example, Told):
        proof = (f"           {line}" for line in rule.example.proof.splitlines())
        return [*lines, f"  before   {rule.example.before}", f"  after    {rule.example.after}", "  shown by", *proof]
    lines += [f"  before   {one_line(rule.example.before)}", f"  after    {one_line(rule.example.after)}"]
    shown = [item for item in rule.example.report().findings if item.rule == rule.name]
    return [*lines, *(line for item in shown[:1] for line in _shown(item))]


def _shown(finding: Finding) -> list[str]:
    if isinstance(finding.witness, dict) and finding.source == "http":
        answers = (one_line(mapping(finding.witness.get(side)).get("answer")) for side in ("base", "revision"))
        return [
            f"  exchange {one_line(mapping(finding.witness.get('base')).get('request'))}: " + ", then ".join(answers)
        ]
    if finding.verdict == "breaking":
        return [f"  payload  {one_line(finding.witness)} is refused: {finding.refusal}"]
    return [f"  reported {finding.verdict}: {finding.message}"]
