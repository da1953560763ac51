"""Edits of a document, one at a time: every schema keyword and every OpenAPI field, in both directions."""

import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from contracts.compat.values import Json, Node, mapping, sequence, step_into, tokens

_NAMED = ("properties", "patternProperties", "schemas", "$defs")
_SINGLE = ("items", "additionalProperties", "schema")
_LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")


@dataclass(frozen=True)
class Mutation:
    """One edit at one place."""

    name: str
    pointer: str
    apply: Callable[[Node], None]

    def on(self, document: Node) -> Node:
        """Give an edited copy."""
        copied = copy.deepcopy(document)
        node: Json = copied
        for key in tokens(self.pointer):
            node = step_into(node, key)
        self.apply(mapping(node))
        return copied


def mutations(document: Node) -> Iterator[Mutation]:
    """Give every edit of every schema, parameter, body, answer and operation of a document."""
    for pointer, schema in schemas(document):
        for name, apply in _schema_edits(schema):
            yield Mutation(name, pointer, apply)
    for pointer, node in _operations(document):
        for name, apply in _operation_edits(node):
            yield Mutation(name, pointer, apply)
    for pointer, node in _parameters(document):
        yield Mutation("parameter.required", pointer, _flip("required"))
        yield Mutation("parameter.name", pointer, _put("name", f"{node.get('name')}_2"))
    for pointer, _ in _bodies(document):
        yield Mutation("body.required", pointer, _flip("required"))
        yield Mutation("body.media-type", pointer, _renamed_media)


def chosen(document: Node, most: int, seed: int = 0) -> list[Mutation]:
    """Give a fixed sample of the edits."""
    every = list(mutations(document))
    return every if len(every) <= most else random.Random(seed).sample(every, most)


def schemas(document: Node) -> Iterator[tuple[str, Node]]:
    """Walk all schemas of a document with their pointers."""
    for name, schema in mapping(mapping(document.get("components")).get("schemas")).items():
        yield from _inside(f"/components/schemas/{_token(name)}", schema)
    for pointer, operation in _operations(document):
        yield from _held(pointer, operation)


