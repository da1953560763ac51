"""Self-audit of `safe`: what was derived safe is searched by payloads and asked of a second prover."""

import json
from collections import Counter
from contextlib import suppress
from typing import Any

import jsonschema_rs
from contracts.compat.comparing import Judgement, Options
from contracts.compat.document import Document
from contracts.compat.exchanges import compare_exchanges
from contracts.compat.questions import Question
from contracts.compat.sampling import Sampler
from contracts.compat.validators import Validators
from contracts.compat.values import Json, Node
from contracts.compat.views import View


class Audit:
    """Counts roots derived safe, payloads tried on them, and whatever contradicts."""

    def __init__(self, payloads: int) -> None:
        self.payloads = payloads
        self.figures: Counter[str] = Counter()
        self.refused: list[str] = []
        self.contradicted: list[str] = []

    def add(self, other: "Audit") -> None:
        """Take in what another process found."""
        self.figures.update(other.figures)
        self.refused += other.refused
        self.contradicted += other.contradicted

    def compare(self, label: str, base: Document, revision: Document) -> None:
        """Search every changed root of two documents that the engine calls safe."""
        asked = [item for item in compare_exchanges(base, revision) if isinstance(item, Question)]
        for direction in ("request", "response"):
            some = [item for item in asked if item.direction == direction and item.manner == "json"]
            judgement = Judgement(base, revision, direction, "json", Options())
            for question, root in judgement.roots(some):
                if root.holds and judgement.sender.of(root.sender):
                    self._search(f"{label}: {question.operation} {question.where}", judgement, question)

    def _search(self, label: str, judgement: Judgement, question: Question) -> None:
        self.figures["roots derived safe"] += 1
        sender, reader = judgement.sender.view, judgement.reader.view
        sent, read = sender.root(question.sender), reader.root(question.reader)
        sends, reads = Validators(sender).of(sent), Validators(reader).of(read)
        if sends is None or reads is None:
            self.figures["unreadable"] += 1
            return
        for payload in Sampler(judgement.sender, 1).samples(sent, self.payloads):
            if sends.is_valid(payload):
                self.figures["payloads sent"] += 1
                if not reads.is_valid(payload):
                    self.refused.append(f"{label} {json.dumps(payload)[:200]}")
                    break
        answer = _covers((reader, read), (sender, sent))
        self.figures[f"second prover says {answer}"] += 1
        if answer == "no":
            self.contradicted.append(label)


def _covers(wide: tuple[View, Json], narrow: tuple[View, Json]) -> str:
    """Ask the canonical forms of jsonschema-rs, members closed as a sender closes them."""
    with suppress(ValueError, TypeError, jsonschema_rs.ReferencingError):
        known, sent = (
            _inlined(view, schema, closed=closed) for (view, schema), closed in ((wide, False), (narrow, True))
        )
        answer = jsonschema_rs.canonicalize(known, validate_formats=True, offline=True).covers(
            jsonschema_rs.canonicalize(sent, validate_formats=True, offline=True)
        )
        return str(answer.value).lower()
    return "nothing"


def _inlined(view: View, schema: Json, *, closed: bool, depth: int = 0) -> Any:
    """Write a schema without references; recursion is beyond the second prover anyway."""
    if depth > 40:
        raise ValueError("recursive")
    schema = view.follow(schema)
    if isinstance(schema, list):
        return [_inlined(view, item, closed=closed, depth=depth + 1) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema or (closed and "allOf" in schema):
        raise ValueError("beyond closing")
    made: Node = {
        key: _inlined(view, item, closed=closed, depth=depth + 1)
        for key, item in schema.items()
        if key not in {"example", "examples", "default"}
    }
    if closed and "properties" in made and "additionalProperties" not in made and isinstance(made["properties"], dict):
        made["additionalProperties"] = False
    return made
