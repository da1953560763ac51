"""Reports as a person, a program, GitHub and a pull request want them."""

import json
from collections import Counter
from collections.abc import Iterator

from contracts.compat import telling
from contracts.compat.findings import FATAL, Finding, Report
from contracts.compat.showing import abbreviated, one_line, plain

_HEADS = ("verdict", "operation", "where", "what", "rule")
_WIDTHS = (9, 34, 26, 60, 30)
_MOST_OPERATIONS = 4
_PROGRAM = ("old code ", *("         " for _ in range(9)))


def as_json(report: Report) -> str:
    """Write every finding, long payloads abbreviated, the same bytes every time."""
    shown = report.model_dump(mode="json")
    consumers = [finding for consumer in shown["consumers"] for finding in consumer["findings"]]
    for finding in [*shown["findings"], *consumers]:
        finding["witness"], finding["control"] = abbreviated(finding["witness"]), abbreviated(finding["control"])
        finding["refusal"] = finding["refusal"][:600]
    return json.dumps(shown, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def as_text(report: Report) -> str:
    """Write a table to glance at, then the proof of each finding that counts."""
    if not report.findings:
        safe = "safe: nothing that older clients send or read has changed"
        return "\n".join([safe, *telling.as_text(report)]) + "\n"
    rows = [_row(finding) for finding in report.findings]
    widths = [min(width, max(len(row[column]) for row in (_HEADS, *rows))) for column, width in enumerate(_WIDTHS)]
    lines = ["  ".join(map(_fit, row, widths)) for row in (_HEADS, *rows)]
    proofs = [line for finding in report.findings if finding.verdict in FATAL for line in proof(finding)]
    consumers = ["", *telling.as_text(report)] if report.consumers else []
    return "\n".join([*(line.rstrip() for line in lines), *proofs, *consumers, "", _sum(report)]) + "\n"


def _row(finding: Finding) -> tuple[str, str, str, str, str]:
    more = f" +{len(finding.operations) - 1}" if len(finding.operations) > 1 else ""
    return finding.verdict, plain(finding.operation) + more, plain(finding.where), plain(finding.message), finding.rule


def _fit(cell: str, width: int) -> str:
    return cell.ljust(width) if len(cell) <= width else cell[: width - 1] + "…"


def proof(finding: Finding) -> Iterator[str]:
    """Write what a finding says and the payload or the exchanges that show it."""
    document = f"{finding.document} " if finding.document else ""
    yield ""
    yield f"{finding.id}  {finding.verdict}  {document}{plain(finding.message)}  [{finding.rule}]"
    yield f"  at        {plain(_at(finding))}"
    if finding.source == "http" and isinstance(finding.witness, dict):
        yield f"  before    {one_line(finding.witness.get('base'))}"
        yield f"  after     {one_line(finding.witness.get('revision'))}"
    elif finding.axis == "source" and isinstance(finding.witness, str):
        yield from (f"  {head} {line}" for head, line in zip(_PROGRAM, finding.witness.splitlines(), strict=False))
        yield f"  now       {finding.refusal[:300]}"
    elif finding.verdict == "breaking":
        sender, reader = ("old client sends", "new server refuses") if finding.direction == "request" else (
            "new server sends", "old client refuses")  # fmt: skip
        yield f"  {sender}  {one_line(finding.witness)}"
        yield f"  {reader}  {finding.refusal[:300]}"
        if finding.code:
            yield f"  its code  {finding.code[:300]}"
        if finding.control is not None:
            yield f"  both accept  {one_line(finding.control)}"
    yield f"  reaches   {plain(_reach(finding))}"


def _at(finding: Finding) -> str:
    """Give the place in the document that says the most about it."""
    moved = finding.pointer.revision != finding.root.revision or finding.pointer.base == finding.root.base
    return (finding.pointer.revision if moved else finding.pointer.base) or "/"


def _reach(finding: Finding) -> str:
    shown = ", ".join(finding.operations[:_MOST_OPERATIONS])
    left = len(finding.operations) - _MOST_OPERATIONS
    return f"{shown} and {left} more" if left > 0 else shown


def _sum(report: Report) -> str:
    counts = Counter(finding.verdict for finding in report.findings)
    return f"{report.verdict}: " + ", ".join(f"{number} {verdict}" for verdict, number in counts.items())


def as_github(report: Report) -> str:
    """Write workflow commands, which GitHub shows beside the change."""
    lines = [
        f"::{'error' if finding.verdict in FATAL else 'notice'} title={finding.rule}::"
        + _escaped(f"{finding.verdict}: {finding.operation} {finding.where}: {finding.message}{_shown(finding)}")
        for finding in report.findings
    ]
    for consumer in telling.concerned(report):
        level = "error" if consumer.findings else "notice"
        lines.append(f"::{level} title={consumer.reader}::{_escaped(telling.sentence(consumer))}")
    return "\n".join([*lines, _sum(report) if report.findings else "safe"]) + "\n"


def _shown(finding: Finding) -> str:
    return f" (payload {one_line(finding.witness)})" if finding.verdict == "breaking" else ""


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def as_markdown(report: Report) -> str:
    """Write a comment for a pull request."""
    if not report.findings:
        safe = "**safe**: nothing that older clients send or read has changed."
        return "\n".join([safe, *_consumers(report)]) + "\n"
    lines = [f"**{_sum(report)}**", "", "| verdict | operation | where | what |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {finding.verdict} | {_cell(_row(finding)[1])} | {_cell(finding.where)} | {_cell(finding.message)} |"
        for finding in report.findings
    ]
    for finding in report.findings:
        if finding.verdict == "breaking":
            lines += ["", f"`{finding.id}` {_cell(finding.message)}", "", "```json", one_line(finding.witness), "```"]
    return "\n".join([*lines, *_consumers(report)]) + "\n"


def _consumers(report: Report) -> list[str]:
    return ["", *telling.as_markdown(report)] if report.consumers else []


def _cell(text: str) -> str:
    return plain(text).replace("|", "\\|").replace("<", "&lt;").replace("`", "'")


FORMATS = {"text": as_text, "json": as_json, "github": as_github, "markdown": as_markdown}
