"""The other opinion: python-jsonschema and a naive generator, which borrows how patterns are sampled, no more."""

import copy
import random
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from contracts.compat.languages import members
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

_URI = "urn:document"
_UNSENT = {"request": "readOnly", "response": "writeOnly"}
_FORMATS = {
    "date-time": "2026-01-02T03:04:05Z", "date": "2026-01-02", "uuid": "6f1c1f5e-1f62-4f0c-9a51-3d0c4f1d7a11",
    "email": "a@example.com", "uri": "https://example.com/", "hostname": "example.com", "ipv4": "192.0.2.1",
}  # fmt: skip


class Side:
    """One document read in one direction, by another validator than the engine's."""

    def __init__(self, document: dict[str, Any], direction: str, *, tolerant: bool = False) -> None:
        self.raw = copy.deepcopy(document)
        _prepare(self.raw, _UNSENT[direction], old=str(document["openapi"]).startswith("3.0"), tolerant=tolerant)
        self._registry = Registry().with_resource(_URI, DRAFT202012.create_resource(self.raw))

    @lru_cache(512)  # noqa: B019 -- lives as long as one comparison
    def validator(self, pointer: str) -> Validator:
        checker = Draft202012Validator.FORMAT_CHECKER
        schema = {"$ref": f"{_URI}#{pointer.replace('%', '%25')}"}
        return Draft202012Validator(schema, registry=self._registry, format_checker=checker)

    def accepts(self, pointer: str, payload: Any) -> bool:
        return self.validator(pointer).is_valid(payload)

    def at(self, pointer: str) -> Any:
        node = self.raw
        for key in pointer.split("/")[1:]:
            name = key.replace("~1", "/").replace("~0", "~")
            node = node[int(name)] if isinstance(node, list) else node[name]
        return node

    def closure(self, pointer: str) -> str:
        """Write a schema with all it refers to, to see whether anything in it changed."""
        names: dict[str, Any] = {}
        waiting = [self.at(pointer)]
        while waiting:
            node = waiting.pop()
            if isinstance(node, dict):
                if isinstance(node.get("$ref"), str) and node["$ref"] not in names:
                    names[node["$ref"]] = self.at(node["$ref"][1:])
                    waiting.append(names[node["$ref"]])
                waiting += node.values()
            elif isinstance(node, list):
                waiting += node
        return repr((self.at(pointer), sorted(names.items())))


def _prepare(  # noqa: C901 -- one pass over everything a schema may hold
    node: Any, unsent: str, *, old: bool, tolerant: bool
) -> None:
    if isinstance(node, list):
        for item in node:
            _prepare(item, unsent, old=old, tolerant=tolerant)
        return
    if not isinstance(node, dict):
        return
    for value in node.values():
        _prepare(value, unsent, old=old, tolerant=tolerant)
    members = node.get("properties")
    if isinstance(members, dict):
        gone = [name for name, member in members.items() if isinstance(member, dict) and member.get(unsent)]
        for name in gone:
            members[name] = {}
        if isinstance(node.get("required"), list):
            node["required"] = [name for name in node["required"] if name not in gone]
        node.setdefault("x-unsent", gone)
    if tolerant and node.get("additionalProperties") is False:
        del node["additionalProperties"]
    if old and node.pop("nullable", False) is True:
        inner = dict(node)
        node.clear()
        node["anyOf"] = [inner, {"type": "null"}]