def _held(pointer: str, node: Json) -> Iterator[tuple[str, Node]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "schema":
                yield from _inside(f"{pointer}/schema", value)
            elif key not in {"examples", "example"}:
                yield from _held(f"{pointer}/{_token(key)}", value)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _held(f"{pointer}/{index}", value)


def _inside(pointer: str, schema: Json) -> Iterator[tuple[str, Node]]:
    if not isinstance(schema, dict) or "$ref" in schema:
        return
    yield pointer, schema
    for keyword in _NAMED:
        for name, child in mapping(schema.get(keyword)).items():
            yield from _inside(f"{pointer}/{keyword}/{_token(name)}", child)
    for keyword in _SINGLE:
        yield from _inside(f"{pointer}/{keyword}", schema.get(keyword))
    for keyword in _LISTED:
        for index, child in enumerate(sequence(schema.get(keyword))):
            yield from _inside(f"{pointer}/{keyword}/{index}", child)


def _schema_edits(schema: Node) -> Iterator[tuple[str, Callable[[Node], None]]]:
    for keyword, value in schema.items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{keyword}+1", _put(keyword, value + 1)
            if value > 0:
                yield f"{keyword}-1", _put(keyword, value - 1)
        if keyword not in {"title", "description", "example", "examples", "properties"}:
            yield f"{keyword} removed", _removed(keyword)
    yield from _kind_edits(schema)
    yield from _member_edits(schema)
    if sequence(schema.get("enum")):
        yield "enum value removed", _put("enum", sequence(schema["enum"])[:-1])
        yield "enum value added", _put("enum", [*sequence(schema["enum"]), "added-by-mutation"])
    for keyword in ("anyOf", "oneOf"):
        if len(sequence(schema.get(keyword))) > 1:
            yield f"{keyword} branch removed", _put(keyword, sequence(schema[keyword])[:-1])
            yield (
                f"{keyword} branch added",
                _put(keyword, [*sequence(schema[keyword]), {"type": "array", "items": {"type": "null"}}]),
            )


def _kind_edits(schema: Node) -> Iterator[tuple[str, Callable[[Node], None]]]:
    match schema.get("type"):
        case "string" if not {"enum", "const"} & set(schema):
            yield "type string to integer", _put("type", "integer")
            yield "minLength 3", _put("minLength", 3)
            yield "maxLength 2", _put("maxLength", 2)
            yield "pattern ^[a-z]+$", _put("pattern", "^[a-z]+$")
            yield "pattern .", _put("pattern", ".")
            yield "format uuid", _put("format", "uuid")
            yield "format date-time", _put("format", "date-time")
            yield "enum x y", _put("enum", ["x", "y"])
            yield "null too", _put("type", ["string", "null"])
        case "integer":
            yield "type integer to number", _put("type", "number")
            yield "type integer to string", _put("type", "string")
            yield "minimum 2", _put("minimum", 2)
            yield "exclusiveMaximum 9", _put("exclusiveMaximum", 9)
            yield "multipleOf 3", _put("multipleOf", 3)
            yield "null too", _put("type", ["integer", "null"])
        case "number":
            yield "type number to integer", _put("type", "integer")
            yield "multipleOf 0.5", _put("multipleOf", 0.5)
        case "boolean":
            yield "const true", _put("const", value=True)
            yield "type boolean to string", _put("type", "string")
        case "array":
            yield "minItems 2", _put("minItems", 2)
            yield "maxItems 1", _put("maxItems", 1)
            yield "uniqueItems", _flip("uniqueItems")
            yield "prefixItems", _put("prefixItems", [{"type": "boolean"}])
        case "object":
            yield "minProperties 4", _put("minProperties", 4)
            yield "maxProperties 1", _put("maxProperties", 1)
            yield "additionalProperties false", _put("additionalProperties", value=False)
            yield "additionalProperties integer", _put("additionalProperties", {"type": "integer"})
            yield "propertyNames", _put("propertyNames", {"pattern": "^[a-m]"})
        case _:
            pass


def _member_edits(schema: Node) -> Iterator[tuple[str, Callable[[Node], None]]]:
    properties, required = mapping(schema.get("properties")), sequence(schema.get("required"))
    for name in properties:
        if name in required:
            yield f"required {name} dropped", _put("required", [item for item in required if item != name])
        else:
            yield f"required {name} added", _put("required", [*required, name])
        left: Node = {key: value for key, value in properties.items() if key != name}
        yield f"member {name} removed", _put("properties", left)
        yield f"member {name} renamed", _put("properties", {**left, f"{name}_2": properties[name]})
        yield f"member {name} readOnly", _put("properties", {**properties, name: _with(properties[name], "readOnly")})
        yield f"member {name} writeOnly", _put("properties", {**properties, name: _with(properties[name], "writeOnly")})
    if properties:
        yield "optional member added", _put("properties", {**properties, "added_member": {"type": "string"}})
        yield "required member added", _both_added(properties, required)


def _with(schema: Json, flag: str) -> Json:
    return {**mapping(schema), flag: True}


def _both_added(properties: Node, required: list[Json]) -> Callable[[Node], None]:
    def apply(node: Node) -> None:
        node["properties"] = {**properties, "added_member": {"type": "string"}}
        node["required"] = [*required, "added_member"]

    return apply


def _put(keyword: str, value: Json) -> Callable[[Node], None]:
    def apply(node: Node) -> None:
        node[keyword] = value

    return apply


def _removed(keyword: str) -> Callable[[Node], None]:
    def apply(node: Node) -> None:
        del node[keyword]

    return apply


def _flip(keyword: str) -> Callable[[Node], None]:
    def apply(node: Node) -> None:
        node[keyword] = node.get(keyword) is not True

    return apply


def _renamed_media(node: Node) -> None:
    content = mapping(node.get("content"))
    node["content"] = {f"application/x-{media.rpartition('/')[2]}": value for media, value in content.items()}


def _operations(document: Node) -> Iterator[tuple[str, Node]]:
    for path, item in mapping(document.get("paths")).items():
        for method, operation in mapping(item).items():
            if isinstance(operation, dict) and method not in {"parameters", "servers"}:
                yield f"/paths/{_token(path)}/{method}", operation


def _operation_edits(node: Node) -> Iterator[tuple[str, Callable[[Node], None]]]:
    responses = mapping(node.get("responses"))
    for status in responses:
        left: Node = {key: value for key, value in responses.items() if key != status}
        yield f"response {status} removed", _put("responses", left)
    yield "response 299 added", _put("responses", {**responses, "299": {"description": "added"}})
    yield "response 418 added", _put("responses", {**responses, "418": {"description": "added"}})
    parameters = sequence(node.get("parameters"))
    added: Node = {"name": "added", "in": "query", "schema": {"type": "string"}}
    yield "optional parameter added", _put("parameters", [*parameters, added])
    yield "required parameter added", _put("parameters", [*parameters, {**added, "required": True}])
    if parameters:
        yield "parameter removed", _put("parameters", parameters[:-1])
    if "security" in node:
        yield "security removed", _put("security", [])
    yield "security added", _put("security", [{"added": ["scope"]}])


def _parameters(document: Node) -> Iterator[tuple[str, Node]]:
    for pointer, operation in _operations(document):
        for index, parameter in enumerate(sequence(operation.get("parameters"))):
            if isinstance(parameter, dict) and parameter.get("in") not in {"path", None}:
                yield f"{pointer}/parameters/{index}", parameter


def _bodies(document: Node) -> Iterator[tuple[str, Node]]:
    for pointer, operation in _operations(document):
        if isinstance(operation.get("requestBody"), dict) and "content" in mapping(operation["requestBody"]):
            yield f"{pointer}/requestBody", mapping(operation["requestBody"])


def _token(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
