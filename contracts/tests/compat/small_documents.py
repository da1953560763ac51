"""Small documents around one schema, and their judgement, each proof of which another validator confirms."""

from typing import Any

from contracts.compat.comparing import Options, compare
from contracts.compat.document import Document
from contracts.compat.findings import Report
from contracts.compat.views import Tolerance
from run import revalidated

STRING: dict[str, Any] = {"type": "string"}


INTEGER: dict[str, Any] = {"type": "integer"}


NUMBER: dict[str, Any] = {"type": "number"}


BOOLEAN: dict[str, Any] = {"type": "boolean"}


NAMED: dict[str, Any] = {"type": "object", "properties": {"a": STRING, "b": INTEGER}, "required": ["a"]}


CLOSED: dict[str, Any] = {**NAMED, "additionalProperties": False}


def document(schema: Any, direction: str = "request", version: str = "3.1.0", **components: Any) -> Document:
    content = {"application/json": {"schema": schema}}
    sent: dict[str, Any] = {"requestBody": {"content": content}} if direction == "request" else {}
    answer: dict[str, Any] = {"description": "fine", **({"content": content} if direction == "response" else {})}
    raw: dict[str, Any] = {
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "paths": {"/things": {"post": {**sent, "responses": {"200": answer}}}},
        "components": {"schemas": components},
    }
    return Document.checked(raw, "test")


def judged(base: Any, revision: Any, direction: str = "request", **how: Any) -> Report:
    before, after = document(base, direction), document(revision, direction)
    report = compare(before, after, Options(**how))
    for finding in report.findings:
        if finding.verdict == "breaking" and finding.source == "schema":
            tolerant = how.get("reader") is not Tolerance.STRICT
            assert revalidated(before.raw, after.raw, finding, tolerant=tolerant), finding
            assert finding.refusal
    return report
