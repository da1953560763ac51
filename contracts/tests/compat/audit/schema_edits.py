"""Edits of one schema: every keyword added, removed, tightened and loosened."""

from collections.abc import Iterator

from contracts.compat.values import Json, Node, mapping, sequence, texts
from editing import Change, Edit, put, removed

_NOTED = frozenset({"title", "description", "example", "examples", "properties"})
_ANY: Node = {"description": "added", "x-added": 1, "not": {"const": "x"}, "if": {"type": "string"}}
_TAG: Node = {"propertyName": "added_by_mutation"}
_KINDS: dict[str, tuple[Node, ...]] = {  # what is put into a schema of each type
    "string": (
        {"type": "integer"}, {"type": ["string", "null"]}, {"minLength": 3}, {"maxLength": 2}, {"pattern": "."},
        {"pattern": "^[a-z]+$"}, {"format": "uuid"}, {"format": "date-time"}, {"format": "password"},
        {"enum": ["x", "y"]}, {"const": "x"}, {"contentEncoding": "base64"},
    ),
    "integer": (
        {"type": "number"}, {"type": "string"}, {"type": ["integer", "null"]}, {"minimum": 2}, {"maximum": 90},
        {"exclusiveMinimum": 1}, {"exclusiveMaximum": 9}, {"multipleOf": 3}, {"format": "int32"}, {"enum": [1, 2]},
    ),
    "number": ({"type": "integer"}, {"multipleOf": 0.5}, {"minimum": 0.5}, {"exclusiveMaximum": 7.5}),
    "boolean": ({"const": True}, {"type": "string"}, {"enum": [True, False]}),
    "array": (
        {"minItems": 2}, {"maxItems": 1}, {"uniqueItems": True}, {"prefixItems": [{"type": "boolean"}]},
        {"contains": {"type": "string"}}, {"type": ["array", "null"]}, {"unevaluatedItems": False},
    ),
    "object": (
        {"minProperties": 4}, {"maxProperties": 1}, {"additionalProperties": False}, {"additionalProperties": True},
        {"additionalProperties": {"type": "integer"}}, {"propertyNames": {"pattern": "^[a-m]"}},
        {"patternProperties": {"^x-": {"type": "integer"}}}, {"unevaluatedProperties": False}, {"discriminator": _TAG},
        {"type": ["object", "null"]},
    ),
}  # fmt: skip


def schema_edits(schema: Node) -> Iterator[Edit]:
    """Edit what a schema says itself; the schemas inside it are places of their own."""
    for keyword, value in schema.items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield Edit(f"{keyword}+1", put(keyword, value + 1))
            yield Edit(f"{keyword}-1", put(keyword, max(value - 1, 0)))
        elif isinstance(value, bool):
            yield Edit(f"{keyword} turned", put(keyword, not value))
        if keyword not in _NOTED:
            yield Edit(f"{keyword} removed", removed(keyword))
    for kind in (schema.get("type"), "any"):
        for added in (*_KINDS.get(kind, ()), _ANY) if isinstance(kind, str) else ():
            for keyword, value in added.items() if kind == "any" or added is not _ANY else ():
                yield Edit(f"{kind} {keyword} put", put(keyword, value))
    yield from _listed_edits(schema)
    yield from _member_edits(schema)
    yield from _wrapped(schema)


def _listed_edits(schema: Node) -> Iterator[Edit]:
    if sequence(schema.get("enum")):
        yield Edit("enum value removed", put("enum", sequence(schema["enum"])[:-1]))
        yield Edit("enum value added", put("enum", [*sequence(schema["enum"]), "added-by-mutation"]))
        yield Edit("enum turned round", put("enum", sequence(schema["enum"])[::-1]))
    other: Node = {"type": "array", "items": {"type": "null"}}
    for keyword in ("anyOf", "oneOf", "allOf", "prefixItems"):
        branches = sequence(schema.get(keyword))
        if len(branches) > 1:
            yield Edit(f"{keyword} branch removed", put(keyword, branches[:-1]))
            yield Edit(f"{keyword} branch added", put(keyword, [*branches, other]))
            yield Edit(f"{keyword} turned round", put(keyword, branches[::-1]))


def _member_edits(schema: Node) -> Iterator[Edit]:
    properties, required = mapping(schema.get("properties")), sequence(schema.get("required"))
    for name, member in properties.items():
        yield _requiring(name, required)
        left: Node = {key: value for key, value in properties.items() if key != name}
        yield Edit("member removed", put("properties", left))
        yield Edit("member renamed", put("properties", {**left, f"{name}_2": member}))
        for flag in ("readOnly", "writeOnly", "deprecated"):
            flagged: Node = {**mapping(member), flag: True}
            yield Edit(f"member {flag}", put("properties", {**properties, name: flagged}))
        yield Edit("member depends", put("dependentRequired", {name: [*texts(required), "added_member"]}))
    if properties:
        more: Node = {**properties, "added_member": {"type": "string"}}
        yield Edit("optional member added", put("properties", more))
        yield Edit("required member added", _both(more, [*required, "added_member"]))


def _requiring(name: str, required: list[Json]) -> Edit:
    if name in required:
        return Edit("required dropped", put("required", [item for item in required if item != name]))
    return Edit("required added", put("required", [*required, name]))


def _both(properties: Node, required: list[Json]) -> Change:
    def apply(node: Node) -> None:
        node["properties"], node["required"] = properties, required

    return apply


def _wrapped(schema: Node) -> Iterator[Edit]:
    """Write the same schema another way, which breaks nothing, and a union with more, which does one way."""
    if {"$defs", "$id", "$anchor"} & set(schema):
        return
    for keyword in ("allOf", "anyOf", "oneOf"):
        yield Edit(f"wrapped in {keyword}", _replaced({keyword: [dict(schema)]}))
    yield Edit("united with a list", _replaced({"anyOf": [dict(schema), {"type": "array", "items": {"type": "null"}}]}))


def _replaced(made: Node) -> Change:
    def apply(node: Node) -> None:
        node.clear()
        node.update(made)

    return apply
