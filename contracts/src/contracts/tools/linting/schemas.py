"""All schemas of a document, walked along with every rule about them."""

from collections.abc import Iterator
from typing import Any

from pydantic import JsonValue

from contracts.compat.building import Builder, NoInstance
from contracts.compat.document import Document, Place
from contracts.compat.sampling import Sampler
from contracts.compat.shapes import Shapes
from contracts.compat.validators import Validators
from contracts.compat.views import Stance, View
from contracts.tools.documents import Json, at
from contracts.tools.linting.bounds import bounds
from contracts.tools.linting.breach import Breach, Subject
from contracts.tools.linting.choices import choices
from contracts.tools.linting.keywords import keywords
from contracts.tools.linting.patterns import patterns
from contracts.tools.outline import Outline, OutlinedOperation, outline

__all__ = ["schema_breaches"]

_UNDECLARED = "If-None-Match"  # not a model's: any text is taken, and what is no ETag matches nothing
_JSON = "request body application/json"  # other bodies are forms: RFC 6749 ignores what it does not know


def schema_breaches(document: Document, whole: Json) -> Iterator[Breach]:
    """Go through components, parameters and whatever else stands in the operations of a document."""
    parts, walk = outline(whole), _Walk(document, whole)
    asked, answered = parts.reached(_under(parts, _JSON)), parts.reached(_under(parts, "response "))
    for name, schema in parts.components.items():
        yield from walk.breaches(name, at(schema))
        if at(schema).get("type") == "object":
            yield from walk.request(name, at(schema)) if name in asked else ()
            yield from walk.answer(name, at(schema)) if name in answered - asked else ()
    for op in parts.operations:
        for place, said in op.places.items():
            if _is_ours(op, place):
                yield from walk.breaches(f"{op.name}: {place}", at(said, "schema"))


def _under(parts: Outline, start: str) -> list[JsonValue]:
    return [said for op in parts.operations for place, said in op.places.items() if place.startswith(start)]


def _is_ours(op: OutlinedOperation, place: str) -> bool:
    """Leave out what other standards say, and errors of one status, which their codes tell apart."""
    status = " ".join(place.split(" ")[:2])
    return " header " not in place and not place.endswith(_UNDECLARED) and "x-error-codes" not in at(op.places, status)


class _Walk:
    def __init__(self, document: Document, whole: Json) -> None:
        self._whole = whole
        self._desk = _Payloads(document)

    def breaches(self, place: str, schema: Json) -> Iterator[Breach]:
        """Ask every rule about a schema, and about those within it."""
        subject = Subject(place, schema, self._desk)
        yield from keywords(subject)
        yield from bounds(subject)
        yield from choices(subject, self._whole)
        yield from patterns(subject)
        for name, member in at(schema, "properties").items():
            yield from self.breaches(f"{place}.{name}", at(member))
        if "items" in schema:
            yield from self.breaches(f"{place}[]", at(schema, "items"))
        branches = schema.get("anyOf", schema.get("oneOf"))
        for branch in branches if isinstance(branches, list) else ():
            yield from self.breaches(place, at(branch))

    def request(self, name: str, said: Json) -> Iterator[Breach]:
        """Ask what a request takes beyond its members."""
        subject = Subject(name, said, self._desk)
        if said.get("additionalProperties") is not False:
            advice = "takes unknown members, and a request refuses them: derive it from `wire.Request`"
            payload: JsonValue = {**at(subject.one()), "unknown_member": 1}
            yield subject.breach("request.open", advice, payload, "readers that overlook it", "readers that notice it")

    def answer(self, name: str, said: Json) -> Iterator[Breach]:
        """Ask what an answer may leave out."""
        shown = at(Subject(name, said, self._desk).one())
        for member, schema in at(said, "properties").items():
            if "default" in at(schema):
                advice = "has a default, which makes it optional for every client: take it away"
                left: JsonValue = {known: value for known, value in shown.items() if known != member}
                place, taken, refused = f"{name}.{member}", "readers that know the default", "readers that wait for it"
                yield Breach(place, "answer.default", advice, left, taken, refused)


class _Payloads:
    """Payloads of any schema that may refer to the components of one document."""

    def __init__(self, document: Document) -> None:
        self._view = View(document, Stance("request", "sender"))
        self._shapes = Shapes(self._view)
        self._seen = 0

    def make(self, schema: Json, count: int) -> list[JsonValue]:
        root = self._root(schema)
        try:
            made: list[JsonValue] = [_plain(Builder(self._shapes).smallest(root))]
        except (NoInstance, RecursionError):
            made = []
        if count > 1:
            made += (_plain(value) for value in Sampler(self._shapes).samples(root, count))
        return made[:count]

    def takes(self, schema: Json, payload: JsonValue) -> bool:
        check = Validators(self._view).of(self._root(schema))
        return check is None or check.is_valid(payload)

    def _root(self, schema: Json) -> Any:
        """See a schema as one more of the document's."""
        self._seen += 1
        return self._view.root(Place(schema, f"/x-seen/{self._seen}"))


def _plain(value: Any) -> JsonValue:
    """Take what compat calls JSON for what Pydantic calls JSON."""
    return value
