"""Mutation audit: every edit judged by the gate and by another validator; what differs is the gate's debt."""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from contracts.compat.comparing import compare
from contracts.compat.document import Document
from contracts.compat.exchanges import compare_exchanges
from contracts.compat.failures import Unreadable
from contracts.compat.findings import FATAL, Finding, Report
from contracts.compat.questions import Question
from mutations import Mutation, chosen
from oracle import Generator, Side

_MOST_ROOTS = 4


@dataclass
class Tally:
    """What the audit found, by rule of mutation."""

    edits: int = 0
    verdicts: Counter[str] = field(default_factory=Counter[str])
    undecided: Counter[str] = field(default_factory=Counter[str])
    missed: list[str] = field(default_factory=list[str])
    false: list[str] = field(default_factory=list[str])
    alarms: list[str] = field(default_factory=list[str])
    witnesses: int = 0
    payloads: int = 0


def audit(name: str, raw: dict[str, Any], most: int, payloads: int, tally: Tally) -> None:
    """Judge edits of one document both ways: the edit, and taking it back."""
    for number, mutation in enumerate(chosen(raw, most)):
        changed = mutation.on(raw)
        try:
            sides = Document.checked(raw, "base"), Document.checked(changed, "revision")
        except Unreadable:
            continue
        for way, (base, revision) in (("", sides), (" undone", sides[::-1])):
            _judge(
                f"{name} {mutation.pointer} {mutation.name}{way}", mutation, base, revision, (payloads, number), tally
            )


def _judge(
    label: str, mutation: Mutation, base: Document, revision: Document, effort: tuple[int, int], tally: Tally
) -> None:
    report = compare(base, revision)
    tally.edits += 1
    tally.verdicts[report.verdict] += 1
    for finding in report.findings:
        if finding.verdict == "breaking" and finding.source == "schema":
            tally.witnesses += 1
            if not revalidated(base.raw, revision.raw, finding):
                tally.false.append(f"{label}: {finding.rule} {finding.where} {json.dumps(finding.witness)[:200]}")
        if finding.verdict in {"suspect", "undecided"}:
            tally.undecided[f"{finding.verdict} {finding.rule}"] += 1
            tally.alarms.append(f"{label}: {finding.verdict} {finding.rule} {finding.where} {finding.message}")
    if not fatal(report):
        found = _counterexample(base, revision, *effort, tally)
        if found:
            tally.missed.append(f"{label}: {found}")


def fatal(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.verdict in FATAL]


def revalidated(base: dict[str, Any], revision: dict[str, Any], finding: Finding) -> bool:
    """Hold a witness against both documents with python-jsonschema."""
    request = finding.direction == "request"
    one, other = Side(base, finding.direction), Side(revision, finding.direction)
    sender, reader = (one, other) if request else (other, one)
    sent, read = (finding.root.base, finding.root.revision) if request else (finding.root.revision, finding.root.base)
    return sender.accepts(sent, finding.witness) and not reader.accepts(read, finding.witness)


def _counterexample(base: Document, revision: Document, payloads: int, seed: int, tally: Tally) -> str:
    roots = 0
    sides = {
        "request": (Side(base.raw, "request"), Side(revision.raw, "request")),
        "response": (Side(revision.raw, "response"), Side(base.raw, "response", tolerant=True)),
    }
    for question in _questions(base, revision):
        sender, reader = sides[question.direction]
        if sender.closure(question.sender.pointer) == reader.closure(question.reader.pointer):
            continue
        roots += 1
        for payload in Generator(sender, seed).payloads(question.sender.pointer, payloads):
            tally.payloads += 1
            if sender.accepts(question.sender.pointer, payload) and not reader.accepts(
                question.reader.pointer, payload
            ):
                return f"{question.operation} {question.where} {json.dumps(payload)[:300]}"
        if roots >= _MOST_ROOTS:
            break
    return ""


def _questions(base: Document, revision: Document) -> Iterator[Question]:
    for item in compare_exchanges(base, revision):
        if isinstance(item, Question) and item.manner == "json":
            yield item


def main() -> int:
    """Run the audit and print its figures."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("documents", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=400, help="edits of each document")
    parser.add_argument("--payloads", type=int, default=40, help="payloads for each changed root")
    parser.add_argument("--show", type=int, default=15)
    chosen_options = parser.parse_args()
    tally, started = Tally(), time.monotonic()
    for path in chosen_options.documents:
        for name, raw in _read(path):
            audit(name, raw, chosen_options.most, chosen_options.payloads, tally)
    for title in ("missed", "false", "alarms"):
        lines = getattr(tally, title)
        print(f"{title}: {len(lines)}")
        for line in lines[: chosen_options.show]:
            print(f"  {line}")
    print(f"edits {tally.edits}, verdicts {dict(tally.verdicts)}, witnesses {tally.witnesses} re-validated")
    print(f"not decided {dict(tally.undecided)}, payloads {tally.payloads}, {time.monotonic() - started:.0f} s")
    return 1 if tally.missed or tally.false else 0


def _read(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    if path.suffix == ".jsonl":
        for line in path.read_text().splitlines():
            case = json.loads(line)
            yield f"case {case['case']}", case["base"]
    else:
        yield path.name, json.loads(path.read_text())


if __name__ == "__main__":
    sys.exit(main())
