"""An OpenAPI document as JSON: how it is written, read and pointed into."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from pydantic import JsonValue, TypeAdapter, ValidationError

from contracts.tools.faults import ToolError

__all__ = ["REF", "Json", "at", "parse", "read", "references", "render"]

Json: TypeAlias = dict[str, JsonValue]

REF = "#/components/schemas/"

_ADAPTER = TypeAdapter(Json)


def render(document: Json) -> bytes:
    """Write a document as it is committed: members in their own order, two blanks of indent, a newline at the end."""
    return (json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def parse(text: bytes, source: str) -> Json:
    """Read a document; `source` says whose it is when it cannot be read."""
    try:
        return _ADAPTER.validate_json(text)
    except ValidationError as exc:
        found = text[:80].decode(errors="replace").strip() or "nothing"
        raise ToolError(f"{source}: wanted an OpenAPI document as JSON, found {found!r}; look there first") from exc


def read(file: Path) -> Json:
    """Read a committed document."""
    return parse(file.read_bytes(), str(file))


def at(node: JsonValue, *steps: str) -> Json:
    """Go down an object, step by step; what is not there is empty."""
    for step in steps:
        node = node.get(step) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else {}


def references(node: JsonValue) -> Iterator[str]:
    """Go through the names of all components that a part of a document refers to."""
    if isinstance(node, dict):
        target = node.get("$ref")
        if isinstance(target, str) and target.startswith(REF):
            yield target.removeprefix(REF)
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from references(child)
