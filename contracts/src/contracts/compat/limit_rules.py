"""The rules of limits: which numbers and texts, how many items and members."""

from contracts.compat.rules import Example, Rule
from contracts.compat.values import Json, Node

_NEW_VERSION = "Publish it in a new version, and translate the old one."
_KEEP = "Keep accepting what was accepted; refuse by an error code of the service where a rule needs it."
_TEXT: Node = {"type": "string"}
_WHOLE: Node = {"type": "integer"}


def _object(required: list[Json], **properties: Json) -> Node:
    return {"type": "object", "properties": properties, "required": required}


def _list(**keywords: Json) -> Node:
    return {"type": "array", "items": _TEXT, **keywords}


LIMIT_RULES = (
    Rule(
        "number.minimum-raised",
        "Smaller numbers may be sent than are accepted.",
        _KEEP,
        Example(_WHOLE, {**_WHOLE, "minimum": 1}),
    ),
    Rule(
        "number.maximum-lowered",
        "Greater numbers may be sent than are accepted.",
        _KEEP,
        Example(_WHOLE, {**_WHOLE, "maximum": 9}),
    ),
    Rule(
        "number.multipleOf",
        "Numbers off the accepted grid may be sent.",
        _KEEP,
        Example(_WHOLE, {**_WHOLE, "multipleOf": 5}),
    ),
    Rule(
        "number.format",
        "The format promises fewer bits than may be sent; validators do not check it, generated code does.",
        _NEW_VERSION,
        Example({**_WHOLE, "format": "int64"}, {**_WHOLE, "format": "int32"}),
    ),
    Rule(
        "string.minLength-raised",
        "Shorter texts may be sent than are accepted.",
        _KEEP,
        Example(_TEXT, {**_TEXT, "minLength": 2}),
    ),
    Rule(
        "string.maxLength-lowered",
        "Longer texts may be sent than are accepted.",
        _KEEP,
        Example(_TEXT, {**_TEXT, "maxLength": 9}),
    ),
    Rule(
        "string.pattern",
        "Texts may be sent that the pattern refuses.",
        _KEEP,
        Example(_TEXT, {**_TEXT, "pattern": "^[a-z]+$"}),
    ),
    Rule(
        "string.format", "Texts may be sent that lack the format.", _KEEP, Example(_TEXT, {**_TEXT, "format": "date"})
    ),
    Rule(
        "array.minItems-raised",
        "Shorter lists may be sent than are accepted.",
        _KEEP,
        Example(_list(), _list(minItems=1)),
    ),
    Rule(
        "array.maxItems-lowered",
        "Longer lists may be sent than are accepted.",
        _KEEP,
        Example(_list(), _list(maxItems=3)),
    ),
    Rule(
        "array.uniqueItems",
        "Equal items may be sent and are no longer accepted.",
        _KEEP,
        Example(_list(), _list(uniqueItems=True)),
    ),
    Rule(
        "object.minProperties-raised",
        "Objects with fewer members may be sent than are accepted.",
        _KEEP,
        Example(_object([], a=_TEXT), {**_object([], a=_TEXT), "minProperties": 1}),
    ),
    Rule(
        "object.maxProperties-lowered",
        "Objects with more members may be sent than are accepted.",
        _KEEP,
        Example(_object([], a=_TEXT, b=_TEXT), {**_object([], a=_TEXT, b=_TEXT), "maxProperties": 1}),
    ),
)
