"""Differences that no payload can show: defaults, names that code uses, deprecation, optional members that went."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from contracts.compat.document import Place
from contracts.compat.media import contents, is_xml, schema_of
from contracts.compat.questions import Answer, Pair, Verdict
from contracts.compat.values import Json, Node, canonical, mapping, sequence, text
from contracts.compat.views import Direction

_NAMED = ("properties", "patternProperties")
_SINGLE = ("items", "additionalProperties")
_LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")


@dataclass(frozen=True)
class _Note:
    rule: str
    message: str
    verdict: Verdict
    base: str
    revision: str
    only: Direction | None = None
    source: bool = False
    xml: bool = False


@dataclass
class _Region:
    """What stands between one reference and the next."""

    notes: list[_Note] = field(default_factory=list[_Note])
    beyond: list[tuple[Place, Place]] = field(default_factory=list[tuple[Place, Place]])


class Notes:
    """Walks matching schemas of two documents, each pair of components once."""

    def __init__(self) -> None:
        self._regions: dict[tuple[str, str], _Region] = {}

    def of(self, pair: Pair) -> Iterator[Answer]:
        yield from _operation_notes(pair)
        for media, direction, base, revision in _roots(pair):
            for note in self._reached(pair, base, revision):
                if note.only in {None, direction} and (is_xml(media) or not note.xml):
                    yield _answer(pair, note, direction, media)

    def _reached(self, pair: Pair, base: Place, revision: Place) -> Iterator[_Note]:
        waiting, seen = [(base, revision)], set[tuple[str, str]]()
        while waiting:
            before, after = waiting.pop()
            key = before.pointer, after.pointer
            if key in seen:
                continue
            seen.add(key)
            if key not in self._regions:
                self._regions[key] = _Region()
                self._walk(pair, before, after, self._regions[key])
            yield from self._regions[key].notes
            waiting += reversed(self._regions[key].beyond)

    def _walk(self, pair: Pair, before: Place, after: Place, region: _Region) -> None:
        old, new = mapping(before.node), mapping(after.node)
        if "$ref" in old or "$ref" in new:
            held = pair.base.document.follow(before), pair.revision.document.follow(after)
            region.notes += _renamed(*held)
            region.beyond.append(held)
            return
        region.notes += _schema_notes(before, after)
        for one, other in _parts(before, after):
            self._walk(pair, one, other, region)


def _parts(before: Place, after: Place) -> Iterator[tuple[Place, Place]]:
    """Give the schemas right inside two matching ones."""
    old, new = mapping(before.node), mapping(after.node)
    for keyword in _NAMED:
        for name in mapping(old.get(keyword)):
            if name in mapping(new.get(keyword)):
                yield before / keyword / name, after / keyword / name
    for keyword in _SINGLE:
        if isinstance(old.get(keyword), dict) and isinstance(new.get(keyword), dict):
            yield before / keyword, after / keyword
    for keyword in _LISTED:
        yield from zip((before / keyword).items(), (after / keyword).items(), strict=False)


def _answer(pair: Pair, note: _Note, direction: Direction, media: str) -> Answer:
    exchange = pair.exchanges(pair.request(media_type=media), "understood", note.message) if note.xml else None
    axis = "source" if note.source else "wire"
    at = note.base, note.revision
    return Answer(note.rule, note.message, pair.name, direction, *at, note.verdict, exchange, axis)


def _roots(pair: Pair) -> Iterator[tuple[str, Direction, Place, Place]]:
    before, after = pair.base.parameters(), pair.revision.parameters()
    for key, parameter in before.items():
        if key in after:
            yield "", "request", schema_of(parameter), schema_of(after[key])
    old, new = pair.base.body(), pair.revision.body()
    if old is not None and new is not None:
        for media, one, other in _matching(old, new):
            yield media, "request", one, other
    answers = pair.revision.responses()
    for status, answer in pair.base.responses().items():
        if status in answers:
            for media, one, other in _matching(answer, answers[status]):
                yield media, "response", one, other


def _matching(old: Place, new: Place) -> Iterator[tuple[str, Place, Place]]:
    known = contents(new)
    for media, content in contents(old).items():
        if media in known:
            yield media, content / "schema", known[media] / "schema"


def _operation_notes(pair: Pair) -> Iterator[Answer]:
    old, new = mapping(pair.base.place.node), mapping(pair.revision.place.node)
    at = pair.base.place.pointer, pair.revision.place.pointer
    if old.get("operationId") != new.get("operationId"):
        message = f"operation id {_shown(old.get('operationId'))} -> {_shown(new.get('operationId'))}"
        yield Answer("operation.id-changed", message, pair.name, "request", *at, "behaviour", axis="source")
    if new.get("deprecated") is True and old.get("deprecated") is not True and not _sunset(pair):
        message = "deprecated without saying until when (`x-sunset` or a Sunset header)"
        yield Answer("operation.deprecated-without-sunset", message, pair.name, "request", *at, "policy")


def _sunset(pair: Pair) -> bool:
    if "x-sunset" in mapping(pair.revision.place.node):
        return True
    answers = pair.revision.responses().values()
    return any(name.lower() == "sunset" for answer in answers for name, _ in (answer / "headers").children())


def _renamed(before: Place, after: Place) -> list[_Note]:
    (old_home, _, old), (new_home, _, new) = before.pointer.rpartition("/"), after.pointer.rpartition("/")
    if old == new or not old_home == new_home == "/components/schemas":
        return []
    message = f"class {old} is called {new} now"
    return [_Note("schema.renamed", message, "behaviour", before.pointer, after.pointer, source=True)]


def _schema_notes(before: Place, after: Place) -> Iterator[_Note]:
    old, new = mapping(before.node), mapping(after.node)
    at = before.pointer, after.pointer
    if "default" in {*old, *new} and canonical(old.get("default")) != canonical(new.get("default")):
        shown = f"{_default(old)} -> {_default(new)}"
        yield _Note("default.changed", f"default {shown}", "behaviour", *at, only="request")
    if canonical(old.get("xml")) != canonical(new.get("xml")):
        shown = f"{canonical(old.get('xml'))} -> {canonical(new.get('xml'))}"
        yield _Note("body.xml-changed", f"written in XML another way: {shown}", "breaking", *at, xml=True)
    yield from _tag_notes(old, new, at)
    dropped = [name for name in mapping(old.get("properties")) if name not in mapping(new.get("properties"))]
    for name in dropped:
        if "properties" in new or new.get("type") == "object":
            message = f"optional member `{name}` is no longer sent"
            if name not in sequence(old.get("required")):
                yield _Note(
                    "property.optional-dropped", message, "policy", f"{at[0]}/properties/{name}", at[1], "response"
                )


def _tag_notes(old: Node, new: Node, at: tuple[str, str]) -> Iterator[_Note]:
    """Compare the tags of a base class, whose subclasses no keyword lists: what validators do not see."""
    if {"oneOf", "anyOf"} & {*old, *new} or not ("discriminator" in old and "discriminator" in new):
        return
    before, after = (set(mapping(mapping(node["discriminator"]).get("mapping"))) for node in (old, new))
    sides: tuple[tuple[Direction, set[str]], ...] = ("request", before - after), ("response", after - before)
    for direction, lost in sides:
        if lost and before and after:
            message = f"objects tagged {' or '.join(sorted(lost))} have no class there"
            yield _Note("discriminator.tag-unknown", message, "suspect", *at, only=direction)


def _default(node: dict[str, Json]) -> str:
    return canonical(node["default"])[:80] if "default" in node else "none"


def _shown(value: Json) -> str:
    return text(value, "none")
