"""What stands where in an OpenAPI document; what stands wrongly would be passed over, and judged safe unseen."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from contracts.compat.checks import readable
from contracts.compat.failures import Unreadable
from contracts.compat.values import Json, Node, count, kind_of, token

_Trail: TypeAlias = "tuple[_Trail, str | int] | None"

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PLACES = ("query", "header", "path", "cookie")
_CARRIED = {"schema": "schema", "content": "{media}", "required": "flag", "deprecated": "flag", "explode": "flag"}

# `[part]` is a list of parts, `{part}` an object of them by name; `*` stands for every key that is no extension.
_PARTS: Final[Mapping[str, Mapping[str, str]]] = {
    "document": {
        "paths": "paths", "webhooks": "{path}", "components": "components", "servers": "[server]",
        "security": "[requirement]",
    },
    "components": {
        "schemas": "{schema}", "responses": "{response}", "parameters": "{parameter}", "headers": "{header}",
        "requestBodies": "{body}", "securitySchemes": "{object}", "callbacks": "{callback}", "pathItems": "{path}",
    },
    "paths": {"*": "path"},
    "path": dict.fromkeys(_METHODS, "operation") | {"parameters": "[parameter]", "servers": "[server]"},
    "operation": {
        "parameters": "[parameter]", "requestBody": "body", "responses": "responses", "callbacks": "{callback}",
        "security": "[requirement]", "servers": "[server]", "operationId": "text", "deprecated": "flag",
    },
    "callback": {"*": "path"},
    "parameter": {**_CARRIED, "name": "text", "in": "place", "style": "text", "allowEmptyValue": "flag"},
    "header": {**_CARRIED, "style": "text"},
    "body": {"content": "{media}", "required": "flag"},
    "responses": {"*": "response"},
    "response": {"content": "{media}", "headers": "{header}", "links": "{object}"},
    "media": {"schema": "schema", "encoding": "{encoding}"},
    "encoding": {"contentType": "text", "headers": "{header}", "style": "text", "explode": "flag"},
    "server": {"url": "text", "variables": "{variable}"},
    "variable": {"enum": "[text]", "default": "text"},
    "requirement": {"*": "[text]"},
}  # fmt: skip
_SCHEMA: Final[Mapping[str, str]] = {
    **dict.fromkeys(("properties", "dependentSchemas", "$defs"), "{schema}"), "patternProperties": "patterned",
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), "[schema]"),
    **dict.fromkeys(("items", "additionalProperties", "unevaluatedProperties", "unevaluatedItems"), "schema"),
    **dict.fromkeys(("propertyNames", "contains", "not", "if", "then", "else"), "schema"),
    **dict.fromkeys(("maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties"), "count"),
    **dict.fromkeys(("maximum", "minimum", "multipleOf", "exclusiveMaximum", "exclusiveMinimum"), "number"),
    **dict.fromkeys(("nullable", "readOnly", "writeOnly", "uniqueItems"), "flag"),
    **dict.fromkeys(("enum", "required"), "list"), **dict.fromkeys(("pattern", "format"), "text"),
    "type": "type", "dependentRequired": "object", "discriminator": "object",
}  # fmt: skip
_OLD = {**_SCHEMA, "exclusiveMaximum": "flag", "exclusiveMinimum": "flag"}
_WANTED = {
    "schema": "a schema: an object, true or false",
    "text": "a text",
    "list": "a list",
    "flag": "true or false, without quotes",
    "place": f"one of {', '.join(_PLACES)}",
}


def check_structure(raw: Node, source: str) -> None:
    """Refuse a document in which something else stands where OpenAPI looks for a part of it; null is as nothing."""
    waiting: list[tuple[Json, str, _Trail]] = [(raw, "document", None)]
    while waiting:
        value, part, trail = waiting.pop()
        if value is None and part != "paths":
            continue
        if not _fits(value, part):
            raise Unreadable(source, _pointer(trail) or "/", _wanted(part), _found(value))
        waiting += [(child, inner, (trail, key)) for key, child, inner in _inside(value, part)]


def misfits(schema: Node, *, old_dialect: bool) -> Node:
    """Give the keywords of a schema that hold what no reader of schemas can read."""
    known = _OLD if old_dialect else _SCHEMA
    return {
        keyword: value
        for keyword, value in schema.items()
        if keyword in known and value is not None and not _fits(value, known[keyword])
    }


def _fits(value: Json, part: str) -> bool:
    check = _FITS.get(part)
    return check(value) if check else isinstance(value, list if _is_list(part) else dict)


def _names_types(value: Json) -> bool:
    return all(isinstance(name, str) for name in (value if isinstance(value, list) else [value]))


_FITS: Final[Mapping[str, Callable[[Json], bool]]] = {
    "text": lambda value: isinstance(value, str),
    "flag": lambda value: isinstance(value, bool),
    "number": lambda value: kind_of(value) == "number",
    "count": lambda value: count(value) is not None,
    "type": _names_types,
    "place": lambda value: value in _PLACES,
    "patterned": lambda value: isinstance(value, dict) and all(map(readable, value)),
    "schema": lambda value: isinstance(value, dict | bool),
}


def _is_list(part: str) -> bool:
    return part == "list" or part.startswith("[")


def _inside(value: Json, part: str) -> Iterable[tuple[str | int, Json, str]]:
    """Give what stands in a part, and what it should be."""
    if isinstance(value, list):
        return [(index, item, part[1:-1]) for index, item in enumerate(value) if part.startswith("[")]
    if not isinstance(value, dict):
        return []
    if part.startswith("{"):
        return [(key, item, part[1:-1]) for key, item in value.items()]
    known = {"$ref": "text", **_PARTS.get(part, {})}
    if "*" in known:
        return [(key, item, known.get(key, known["*"])) for key, item in value.items() if not key.startswith("x-")]
    return [(key, item, known[key]) for key, item in value.items() if key in known]


def _wanted(part: str) -> str:
    return _WANTED.get(part) or ("a list" if _is_list(part) else "an object")


def _found(value: Json) -> str:
    """Say what stands there in few words."""
    match value:
        case dict():
            return "an object"
        case list():
            return "a list"
        case _:
            return json.dumps(value)[:80]


def _pointer(trail: _Trail) -> str:
    return "" if trail is None else f"{_pointer(trail[0])}/{token(trail[1])}"
