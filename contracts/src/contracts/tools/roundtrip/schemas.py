"""Two schemas side by side: the first place where they do not say the same, wording and names of components apart."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from contracts.compat.values import tokens
from contracts.tools.documents import Json, at

__all__ = ["Gap", "Rooted", "followed", "gaps"]

_NOTES = frozenset({
    "title", "description", "example", "examples", "deprecated", "$comment", "externalDocs", "xml", "$schema", "$defs",
})  # fmt: skip
_NAMED = frozenset({"properties", "patternProperties", "dependentSchemas"})
_CHOICES = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_LITERAL = frozenset({"default", "const", "enum", "required", "discriminator"})


@dataclass(frozen=True, slots=True)
class Rooted:
    """A schema, and the whole in which its references lead somewhere."""

    schema: JsonValue
    whole: Json

    def but(self, schema: JsonValue) -> "Rooted":
        return Rooted(schema, self.whole)


@dataclass(frozen=True, slots=True)
class Gap:
    """A place at which one schema says what the other does not."""

    place: str
    one: JsonValue
    other: JsonValue


def gaps(one: Rooted, other: Rooted) -> Iterator[Gap]:
    """Compare two schemas place by place, in canonical form."""
    return _gaps("", one, other, frozenset())


def _gaps(place: str, one: Rooted, other: Rooted, busy: frozenset[tuple[str, str]]) -> Iterator[Gap]:
    pair = _name(one), _name(other)
    if pair in busy:
        return  # a recursive schema: equal unless a difference is found elsewhere
    busy |= {pair} if all(pair) else frozenset()
    left, right = _canonical(one), _canonical(other)
    if not isinstance(left, dict) or not isinstance(right, dict):
        if left != right:
            yield Gap(place, left, right)
        return
    for word in dict.fromkeys((*left, *right)):
        if word not in left or word not in right:
            yield Gap(f"{place}/{word}", left.get(word), right.get(word))
        else:
            yield from _word(f"{place}/{word}", word, one.but(left[word]), other.but(right[word]), busy)


def _word(place: str, word: str, one: Rooted, other: Rooted, busy: frozenset[tuple[str, str]]) -> Iterator[Gap]:
    if word in _NAMED:
        left, right = at(one.schema), at(other.schema)
        for name in dict.fromkeys((*left, *right)):
            if name not in left or name not in right:
                yield Gap(f"{place}/{name}", left.get(name), right.get(name))
            else:
                yield from _gaps(f"{place}/{name}", one.but(left[name]), other.but(right[name]), busy)
    elif isinstance(one.schema, dict) and isinstance(other.schema, dict) and word not in _LITERAL:
        yield from _gaps(place, one, other, busy)
    elif word in _CHOICES:
        yield from _listed(place, one, other, busy)
    elif not _same(one.schema, other.schema):
        yield Gap(place, one.schema, other.schema)


def _listed(place: str, one: Rooted, other: Rooted, busy: frozenset[tuple[str, str]]) -> Iterator[Gap]:
    left, right = _arranged(one), _arranged(other)
    if len(left) != len(right):
        yield Gap(place, one.schema, other.schema)
        return
    for index, (mine, theirs) in enumerate(zip(left, right, strict=True)):
        yield from _gaps(f"{place}/{index}", one.but(mine), other.but(theirs), busy)


def _arranged(rooted: Rooted) -> list[JsonValue]:
    """List choices in an order that is the same for both sides."""
    choices = rooted.schema if isinstance(rooted.schema, list) else []
    return sorted(choices, key=lambda choice: json.dumps(_canonical(rooted.but(choice)), sort_keys=True))


def _same(one: JsonValue, other: JsonValue) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _name(rooted: Rooted) -> str:
    return str(at(rooted.schema).get("$ref", ""))


def _canonical(rooted: Rooted) -> JsonValue:
    """Write a schema in the one way in which we write it; references give way to what they refer to."""
    if not isinstance(rooted.schema, dict):
        return rooted.schema
    said = followed(rooted.schema, rooted.whole)
    kept = {word: value for word, value in said.items() if word not in _NOTES and not word.startswith("x-")}
    return _flat(_ordered(_spelled(kept)), rooted.whole)


def followed(schema: Json, whole: Json) -> Json:
    """Go where a reference leads, and take along what is said beside it."""
    while isinstance(reference := schema.get("$ref"), str):
        beside = {word: value for word, value in schema.items() if word != "$ref"}
        schema = at(whole, *tokens(reference.partition("#")[2])) | beside
    return schema


def _spelled(said: Json) -> Json:
    """Choose one of several spellings of the same."""
    match said:
        case {"type": [str(kind), "null"], **rest}:
            return {"anyOf": [{"type": kind, **rest}, {"type": "null"}]}
        case {"enum": [only], **rest}:
            return {"const": only, **rest}
        case {"additionalProperties": True, **rest}:
            return dict(rest)
        case _:
            return said


def _ordered(said: Json) -> Json:
    """Sort what has no order, and keep of a discriminator what decides."""
    ordered = dict(said)
    for word in ("required", "enum"):
        if isinstance(values := said.get(word), list):
            ordered[word] = sorted(values, key=repr)
    if not ordered.get("required", True):
        del ordered["required"]
    if "discriminator" in said:
        tag = at(said, "discriminator")
        ordered["discriminator"] = {"propertyName": tag.get("propertyName"), "tags": [*sorted(at(tag, "mapping"))]}
    return ordered


def _flat(said: Json, whole: Json) -> Json:
    """Lift the choices of a choice within a choice."""
    choices = said.get("anyOf")
    if not isinstance(choices, list):
        return said
    lifted: list[JsonValue] = []
    for choice in choices:
        inner = _canonical(Rooted(choice, whole)) if "anyOf" in followed(at(choice), whole) else None
        within = inner.get("anyOf") if isinstance(inner, dict) and len(inner) == 1 else None
        lifted += within if isinstance(within, list) else [choice]
    return {**said, "anyOf": lifted}
