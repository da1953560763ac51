"""Every place of a document that edits reach, with its JSON pointer."""

from collections.abc import Iterator
from typing import TypeAlias

from contracts.compat.operations import METHODS
from contracts.compat.values import Json, Node, mapping, sequence, token

At: TypeAlias = Iterator[tuple[str, Node]]
_NAMED = ("properties", "patternProperties", "dependentSchemas", "$defs")
_SINGLE = ("items", "additionalProperties", "schema", "not", "if", "then", "else", "contains", "propertyNames")
_LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")
_LITERAL = frozenset({"examples", "example", "default", "enum", "const"})


def schemas(document: Node) -> At:
    """Walk all schemas: of components, and wherever else one is held."""
    parts = mapping(document.get("components"))
    for name, schema in mapping(parts.get("schemas")).items():
        yield from _inside(f"/components/schemas/{token(name)}", schema)
    for kind in ("parameters", "headers", "requestBodies", "responses"):
        yield from _held(f"/components/{kind}", parts.get(kind))
    for top in ("paths", "webhooks"):
        yield from _held(f"/{top}", document.get(top))


def _held(pointer: str, node: Json) -> At:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "schema":
                yield from _inside(f"{pointer}/schema", value)
            elif key not in _LITERAL:
                yield from _held(f"{pointer}/{token(key)}", value)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _held(f"{pointer}/{index}", value)


def _inside(pointer: str, schema: Json) -> At:
    if not isinstance(schema, dict) or "$ref" in schema:
        return
    yield pointer, schema
    for keyword in _NAMED:
        for name, child in mapping(schema.get(keyword)).items():
            yield from _inside(f"{pointer}/{keyword}/{token(name)}", child)
    for keyword in _SINGLE:
        yield from _inside(f"{pointer}/{keyword}", schema.get(keyword))
    for keyword in _LISTED:
        for index, child in enumerate(sequence(schema.get(keyword))):
            yield from _inside(f"{pointer}/{keyword}/{index}", child)


def items(document: Node) -> At:
    """Walk the paths."""
    for path, item in mapping(document.get("paths")).items():
        if path.startswith("/") and "$ref" not in mapping(item):
            yield f"/paths/{token(path)}", mapping(item)


def operations(document: Node) -> At:
    """Walk the operations of all paths."""
    for pointer, item in items(document):
        for method in METHODS:
            if isinstance(item.get(method), dict):
                yield f"{pointer}/{method}", mapping(item[method])


def parameters(document: Node) -> At:
    """Walk the parameters that operations declare themselves."""
    for pointer, operation in operations(document):
        for index, parameter in enumerate(sequence(operation.get("parameters"))):
            if isinstance(parameter, dict) and parameter.get("in") not in {"path", None}:
                yield f"{pointer}/parameters/{index}", parameter


def bodies(document: Node) -> At:
    """Walk the bodies of requests."""
    for pointer, operation in operations(document):
        if "content" in mapping(operation.get("requestBody")):
            yield f"{pointer}/requestBody", mapping(operation["requestBody"])


def answers(document: Node) -> At:
    """Walk the answers that operations declare themselves."""
    for pointer, operation in operations(document):
        for status, answer in mapping(operation.get("responses")).items():
            if isinstance(answer, dict) and "$ref" not in answer and not status.startswith("x-"):
                yield f"{pointer}/responses/{token(status)}", answer


def schemes(document: Node) -> At:
    """Walk the kinds of credentials."""
    known = mapping(mapping(document.get("components")).get("securitySchemes"))
    for name, scheme in known.items() if "$ref" not in repr(known) else ():
        yield f"/components/securitySchemes/{token(name)}", mapping(scheme)
