"""How fast and how small the gate is: a large document, long witnesses, patterns that hang others.

python contracts/tests/compat/audit/speed.py
"""

import copy
import json
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from contracts.compat.comparing import Options, compare
from contracts.compat.document import Document
from contracts.compat.findings import Report
from contracts.compat.reporting import as_json
from contracts.compat.values import Json, Node, mapping
from contracts.tools.packages import installed, packed
from contracts.tools.sides import Side, judged, side
from mutations import chosen

ROOT = Path(__file__).parents[4]
OPERATIONS, SCHEMAS, EDITS = 470, 800, 40
HANGING = ("^(a+)+$", "^(a|aa)+$", "^(?=.*[0-9])(?!x)[a-z0-9]+$", "^([a-zA-Z]+)*[0-9]$", "(x+x+)+y")


def large(web: int) -> Node:
    """Make a document of many operations, and of schemas of which so many refer to each other."""
    schemas: Node = {f"Thing{number}": _thing(number, web) for number in range(SCHEMAS)}
    paths: Node = {f"/things{number}/{{id}}": _item(number) for number in range(OPERATIONS // 2)}
    info: Node = {"title": "large", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}}


def _thing(number: int, web: int) -> Node:
    first = number // web * web
    members: Node = {
        "id": {"type": "string", "format": "uuid"},
        "name": {"type": "string", "maxLength": 200},
        "count": {"type": "integer", "minimum": 0},
        "state": {"enum": ["new", "open", "done"]},
        "parent": {"anyOf": [_reference(first + (number * 7 + 1) % web), {"type": "null"}]},
        "children": {"type": "array", "items": _reference(first + (number * 3 + 2) % web)},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
    }
    return {"type": "object", "properties": members, "required": ["id", "name"]}


def _reference(number: int) -> Node:
    return {"$ref": f"#/components/schemas/Thing{number}"}


def _item(number: int) -> Node:
    content: Node = {"application/json": {"schema": _reference(number * 3 % SCHEMAS)}}
    answers: Node = {"200": {"description": "fine", "content": content}, "404": {"description": "gone"}}
    place: Node = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "parameters": [place],
        "get": {"operationId": f"get{number}", "responses": answers},
        "put": {"operationId": f"put{number}", "requestBody": {"content": content}, "responses": answers},
    }


def edited(document: Node) -> Node:
    """Edit many places at once."""
    revision = copy.deepcopy(document)
    schemas = mapping(mapping(revision["components"])["schemas"])
    for number in range(0, SCHEMAS, SCHEMAS // EDITS):
        members = mapping(mapping(schemas[f"Thing{number}"])["properties"])
        mapping(members["name"])["maxLength"] = 100
        members["state"] = {"enum": ["new", "open", "done", "lost"]}
    return revision


def texts(**keywords: Json) -> Document:
    """Make a document whose one body is a text."""
    body: Node = {"content": {"application/json": {"schema": {"type": "string", **keywords}}}}
    operation: Node = {"requestBody": body, "responses": {"200": {"description": "fine"}}}
    info: Node = {"title": "texts", "version": "1"}
    return Document.checked({"openapi": "3.1.0", "info": info, "paths": {"/texts": {"post": operation}}}, "texts")


def published() -> Report:
    """Compare our own documents, each with an edit of itself."""
    findings = [
        finding
        for path in sorted((ROOT / "contracts/openapi").glob("*.json"))
        for raw in [json.loads(path.read_bytes())]
        for finding in compare(_read(raw), _read(chosen(raw, 1)[0].on(raw))).findings
    ]
    return Report(verdict="safe", findings=findings)


def with_code(folder: Path) -> Callable[[], Report]:
    """Compare what is released with what is published, as if a line of the code had changed: the code is searched."""
    archive = folder / "declarations.zip"
    archive.write_bytes(packed(installed()))
    with zipfile.ZipFile(archive, "a") as changed:
        changed.writestr("contracts/changed.py", "")
    released = side(str(ROOT / "contracts/released/0.1.0"))
    revised = Side(side(str(ROOT / "contracts/openapi")).documents, archive)
    return lambda: judged(released, revised, Options(), ("wire", "source"))


def _read(raw: Json) -> Document:
    return Document.checked(raw, "document")


def _both(base: Node, revision: Node) -> Report:
    return compare(_read(base), _read(revision))


def told(what: str, work: Callable[[], Report]) -> None:
    """Measure a comparison and print it: seconds on the clock, and of the processor in this process."""
    started, worked = time.perf_counter(), time.process_time()
    report = work()
    took, busy, written = time.perf_counter() - started, time.process_time() - worked, as_json(report)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = f"{len(report.findings)} findings, {len(written):,} characters, peak {memory:.0f} MB"
    print(f"{what}: {took:.2f} s ({busy:.2f} s busy), {size}")


def main() -> int:
    """Measure everything."""
    told("our seven documents, each edited once", published)
    with tempfile.TemporaryDirectory() as folder:
        told("our seven documents against the release, both sides' code searched", with_code(Path(folder)))
    for web in (40, SCHEMAS):
        base = large(web)
        what = f"{OPERATIONS} operations and {SCHEMAS} schemas in webs of {web}, {2 * EDITS} edits"
        told(what, partial(_both, base, edited(base)))
    told("a witness of 20 MB", lambda: compare(texts(minLength=20_000_000), texts(maxLength=19_999_999)))
    for pattern in HANGING:
        told(f"text to {pattern}", lambda known=pattern: compare(texts(), texts(pattern=known)))
        told(f"{pattern} to shorter", lambda known=pattern: compare(texts(pattern=known), texts(maxLength=30)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
