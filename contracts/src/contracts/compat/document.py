"""An OpenAPI document: checked once, its references followed, its parts addressed by JSON pointer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import unquote

from contracts.compat.failures import Unreadable
from contracts.compat.structure import check_structure
from contracts.compat.values import Json, Node, kind_of, mapping, sequence, step_into, text, token, tokens

_INSTANT = ("allOf", "anyOf", "oneOf")
_LITERAL = frozenset({"example", "examples", "default", "enum", "const"})
_NAMED = frozenset({"properties", "schemas", "patternProperties"})
_Trail: TypeAlias = "tuple[_Trail, str | int] | None"


@dataclass(frozen=True)
class Place:
    """A node of a document and the pointer that names it."""

    node: Json = field(compare=False)
    pointer: str

    def __truediv__(self, key: str | int) -> "Place":
        child = self.node[key] if isinstance(self.node, list) and isinstance(key, int) else None
        child = mapping(self.node).get(str(key), child)
        return Place(child, f"{self.pointer}/{token(key)}")

    def has(self, key: str) -> bool:
        return key in mapping(self.node)

    def children(self) -> Iterator[tuple[str, "Place"]]:
        for key in mapping(self.node):
            yield key, self / key

    def items(self) -> Iterator["Place"]:
        for index in range(len(sequence(self.node))):
            yield self / index


@dataclass(eq=False)
class Document:
    """What one side publishes."""

    raw: Node
    source: str
    _resolved: dict[str, Place] = field(default_factory=dict[str, Place])

    @classmethod
    def checked(cls, raw: Json, source: str) -> "Document":
        """Make sure that this is OpenAPI 3.0 or 3.1 and that every reference leads somewhere."""
        version = text(mapping(raw).get("openapi"))
        if not isinstance(raw, dict) or not version.startswith(("3.0", "3.1")):
            found = f"openapi {version!r}" if version else _described(raw)
            raise Unreadable(source, "/openapi", "an OpenAPI 3.0 or 3.1 document", found, _remedy(raw))
        check_structure(raw, source)
        document = cls(raw, source)
        document._check_references()
        return document

    @property
    def old_dialect(self) -> bool:
        return text(self.raw.get("openapi")).startswith("3.0")

    @property
    def root(self) -> Place:
        return Place(self.raw, "")

    def at(self, *keys: str) -> Place:
        place = self.root
        for key in keys:
            place = place / key
        return place

    def place(self, pointer: str) -> Place:
        """Go where a pointer leads; nothing may stand there, as where a schema was left out."""
        place = self.root
        for key in tokens(pointer):
            place = place / (int(key) if isinstance(place.node, list) and key.isdigit() else key)
        return place

    def follow(self, place: Place) -> Place:
        """Go where a reference points, as often as it takes."""
        while (reference := mapping(place.node).get("$ref")) is not None:
            place = self.resolve(text(reference), place.pointer)
        return place

    def resolve(self, reference: str, pointer: str) -> Place:
        known = self._resolved.get(reference)
        if known is None:
            known = self._resolved[reference] = self._resolve(reference, pointer)
        return known

    def _resolve(self, reference: str, pointer: str) -> Place:
        if not reference.startswith("#/"):
            wanted, todo = "a reference inside the document (`#/...`)", "nothing is fetched: bundle it first"
            raise Unreadable(self.source, pointer, wanted, repr(reference[:200]), todo)
        target = unquote(reference[1:])
        node: Json = self.raw
        try:
            for key in tokens(target):
                node = step_into(node, key)
        except LookupError:
            wanted = "a reference to something in the document"
            todo = "put it there, or refer to something else"
            raise Unreadable(self.source, pointer, wanted, repr(reference[:200]), todo) from None
        return Place(node, target)

    def _check_references(self) -> None:
        settled: set[str] = set()
        for node, trail in _referring(self.raw):
            self._check_chain(Place(node, _pointer(trail)), settled)

    def _check_chain(self, start: Place, settled: set[str]) -> None:
        """Refuse a schema that is defined by nothing but itself; every value of it would need itself first."""
        path: list[str] = []  # what was settled on the way here has been seen to its end: depth comes first
        waiting = [(start, 0)]
        while waiting:
            place, depth = waiting.pop()
            del path[depth:]
            if place.pointer in path:
                wanted = "a definition that ends"
                found, todo = "a reference that comes back to itself", "take it away, or refer to what is meant"
                raise Unreadable(self.source, place.pointer, wanted, found, todo)
            if place.pointer in settled:
                continue
            settled.add(place.pointer)
            path.append(place.pointer)
            waiting += [(after, depth + 1) for after in self._instantly(place)]

    def _instantly(self, place: Place) -> Iterator[Place]:
        reference = mapping(place.node).get("$ref")
        if isinstance(reference, str):
            yield self.resolve(reference, place.pointer)
        for keyword in _INSTANT:
            if isinstance(mapping(place.node).get(keyword), list):
                yield from (place / keyword).items()


def _referring(raw: Node) -> Iterator[tuple[Node, _Trail]]:
    """Walk all objects that hold a reference, but for those in literal values."""
    waiting: list[tuple[Json, _Trail]] = [(raw, None)]
    while waiting:
        node, trail = waiting.pop()
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node, trail
            named = trail is not None and trail[1] in _NAMED
            waiting += [(child, (trail, key)) for key, child in node.items() if named or key not in _LITERAL]
        elif isinstance(node, list):
            waiting += [(child, (trail, index)) for index, child in enumerate(node)]


def _pointer(trail: _Trail) -> str:
    return "" if trail is None else f"{_pointer(trail[0])}/{token(trail[1])}"


def _described(value: Json) -> str:
    named = mapping(value)
    if "swagger" in named:
        return "a Swagger 2 document"
    if "openapi" in named:
        return f"openapi {named['openapi']!r}, which is no text"
    return {"object": "an object", "array": "a list", "string": "a text"}.get(kind_of(value), repr(value))


def _remedy(value: Json) -> str:
    """Say how this becomes a document that can be read."""
    if "swagger" in mapping(value):
        return "convert it to OpenAPI 3 first"
    if text(mapping(value).get("openapi")):
        return "write it in one of these"
    return 'begin it with `openapi: "3.1.0"`'
