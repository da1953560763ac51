"""A document as one side of one direction sees it: one dialect, no members that do not travel, tolerance applied."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from contracts.compat.checks import readable
from contracts.compat.document import Document, Place
from contracts.compat.structure import misfits
from contracts.compat.values import Json, Node, mapping, sequence, text, texts

Role = Literal["sender", "reader"]
Direction = Literal["request", "response"]

_NAMED = ("properties", "patternProperties", "dependentSchemas", "$defs")
_SINGLE = ("items", "additionalProperties", "unevaluatedProperties", "unevaluatedItems", "propertyNames")
_LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")
_CONDITION = ("not", "if", "then", "else", "contains")
_UNSENT = {"request": "readOnly", "response": "writeOnly"}
UNREADABLE = "x-unreadable-pattern"
UNFIT = "x-unfit"
_PREFIX = "urn:view#/$defs/"


class Tolerance(StrEnum):
    """How a reader of responses treats what its document does not name."""

    STRICT = "strict"
    TOLERANT = "tolerant"
    OPEN = "open"


@dataclass(frozen=True)
class Stance:
    """Who looks at a document: which way the payload travels, and on which end."""

    direction: Direction
    role: Role
    tolerance: Tolerance = Tolerance.TOLERANT
    open_sender: bool = False

    @property
    def loosens(self) -> bool:
        return self.role == "reader" and self.direction == "response" and self.tolerance != Tolerance.STRICT


class View:
    """Schemas of one document under one stance; references become `urn:view#/$defs/N`."""

    def __init__(self, document: Document, stance: Stance) -> None:
        self.document, self.stance = document, stance
        self.targets: list[Json] = []
        self.whole = True  # False: a pattern had to be left out, so validators see less than is written
        self._numbers: dict[str, int] = {}
        self._pending: list[tuple[int, Place]] = []
        self._roots: dict[str, Json] = {}
        self._pointers: dict[int, str] = {}

    def root(self, place: Place) -> Json:
        """See the schema at a place, and everything that it refers to."""
        if place.pointer not in self._roots:
            self._roots[place.pointer] = self._see(place, plain=False)
            self._settle()
        return self._roots[place.pointer]

    def target(self, reference: str) -> Json:
        return self.targets[int(reference.removeprefix(_PREFIX))]

    def follow(self, schema: Json) -> Json:
        while isinstance(schema, dict) and len(schema) == 1 and "$ref" in schema:
            schema = self.target(text(schema["$ref"]))
        return schema

    def pointer(self, schema: Json) -> str:
        """Say where in the document a schema stands; made-up schemas have no place."""
        return self._pointers.get(id(self.follow(schema)), "")

    def registry(self) -> Node:
        return {"$defs": {str(number): schema for number, schema in enumerate(self.targets)}}

    def _settle(self) -> None:
        while self._pending:
            number, place = self._pending.pop()
            self.targets[number] = self._see(place, plain=False)

    def _reference(self, place: Place) -> Node:
        target = self.document.resolve(text(mapping(place.node)["$ref"]), place.pointer)
        number = self._numbers.get(target.pointer)
        if number is None:
            number = self._numbers[target.pointer] = len(self.targets)
            self.targets.append(True)
            self._pending.append((number, target))
        return {"$ref": f"{_PREFIX}{number}"}

    def _see(self, place: Place, *, plain: bool) -> Json:
        node = place.node
        if not isinstance(node, dict):
            return node is not False if node is None or isinstance(node, bool) else _unfit(node)
        seen: Node = {} if self._only_reference(node) else self._copied(place, plain=plain)
        if "$ref" in node:
            seen |= self._reference(place)
        if not plain:
            self._travel(place, seen)
            self._loosen(place, seen)
        if self.document.old_dialect:
            seen = self._modern(seen)
        self._pointers[id(seen)] = place.pointer
        return seen

    def _only_reference(self, node: Node) -> bool:
        return "$ref" in node and (len(node) == 1 or self.document.old_dialect)

    def _copied(self, place: Place, *, plain: bool) -> Node:
        node = mapping(place.node)
        seen = {key: self._part(place, key, plain=plain) for key in node if key != "$ref"}
        unfit = misfits(node, old_dialect=self.document.old_dialect)
        if unfit:  # what they mean nobody knows, so they stay: no validator reads them, and nothing is proved by them
            seen |= {**unfit, UNFIT: unfit}
        if not readable(text(seen.get("pattern"))):
            seen[UNREADABLE] = seen.pop("pattern")
            self.whole = False
        return seen

    def _part(self, place: Place, key: str, *, plain: bool) -> Json:
        part = place / key
        if key in _NAMED:
            return {name: self._see(child, plain=plain) for name, child in part.children()}
        if key in _LISTED:
            return [self._see(child, plain=plain) for child in part.items()]
        if isinstance(part.node, dict) and key in {*_SINGLE, *_CONDITION}:
            return self._see(part, plain=plain or key in _CONDITION)
        return part.node

    def _modern(self, seen: Node) -> Node:
        """Say in JSON Schema 2020-12 what OpenAPI 3.0 says in its own words."""
        for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            flag = seen.get(exclusive)
            if isinstance(flag, bool):
                del seen[exclusive]
                if flag and bound in seen:
                    seen[exclusive] = seen.pop(bound)
        if seen.pop("nullable", False) is not True:
            return seen
        if isinstance(seen.get("type"), str) and not {"enum", "const", "allOf", "anyOf", "oneOf"} & set(seen):
            seen["type"] = [seen["type"], "null"]
            return seen
        nothing: Node = {"type": "null"}
        return {"anyOf": [seen, nothing]}

    def _travel(self, place: Place, seen: Node) -> None:
        """Take out the members that this direction does not carry; a reader overlooks them."""
        properties = mapping(seen.get("properties"))
        left: Json = self.stance.role == "reader"
        unsent = [name for name in properties if self._is_unsent(place / "properties" / name)]
        for name in unsent:
            properties[name] = left
        required = sequence(seen.get("required"))
        if required and unsent:
            seen["required"] = [name for name in required if name not in unsent]

    def _is_unsent(self, member: Place) -> bool:
        flag = _UNSENT[self.stance.direction]
        if mapping(member.node).get(flag) is True:
            return True
        return "$ref" in mapping(member.node) and mapping(self.document.follow(member).node).get(flag) is True

    def _loosen(self, place: Place, seen: Node) -> None:
        if not self.stance.loosens:
            return
        if "oneOf" in seen and "anyOf" not in seen and any(map(self._closed, (place / "oneOf").items())):
            seen["anyOf"] = seen.pop("oneOf")
        for keyword in ("additionalProperties", "unevaluatedProperties"):
            if seen.get(keyword) is False:
                del seen[keyword]
        values = sequence(seen.get("enum"))
        if self.stance.tolerance == Tolerance.OPEN and len(values) > 1 and len(texts(values)) == len(values):
            del seen["enum"]
            seen.setdefault("type", "string")

    def _closed(self, branch: Place) -> bool:
        """Tell whether a branch is told apart by refusing unknown members, which this reader does not."""
        return mapping(self.document.follow(branch).node).get("additionalProperties") is False


def _unfit(node: Json) -> Node:
    """Write what stands for a schema and is none so that no validator reads it either."""
    return {UNFIT: {"schema": node}, "$defs": node}
