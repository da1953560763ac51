"""The portable subset: what a model may say so that nothing is lost between it, its schema and other languages."""

import re
from collections.abc import Iterator

from pydantic import JsonValue

from contracts.operation import Api
from contracts.places import Place
from contracts.tools.documents import Json, at
from contracts.tools.models import forms, model_faults, models
from contracts.tools.outline import Outline, outline
from contracts.tools.promise import promise

__all__ = ["portability_faults"]

_UNDECLARED = "If-None-Match"  # not a model's: any text is taken, and what is no ETag matches nothing
_KEYWORDS = {"format", "oneOf", "allOf", "uniqueItems", "prefixItems", "patternProperties", "multipleOf"}
_NEEDED: tuple[tuple[str, set[str], str], ...] = (
    ("number", {"nothing can help"}, "is a float, which is not exact: use `Money`, or an integer of minor units"),
    ("integer", {"minimum", "maximum"}, "is a number without bounds: say `ge` and `le`"),
    ("array", {"maxItems"}, "is a list without a bound: say `max_length`"),
    ("object", {"properties"}, "is a dict: make it a model"),
)
_UNPORTABLE = re.compile(r"\\[dDwWsSbBAZpP1-9]|\(\?(?!:)")
_OPEN_ENDED = re.compile(r"[*+]|\{[0-9]*,\}")
_LITERALS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]")


def portability_faults(api: type[Api]) -> list[str]:
    """Say what in an Api's models and parameters is outside the subset, each in a sentence."""
    whole = outline(promise(api))
    asked = _requested(api, whole)
    found = [fault for name, schema in whole.components.items() for fault in _component(name, schema, asked)]
    for op in whole.operations:
        parameters = [place for place in op.places if " parameter " in place and not place.endswith(_UNDECLARED)]
        found += [f for place in parameters for f in _walk(f"{op.name}: {place}", at(op.places, place, "schema"))]
    found += [fault for model in models(api) for fault in model_faults(model, textual=model in forms(api))]
    return [f"{api.service} {api.version}: {fault}" for fault in dict.fromkeys(found)]


def _requested(api: type[Api], whole: Outline) -> set[str]:
    """Name the components that requests hold; forms are left out, for RFC 6749 ignores what it does not know."""
    bodies = {op.name for op in api.operations() if op.body and op.body.place is Place.BODY}
    sent = [op.places["request body application/json"] for op in whole.operations if op.name in bodies]
    return whole.reached([*sent])


def _component(name: str, schema: JsonValue, asked: set[str]) -> Iterator[str]:
    said = at(schema)
    yield from _walk(name, said)
    if said.get("type") == "object" and name in asked and said.get("additionalProperties") is not False:
        yield f"{name}: takes unknown members, and a request refuses them: derive it from `wire.Request`"


def _walk(place: str, schema: Json) -> Iterator[str]:
    yield from _fault(place, schema)
    for name, member in at(schema, "properties").items():
        yield from _walk(f"{place}.{name}", at(member))
    yield from _walk(f"{place}[]", at(schema, "items")) if "items" in schema else ()
    choices = schema.get("anyOf")
    for choice in choices if isinstance(choices, list) else ():
        yield from _walk(place, at(choice))


def _fault(place: str, said: Json) -> Iterator[str]:
    kind = said.get("type")
    for keyword in sorted(_KEYWORDS & said.keys()):
        yield f"{place}: says `{keyword}`, which other languages read differently: use a type of `wire`"
    for name, needed, fault in _NEEDED:
        if kind == name and not needed <= said.keys():
            yield f"{place}: {fault}"
    if kind == "string" and "enum" in said and "x-enum-varnames" not in said:
        yield f"{place}: is an enum without member names: derive it from `wire.Choice`"
    elif kind == "string" and not said.keys() & {"enum", "const", "contentMediaType"}:
        yield from _string_fault(place, said)


def _string_fault(place: str, said: Json) -> Iterator[str]:
    pattern = str(said.get("pattern", ""))
    if "maxLength" not in said and (not pattern or _OPEN_ENDED.search(_LITERALS.sub("", pattern))):
        yield f"{place}: is a string without a bound: say `max_length`"
    if found := _UNPORTABLE.search(pattern):
        yield f"{place}: has `{found[0]}` in its pattern, which other languages read differently: spell it out"
    if pattern and not (pattern.startswith("^") and pattern.endswith("$")):
        yield f"{place}: has a pattern without `^` and `$`: a part of the string would do"
