"""What a report says of consumers: who breaks, who may, and who provably does not."""

from collections.abc import Iterable, Iterator

from contracts.compat.findings import FATAL, Consumer, Finding, Report
from contracts.compat.showing import one_line

_WORDS = {"breaking": "breaks", "suspect": "may break", "undecided": "may break", "safe": "unaffected"}


def concerned(report: Report) -> list[Consumer]:
    """Give the consumers that call what changed, those that break first."""
    fatal = [finding for finding in report.findings if finding.verdict in FATAL]
    touched = {(finding.document, operation) for finding in fatal for operation in finding.operations}
    found = [item for item in report.consumers if item.findings or (item.document, item.operation) in touched]
    return sorted(found, key=lambda item: (item.verdict == "safe", item.consumer, item.reader))


def as_text(report: Report) -> list[str]:
    """Write a table of the consumers, with the payload that breaks each."""
    if not report.consumers:
        return []
    found = concerned(report)
    rows = [(_WORDS[item.verdict], item.consumer, _short(item), item.operation) for item in found]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    lines = [f"readers: {_sum(report, found)}"]
    for item, row in zip(found, rows, strict=True):
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        lines.append(f"  {cells}  {'; '.join(_reasons(item))}".rstrip())
        lines += [f"    {line}" for finding in item.findings for line in _proof(item, finding)]
    return lines


def as_markdown(report: Report) -> list[str]:
    """Write the same for a pull request or a changelog."""
    found = concerned(report)
    lines = [f"Readers: {_sum(report, found)}."]
    for item in found:
        said = "; ".join(_reasons(item)).replace("<", "&lt;")
        lines.append(f"- **{item.consumer}** {_WORDS[item.verdict]}: `{_short(item)}` of {item.operation}: {said}.")
        lines += [f"  Payload: `{one_line(finding.witness, 160)}`" for finding in item.findings if _is_shown(finding)]
    return lines


def sentence(consumer: Consumer) -> str:
    """Say in one line what becomes of a consumer."""
    said = "; ".join(_reasons(consumer))
    return f"{consumer.consumer} {_WORDS[consumer.verdict]}: {_short(consumer)} of {consumer.operation}: {said}"


def misreadings(consumers: Iterable[Consumer]) -> Iterator[str]:
    """Say which readers cannot read what is answered today: those are wrong, and no change is to blame."""
    for item in consumers:
        for finding in item.findings:
            shown = f", such as {one_line(finding.witness, 160)}" if _is_shown(finding) else ""
            yield f"{item.reader} cannot read all that {item.operation} may answer: {finding.message}{shown}"


def _sum(report: Report, found: list[Consumer]) -> str:
    broken = sorted({item.consumer for item in found if item.verdict != "safe"})
    spared = len(report.consumers) - len([item for item in found if item.verdict != "safe"])
    fit = f"{spared} of {len(report.consumers)} provably read all that may come"
    return f"{fit}; {', '.join(broken)} may not" if broken else fit


def _reasons(consumer: Consumer) -> list[str]:
    if consumer.findings:
        return [finding.message for finding in consumer.findings]
    return [f"reads {', '.join(consumer.reads)}" if consumer.reads else "reads nothing of the answer"]


def _proof(consumer: Consumer, finding: Finding) -> Iterator[str]:
    if not _is_shown(finding):
        return
    new = "the new server"
    sender, reader = (consumer.consumer, new) if finding.direction == "request" else (new, consumer.consumer)
    yield f"{sender} sends {one_line(finding.witness)}"
    yield f"{reader} refuses it: {finding.refusal[:300]}"


def _is_shown(finding: Finding) -> bool:
    return finding.verdict == "breaking" and finding.source == "schema"


def _short(consumer: Consumer) -> str:
    return consumer.reader.rpartition(".")[2]
