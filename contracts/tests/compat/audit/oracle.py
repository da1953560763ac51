"""Payloads that a document allows, made by the book and at random: borrows how patterns are sampled, no more."""

import random
from collections.abc import Iterator

from contracts.compat.languages import members
from outside import Json, Node, Side, mapping, sequence

_FORMATS = {
    "date-time": "2026-01-02T03:04:05Z", "date": "2026-01-02", "uuid": "6f1c1f5e-1f62-4f0c-9a51-3d0c4f1d7a11",
    "email": "a@example.com", "uri": "https://example.com/", "hostname": "example.com", "ipv4": "192.0.2.1",
}  # fmt: skip


def closure(side: Side, pointer: str) -> str:
    """Write a schema with all it refers to, to see whether anything in it changed."""
    names: dict[str, Json] = {}
    waiting = [side.at(pointer) if side.has(pointer) else None]
    while waiting:
        node = waiting.pop()
        reference = mapping(node).get("$ref")
        if isinstance(reference, str) and reference not in names:
            names[reference] = side.at(reference[1:])
            waiting.append(names[reference])
        waiting += [*mapping(node).values(), *sequence(node)]
    return repr((side.at(pointer) if side.has(pointer) else None, sorted(names.items())))


class Generator:
    """Payloads of a schema, by the book and at random: boundaries, absence, the odd text."""

    def __init__(self, side: Side, seed: int) -> None:
        self._side, self._random = side, random.Random(seed)

    def payloads(self, pointer: str, count: int) -> Iterator[Json]:
        for _ in range(count):
            try:
                yield self._value({"$ref": f"#{pointer}"} if self._side.has(pointer) else True, 0)
            except (ValueError, IndexError, RecursionError):
                continue

    def _value(self, schema: Json, depth: int) -> Json:  # noqa: C901 -- one case for each way to write a schema
        if schema is False:
            raise ValueError
        if not isinstance(schema, dict) or not schema or depth > 12:
            return self._random.choice(["x", 1, None, True, {}, []])
        if "$ref" in schema:
            return self._value(self._side.at(str(schema["$ref"])[1:]), depth + 1)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._random.choice(sequence(schema["enum"]))
        for keyword in ("anyOf", "oneOf"):
            if sequence(schema.get(keyword)):
                return self._merged(schema, self._random.choice(sequence(schema[keyword])), keyword, depth)
        if sequence(schema.get("allOf")):
            return self._all(schema, depth)
        return self._typed(schema, depth)

    def _all(self, schema: Node, depth: int) -> Json:
        whole: Node = {}
        for part in (self._value(part, depth + 1) for part in sequence(schema["allOf"])):
            if not isinstance(part, dict):
                return part
            whole |= part
        rest: Node = {key: value for key, value in schema.items() if key != "allOf"}
        return whole | mapping(self._value(rest, depth + 1)) if "properties" in rest else whole

    def _merged(self, schema: Node, branch: Json, keyword: str, depth: int) -> Json:
        value = self._value(branch, depth + 1)
        rest: Node = {key: item for key, item in schema.items() if key != keyword}
        if isinstance(value, dict) and "properties" in rest:
            return value | mapping(self._value(rest, depth + 1))
        return value

    def _typed(self, schema: Node, depth: int) -> Json:
        kinds = schema.get("type", "object" if "properties" in schema else "string")
        match self._random.choice(kinds) if isinstance(kinds, list) else kinds:
            case "null":
                return None
            case "boolean":
                return self._random.random() < 0.5
            case "integer":
                return self._number(schema, whole=True)
            case "number":
                return self._number(schema, whole=False)
            case "string":
                return self._text(schema)
            case "array":
                return self._list(schema, depth)
            case _:
                return self._object(schema, depth)

    def _number(self, schema: Node, *, whole: bool) -> int | float:
        edges = [_count(schema, key, 0) for key in _BOUNDS if not isinstance(schema.get(key, True), bool)]
        step = _count(schema, "multipleOf", 1)
        value = self._random.choice([*edges, *edges, 0, 1, 2, 7, 100, -1])
        value += self._random.choice([0, 0, step, -step, 2 * step])
        return value if whole or self._random.random() < 0.5 else value + 0.5

    def _text(self, schema: Node) -> str:
        if schema.get("format") in _FORMATS:
            return _FORMATS[str(schema["format"])]
        if isinstance(schema.get("pattern"), str):
            return self._random.choice(members((str(schema["pattern"]),), (), 0, 80) or ("x",))
        low, high = int(_count(schema, "minLength", 0)), int(_count(schema, "maxLength", 40))
        length = self._random.choice([low, high, min(low + 1, high), min(high, 5), max(low, high - 1)])
        return "".join(self._random.choice("xA1 -é") for _ in range(min(length, 5000)))

    def _list(self, schema: Node, depth: int) -> Json:
        low, high = int(_count(schema, "minItems", 0)), int(_count(schema, "maxItems", 4))
        length = self._random.choice([low, min(high, 12), min(low + 1, high), min(high, 2)])
        prefix = sequence(schema.get("prefixItems"))
        items = [
            self._value(prefix[index] if index < len(prefix) else schema.get("items", True), depth + 1)
            for index in range(length)
        ]
        return items if self._random.random() < 0.8 or not items else [items[0]] * len(items)

    def _object(self, schema: Node, depth: int) -> Json:
        made: Node = {}
        unsent, share = sequence(schema.get("x-unsent")), self._random.choice([0, 0.3, 0.7, 1])
        for name, member in mapping(schema.get("properties")).items():
            wanted = name in sequence(schema.get("required")) or (self._random.random() < share and depth < 6)
            if wanted and name not in unsent:
                made[name] = self._value(member, depth + 1)
        extra = schema.get("additionalProperties")
        if (isinstance(extra, dict) and extra) or extra is True:
            made |= {f"k{index}": self._value(extra, depth + 1) for index in range(self._random.choice([0, 1, 2]))}
        declared = {"properties", "patternProperties"} & set(schema)
        if not declared and extra is None and self._random.random() < 0.5:
            made["free"] = 1
        return made


_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def _count(schema: Node, keyword: str, otherwise: int) -> int | float:
    value = schema.get(keyword)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else otherwise