class Generator:
    """Payloads of a schema, by the book and at random: boundaries, absence, the odd text."""

    def __init__(self, side: Side, seed: int) -> None:
        self._side, self._random = side, random.Random(seed)

    def payloads(self, pointer: str, count: int) -> Iterator[Any]:
        for _ in range(count):
            try:
                yield self._value({"$ref": f"#{pointer}"}, 0)
            except (ValueError, IndexError, RecursionError):
                continue

    def _value(  # noqa: C901 -- one case for each way to write a schema
        self, schema: Any, depth: int
    ) -> Any:
        pick = self._random.choice
        if schema is True or schema == {} or depth > 12:
            return pick(["x", 1, None, True, {}, []])
        if schema is False:
            raise ValueError
        if "$ref" in schema:
            return self._value(self._side.at(schema["$ref"][1:]), depth + 1)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return pick(schema["enum"])
        for keyword in ("anyOf", "oneOf"):
            if schema.get(keyword):
                return self._merged(schema, pick(schema[keyword]), keyword, depth)
        if schema.get("allOf"):
            parts = [self._value(part, depth + 1) for part in schema["allOf"]]
            whole: dict[str, Any] = {}
            for part in parts:
                if not isinstance(part, dict):
                    return part
                whole |= part
            rest = {key: value for key, value in schema.items() if key != "allOf"}
            return whole | self._value(rest, depth + 1) if "properties" in rest else whole
        kinds = schema.get("type", "object" if "properties" in schema else "string")
        return self._typed(pick(kinds) if isinstance(kinds, list) else kinds, schema, depth)

    def _merged(self, schema: Any, branch: Any, keyword: str, depth: int) -> Any:
        value = self._value(branch, depth + 1)
        rest = {key: item for key, item in schema.items() if key != keyword}
        if isinstance(value, dict) and "properties" in rest:
            value |= self._value(rest, depth + 1)
        return value

    def _typed(self, kind: str, schema: Any, depth: int) -> Any:
        match kind:
            case "null":
                return None
            case "boolean":
                return self._random.random() < 0.5
            case "integer" | "number":
                return self._number(kind, schema)
            case "string":
                return self._text(schema)
            case "array":
                return self._list(schema, depth)
            case _:
                return self._object(schema, depth)

    def _number(self, kind: str, schema: Any) -> Any:
        edges = [schema[key] for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum") if key in schema]
        base = self._random.choice([*edges, *edges, 0, 1, 2, 7, 100, -1])
        step = schema.get("multipleOf", 1)
        value = base + self._random.choice([0, 0, step, -step, 2 * step])
        return value if kind == "integer" or self._random.random() < 0.5 else value + 0.5

    def _text(self, schema: Any) -> str:
        if schema.get("format") in _FORMATS:
            return _FORMATS[schema["format"]]
        if schema.get("pattern"):
            return self._random.choice(members((schema["pattern"],), (), 0, 80) or ("x",))
        low, high = schema.get("minLength", 0), schema.get("maxLength", 40)
        length = self._random.choice([low, high, min(low + 1, high), min(high, 5), max(low, high - 1)])
        return "".join(self._random.choice("xA1 -é") for _ in range(min(length, 5000)))

    def _list(self, schema: Any, depth: int) -> Any:
        low, high = schema.get("minItems", 0), schema.get("maxItems", 4)
        length = self._random.choice([low, min(high, 12), min(low + 1, high), min(high, 2)])
        prefix = schema.get("prefixItems", [])
        items = [
            self._value(prefix[index] if index < len(prefix) else schema.get("items", True), depth + 1)
            for index in range(length)
        ]
        return items if self._random.random() < 0.8 or not items else [items[0]] * len(items)

    def _object(self, schema: Any, depth: int) -> Any:
        made: dict[str, Any] = {}
        unsent, share = schema.get("x-unsent", ()), self._random.choice([0, 0.3, 0.7, 1])
        for name, member in schema.get("properties", {}).items():
            wanted = name in schema.get("required", ()) or (self._random.random() < share and depth < 6)
            if wanted and name not in unsent:
                made[name] = self._value(member, depth + 1)
        extra = schema.get("additionalProperties")
        if (isinstance(extra, dict) and extra) or extra is True:
            made |= {f"k{index}": self._value(extra, depth + 1) for index in range(self._random.choice([0, 1, 2]))}
        declared = {"properties", "patternProperties"} & set(schema)
        if not declared and extra is None and self._random.random() < 0.5:
            made["free"] = 1
        return made
