"""Mutation audit: every edit judged by the gate and by another validator; what differs is the gate's debt."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from contracts.compat.comparing import compare
from contracts.compat.document import Document
from contracts.compat.exchanges import compare_exchanges
from contracts.compat.failures import Unreadable
from contracts.compat.findings import FATAL, Finding, Report
from contracts.compat.questions import Question
from mutations import chosen
from oracle import Generator, closure
from outside import Json, Node, Side, confirmed, proved

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

    def add(self, other: "Tally") -> None:
        """Take in what another process found."""
        self.edits, self.witnesses = self.edits + other.edits, self.witnesses + other.witnesses
        self.payloads += other.payloads
        self.verdicts.update(other.verdicts)
        self.undecided.update(other.undecided)
        self.missed += other.missed
        self.false += other.false
        self.alarms += other.alarms


def audit(name: str, raw: Node, most: int, payloads: int, tally: Tally) -> None:
    """Judge edits of one document both ways: the edit, and taking it back."""
    for number, mutation in enumerate(chosen(raw, most)):
        try:
            base, revision = Document.checked(raw, "base"), Document.checked(mutation.on(raw), "revision")
        except Unreadable:
            continue
        label, edit = f"{name} {mutation.pointer} {mutation.name}", mutation.edit
        _judge(Trial(label, base, revision, edit.there, payloads, number), tally)
        _judge(Trial(f"{label} undone", revision, base, edit.back, payloads, number), tally)


def audit_schemas(schemas: list[Json], components: Node, number: int, payloads: int, tally: Tally) -> None:
    """Judge one schema against every other one."""
    base = Document.checked(_holding(schemas[number], components), "base")
    for other, schema in enumerate(schemas):
        if other != number:
            revision = Document.checked(_holding(schema, components), "revision")
            label = f"{json.dumps(schemas[number])} -> {json.dumps(schema)}"
            _judge(Trial(label, base, revision, None, payloads, other), tally)


def _holding(schema: Json, components: Node) -> Node:
    body: Node = {"content": {"application/json": {"schema": schema}}}
    operation: Node = {"requestBody": body, "responses": {"200": {"description": "fine"}}}
    raw: Node = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/things": {"post": operation}}}
    return {**raw, "components": {"schemas": components}}


@dataclass(frozen=True)
class Trial:
    """Two documents, and whether HTTP itself breaks between them where that is known."""

    label: str
    base: Document
    revision: Document
    breaks: bool | None
    payloads: int
    seed: int


def _judge(trial: Trial, tally: Tally) -> None:
    report = compare(trial.base, trial.revision)
    tally.edits += 1
    tally.verdicts[report.verdict] += 1
    for finding in report.findings:
        if finding.verdict == "breaking":
            tally.witnesses += 1
            if not proved(trial.base.raw, trial.revision.raw, finding.model_dump(mode="json")):
                tally.false.append(f"{trial.label}: {finding.rule} {finding.where} {json.dumps(finding.witness)[:200]}")
    _hold_to_http(trial, report, tally)
    if report.verdict in {"suspect", "undecided"}:
        worst = next(finding for finding in fatal(report) if finding.verdict == report.verdict)
        tally.undecided[f"{report.verdict} {worst.rule}"] += 1
        tally.alarms.append(f"{trial.label}: {worst.verdict} {worst.rule} {worst.where} {worst.message}")
    if not fatal(report):
        found = counterexample(trial, tally)
        if found:
            tally.missed.append(f"{trial.label}: {found}")


def _hold_to_http(trial: Trial, report: Report, tally: Tally) -> None:
    """Compare with what HTTP's own rules say of this edit."""
    told = [finding for finding in fatal(report) if finding.source == "http"]
    if trial.breaks is True and report.verdict != "breaking":
        tally.missed.append(f"{trial.label}: an exchange breaks")
    if trial.breaks is False and told:
        tally.false.append(f"{trial.label}: {told[0].rule} {told[0].message}")


def fatal(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.verdict in FATAL]


def revalidated(base: Node, revision: Node, finding: Finding, *, tolerant: bool = True) -> bool:
    """Hold a witness against both documents with python-jsonschema."""
    return confirmed(base, revision, finding.model_dump(mode="json"), tolerant=tolerant)


def counterexample(trial: Trial, tally: Tally) -> str:
    roots, base, revision = 0, trial.base.raw, trial.revision.raw
    sides = {
        "request": (Side(base, "request"), Side(revision, "request")),
        "response": (Side(revision, "response"), Side(base, "response", tolerant=True)),
    }
    for question in _questions(trial.base, trial.revision):
        sender, reader = sides[question.direction]
        sends, reads = question.sender.pointer, question.reader.pointer
        if closure(sender, sends) == closure(reader, reads):
            continue
        roots += 1
        for payload in Generator(sender, trial.seed).payloads(sends, trial.payloads):
            tally.payloads += 1
            if sender.accepts(sends, payload) and not reader.accepts(reads, payload):
                return f"{question.operation} {question.where} {json.dumps(payload)[:300]}"
        if roots >= _MOST_ROOTS:
            break
    return ""


def _questions(base: Document, revision: Document) -> Iterator[Question]:
    for item in compare_exchanges(base, revision):
        if isinstance(item, Question) and item.manner == "json":
            yield item
