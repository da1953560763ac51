"""The outside judge: it knows nothing of Concord, reads a report of `contracts diff`, and checks every proof in it.

python outside.py report.json base.json revision.json

Payloads are held against both documents by python-jsonschema; exchanges must differ in their answers, and only there.
"""

import argparse
import copy
import json
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product
from pathlib import Path
from typing import TypeAlias

import yaml
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012, Schema, SchemaRegistry

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Node: TypeAlias = dict[str, Json]
_URI = "urn:document"
_UNSENT = {"request": "readOnly", "response": "writeOnly"}
_TEXTUAL = re.compile(r"^(call )?(query|path|header|cookie) |^\S+ header ")
_FORMS = ("application/x-www-form-urlencoded", "multipart/", "text/")
_MOST_READINGS = 200


class Side:
    """One document as one side of one direction reads it."""

    def __init__(self, document: Node, direction: str, *, tolerant: bool = False) -> None:
        self.raw = copy.deepcopy(document)
        old = str(document["openapi"]).startswith("3.0")
        _prepare(self.raw, _UNSENT[direction], old=old, tolerant=tolerant)
        whole: Schema = self.raw
        empty: SchemaRegistry = Registry()
        self._registry = empty.with_resource(_URI, DRAFT202012.create_resource(whole))

    @lru_cache(512)  # noqa: B019 -- lives as long as one comparison
    def validator(self, pointer: str) -> Validator:
        schema = {"$ref": f"{_URI}#{pointer.replace('%', '%25')}"} if self.has(pointer) else {}
        checker = Draft202012Validator.FORMAT_CHECKER
        return Draft202012Validator(schema, registry=self._registry, format_checker=checker)

    def accepts(self, pointer: str, payload: Json) -> bool:
        return self.validator(pointer).is_valid(payload)

    def accepts_text(self, pointer: str, payload: Json) -> bool:
        """Tell whether some reading of what goes over the wire is valid."""
        return any(self.accepts(pointer, item) for item in islice(readings(payload), _MOST_READINGS))

    def has(self, pointer: str) -> bool:
        """Tell whether anything stands there; a schema that was left out allows anything."""
        try:
            self.at(pointer)
        except (LookupError, ValueError):
            return False
        return True

    def at(self, pointer: str) -> Json:
        node: Json = self.raw
        for key in pointer.split("/")[1:]:
            name = key.replace("~1", "/").replace("~0", "~")
            node = sequence(node)[int(name)] if isinstance(node, list) else mapping(node)[name]
        return node


def mapping(value: Json) -> Node:
    """Give the object, or an empty one where a document holds something else."""
    return value if isinstance(value, dict) else {}


def sequence(value: Json) -> list[Json]:
    """Give the list, or an empty one where a document holds something else."""
    return value if isinstance(value, list) else []


def _prepare(node: Json, unsent: str, *, old: bool, tolerant: bool) -> None:
    """Say in plain JSON Schema what a document means in one direction."""
    for child in (*mapping(node).values(), *sequence(node)):
        _prepare(child, unsent, old=old, tolerant=tolerant)
    if isinstance(node, dict):
        _leave_out(node, unsent)
        if tolerant:
            _overlook(node)
        if old:
            _modernise(node)


def _leave_out(node: Node, unsent: str) -> None:
    """Take out members that do not travel this way."""
    members = mapping(node.get("properties"))
    gone: list[Json] = [name for name, member in members.items() if mapping(member).get(unsent) is True]
    for name in gone:
        members[str(name)] = {}
    if gone and "required" in node:
        node["required"] = [name for name in sequence(node["required"]) if name not in gone]
    if gone:
        node.setdefault("x-unsent", gone)


def _overlook(node: Node) -> None:
    """Ignore members that nothing declares, as a client does."""
    for keyword in ("additionalProperties", "unevaluatedProperties"):
        if node.get(keyword) is False:
            del node[keyword]


def _modernise(node: Node) -> None:
    """Translate the dialect of OpenAPI 3.0."""
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(node.get(exclusive), bool):
            flag = node.pop(exclusive)
            if flag and bound in node:
                node[exclusive] = node.pop(bound)
    if node.pop("nullable", False) is True:
        inner: Json = dict(node)
        node.clear()
        node["anyOf"] = [inner, {"type": "null"}]


