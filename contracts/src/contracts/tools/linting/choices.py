"""Rules about choices: which branch a payload is of must be plain to every reader, and every word has a name."""

from collections.abc import Iterator

from pydantic import JsonValue

from contracts.tools.documents import Json, at
from contracts.tools.linting.breach import Breach, Subject

__all__ = ["choices"]

_SCALARS = {"string", "integer", "number", "boolean"}


def choices(subject: Subject, whole: Json) -> Iterator[Breach]:
    """Find unions that nothing tells apart, and words without names."""
    branches = _branches(subject.said, whole)
    if "discriminator" not in subject.said:
        yield from _untagged(subject, branches)
    kinds = {kind for branch in branches or [subject.said] for kind in _kinds(branch)} & _SCALARS
    if len(kinds) > 1:
        sides = "readers that keep the text", "readers that make a number or a truth of it"
        yield subject.breach("union.mixed", f"is one of {', '.join(sorted(kinds))}: choose one", "1", *sides)
    if subject.said.get("type") == "string" and "enum" in subject.said and "x-enum-varnames" not in subject.said:
        advice = "is an enum without member names: derive it from `wire.Choice`"
        sides = "code that was generated with one name for it", "code that was generated with another"
        yield subject.breach("enum.names", advice, _word(subject.said), *sides)


def _untagged(subject: Subject, branches: list[Json]) -> Iterator[Breach]:
    objects = [branch for branch in branches if "properties" in branch or branch.get("type") == "object"]
    if len(objects) > 1:
        advice = "is a union of objects without a discriminator: give it one"
        sides = "readers that take it for the first of them", "readers that take it for another, or count the matches"
        yield subject.breach("union.discriminator", advice, _both(subject, objects), *sides)
    elif "oneOf" in subject.said:
        advice = "says `oneOf`, which other languages read differently: use a type of `wire`"
        sides = "readers that look for one match", "readers that count the matches"
        yield subject.breach("keyword.oneOf", advice, subject.one(at(branches[0])) if branches else None, *sides)


def _branches(said: Json, whole: Json) -> list[Json]:
    listed = said.get("anyOf", said.get("oneOf"))
    return [_target(at(branch), whole) for branch in listed] if isinstance(listed, list) else []


def _target(branch: Json, whole: Json) -> Json:
    name = branch.get("$ref")
    return at(whole, *name.removeprefix("#/").split("/")) if isinstance(name, str) else branch


def _kinds(branch: Json) -> set[str]:
    kind = branch.get("type")
    return {str(one) for one in kind} if isinstance(kind, list) else {str(kind)}


def _both(subject: Subject, objects: list[Json]) -> JsonValue:
    """Make an object that has the members of two branches."""
    return {**at(subject.one(objects[1])), **at(subject.one(objects[0]))}


def _word(said: Json) -> JsonValue:
    words = said.get("enum")
    return words[-1] if isinstance(words, list) and words else None
