"""What the gate says of a change and a reader is what the reader's class does with the payloads that follow."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from contracts.compat.consumers import judge_consumers
from contracts.compat.document import Document
from contracts.compat.footprints import Footprint
from contracts.compat.operations import operations, template
from contracts.compat.sampling import Sampler
from contracts.compat.shapes import Shapes
from contracts.compat.values import Json
from contracts.compat.views import Stance, View
from contracts.reader import Reader
from contracts.tools.footprints import declared
from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from .sources import ROOT

PAYLOADS = 12
READERS = declared()
NULL: dict[str, Any] = {"type": "null"}


def reader_of(footprint: Footprint) -> TypeAdapter[Any]:
    """Load the class that the footprint was written down from."""
    module, _, name = footprint.reader.rpartition(".")
    kind = getattr(__import__(module, fromlist=[name]), name)
    assert issubclass(kind, Reader)
    return TypeAdapter(kind)


def takes(reader: TypeAdapter[Any], payload: Json) -> bool:
    try:
        reader.validate_json(to_json(payload), extra="ignore")
    except ValidationError:
        return False
    return True


def answer(footprint: Footprint, document: Document) -> Any:
    """Find the schema of the successful answer."""
    method, _, path = footprint.operation.partition(" ")
    success = operations(document)[f"{method} {template(path)}"].responses()["200"]
    return success / "content" / "application/json" / "schema"


def reached(raw: dict[str, Any], schema: Any) -> set[str]:
    """Name the components that a schema refers to, and those that they refer to."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        for name in {part.split('"')[0] for part in json.dumps(waiting.pop()).split("#/components/schemas/")[1:]}:
            if name not in found:
                found.add(name)
                waiting.append(raw["components"]["schemas"][name])
    return found


def edits(raw: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """Do to each member of a component what changes of a provider do."""
    for member, schema in raw["components"]["schemas"][name].get("properties", {}).items():
        for change in ({"anyOf": [schema, NULL]}, {"type": "integer"}, {"type": "string"}, None):
            revised = deepcopy(raw)
            model = revised["components"]["schemas"][name]
            model["properties"][member] = change
            if change is None:
                del model["properties"][member]
                model["required"] = [kept for kept in model["required"] if kept != member]
            yield revised


def verdicts(footprint: Footprint) -> Iterator[tuple[str, list[Json]]]:
    """Judge the reader by every edit; give what the gate says, and payloads to try the class with."""
    raw: dict[str, Any] = json.loads((ROOT / "contracts" / "openapi" / footprint.document).read_text())
    base = Document.checked(raw, "base")
    for name in sorted(reached(raw, answer(footprint, base).node)):
        for revised in edits(raw, name):
            revision = Document.checked(revised, "revision")
            sides = {footprint.document: base}, {footprint.document: revision}
            (consumer,) = judge_consumers([footprint], *sides)
            if consumer.findings:
                yield consumer.verdict, [finding.witness for finding in consumer.findings if finding.witness]
            else:
                view = View(revision, Stance("response", "sender"))
                yield "safe", list(Sampler(Shapes(view)).samples(view.root(answer(footprint, revision)), PAYLOADS))


@pytest.mark.parametrize("footprint", READERS, ids=lambda footprint: footprint.reader)
def test_the_class_refuses_what_is_said_to_break_it_and_takes_all_else(footprint: Footprint) -> None:
    reader, judged = reader_of(footprint), list(verdicts(footprint))

    wrong = [
        (verdict, payload)
        for verdict, some in judged
        for payload in some
        if takes(reader, payload) != (verdict == "safe")
    ]

    assert wrong == []
    assert {verdict for verdict, _ in judged} <= {"safe", "breaking"}, "nothing is left open on our own documents"
    assert ("breaking" in {verdict for verdict, _ in judged}) == bool(footprint.reads)