def readings(value: Json) -> Iterator[Json]:
    """Give every value that a reader may take a written value for."""
    yield value
    if isinstance(value, list):
        yield from map(list, product(*(list(_scalars(item)) for item in value)))
        if len(value) == 1:
            yield from _scalars(value[0])
    elif isinstance(value, dict):
        for chosen in product(*(list(_scalars(item)) for item in value.values())):
            yield dict(zip(value, chosen, strict=True))
    else:
        for item in _scalars(value):
            yield item
            yield [item]


def _scalars(value: Json) -> Iterator[Json]:
    """Give what a scalar may be read as when it is written into a URL, a header or a form."""
    if isinstance(value, list | dict):
        yield value
        return
    written = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    yield written
    if re.fullmatch(r"[-+]?[0-9]{1,300}", written):
        yield int(written)
    elif re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,2})?", written):
        yield float(written)
    if written in {"true", "false"}:
        yield written == "true"
    if not written:
        yield None


def unfolded(value: Json) -> Json:
    """Write out what a report shows as `$repeat` and `$times`."""
    if isinstance(value, list):
        return [unfolded(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"$repeat", "$times"}:
        part, times = unfolded(value["$repeat"]), int(str(value["$times"]))
        return "".join([part] * times) if isinstance(part, str) else [part for _ in range(times)]
    if set(value) == {"$concat"}:
        return "".join(str(unfolded(part)) for part in sequence(value["$concat"]))
    return {key: unfolded(item) for key, item in value.items()}


def textual(where: str) -> bool:
    """Tell whether a payload travels as text."""
    media = where.rpartition(" ")[2]
    return " as " not in where and (bool(_TEXTUAL.match(where)) or media.startswith(_FORMS))


def confirmed(base: Node, revision: Node, finding: Node, *, tolerant: bool = True) -> bool:
    """Tell whether the sender's document allows the payload and the reader's refuses it."""
    direction, root = str(finding["direction"]), mapping(finding["root"])
    sides = [(base, str(root["base"])), (revision, str(root["revision"]))]
    (sent, sends), (read, reads) = sides if direction == "request" else sides[::-1]
    sender = Side(sent, direction)
    reader = Side(read, direction, tolerant=tolerant and direction == "response")
    payload = unfolded(finding["witness"])
    if textual(str(finding["where"])):
        return sender.accepts_text(sends, payload) and not reader.accepts_text(reads, payload)
    return sender.accepts(sends, payload) and not reader.accepts(reads, payload)


def exchanged(witness: Json) -> bool:
    """Tell whether two exchanges ask the same and are answered differently."""
    before, after = mapping(mapping(witness).get("base")), mapping(mapping(witness).get("revision"))
    differing = [key for key in before if before[key] != after.get(key)]
    return set(before) == set(after) and differing in (["answer"], ["made"])


def proved(base: Node, revision: Node, finding: Node, *, tolerant: bool = True) -> bool:
    """Check the proof of one finding."""
    if finding["source"] == "http":
        return exchanged(finding["witness"])
    return confirmed(base, revision, finding, tolerant=tolerant)


def _document(place: Path, name: str) -> Node:
    path = next((found for found in (place / name, place / f"{name}.json") if found.is_file()), place)
    return yaml.safe_load(path.read_bytes()) if path.suffix != ".json" else json.loads(path.read_bytes())


def main() -> int:
    """Check every proof of a report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", type=Path, help="what `contracts diff --format json` wrote")
    parser.add_argument("base", type=Path, help="a document, or the folder of several")
    parser.add_argument("revision", type=Path)
    parser.add_argument("--strict", action="store_true", help="the report was made with `--reader strict`")
    given = parser.parse_args()
    report: Node = json.loads(given.report.read_bytes())
    breaking = [item for item in map(mapping, sequence(report["findings"])) if item["verdict"] == "breaking"]
    findings = [item for item in breaking if item["source"] != "code"]  # what code alone refuses needs the code
    failed = 0
    for finding in findings:
        base, revision = (_document(place, str(finding["document"])) for place in (given.base, given.revision))
        if not proved(base, revision, finding, tolerant=not given.strict):
            failed += 1
            print(f"not confirmed: {finding['id']} {finding['rule']} {finding['operation']} {finding['where']}")
    print(f"{len(findings)} breaking findings, {len(findings) - failed} confirmed, {failed} not")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
