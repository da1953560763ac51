"""YAML -> JSON value from the parser's events: only what JSON can say, no tags, no bombs, no duplicate keys."""

import re
from collections.abc import Callable, Iterator
from typing import Protocol

import yaml

from contracts.compat.failures import Unreadable
from contracts.compat.values import Json

_MOST_NODES = 4_000_000
_INTEGER = re.compile(r"[-+]?[0-9]{1,400}\Z")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z")
_MEANINGS: dict[str, Json] = {"null": None, "true": True, "false": False}
_WORDS: dict[str, Json] = {"": None, "~": None} | {
    spelled: value for word, value in _MEANINGS.items() for spelled in (word, word.capitalize(), word.upper())
}


class _Events(Protocol):
    def check_event(self) -> bool: ...
    def get_event(self) -> yaml.Event: ...


_LOADER: Callable[[str], _Events] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_yaml(written: str, source: str, deepest: int) -> Json:
    """Read the one document of a YAML text."""
    try:
        return _Reader(_events(written), source, deepest).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1} column {mark.column + 1}" if mark is not None else "the text"
        said = str(getattr(error, "problem", None) or error)[:120]
        raise Unreadable(source, place, "YAML", f"what its reader refuses: {said}") from None


def _events(written: str) -> Iterator[yaml.Event]:
    loader = _LOADER(written)
    while loader.check_event():
        yield loader.get_event()


class _Reader:
    def __init__(self, events: Iterator[yaml.Event], source: str, deepest: int) -> None:
        self._events, self._source, self._deepest = events, source, deepest
        self._anchors: dict[str, tuple[Json, int]] = {}
        self._nodes = 0

    def document(self) -> Json:
        event = next(self._events)
        while isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            raise Unreadable(self._source, "the text", "an OpenAPI document", "nothing", "look at what wrote it")
        value = self._value(event, 0)
        self._check_end()
        return value

    def _check_end(self) -> None:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise self._refused(event, "one document", "another one after it", "split the file")

    def _value(self, event: yaml.Event, depth: int) -> Json:
        if depth > self._deepest:
            raise self._refused(event, f"at most {self._deepest} levels of nesting", "more")
        before = self._nodes
        self._count(event, 1)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        value = self._fresh(event, depth)
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            self._anchors[anchor] = value, self._nodes - before
        return value

    def _fresh(self, event: yaml.Event, depth: int) -> Json:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return [self._value(item, depth + 1) for item in self._until(yaml.SequenceEndEvent)]
        return self._object(depth)

    def _object(self, depth: int) -> Json:
        made: dict[str, Json] = {}
        merged: dict[str, Json] = {}
        for event in self._until(yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refused(event, "a plain key", "a key that is not a scalar")
            if event.value in made:
                raise self._refused(event, "each key once", f"{event.value!r} twice")
            value = self._value(next(self._events), depth + 1)
            if event.value == "<<" and not event.style:
                merged |= self._merged(event, value)
            else:
                made[event.value] = value
        return merged | made

    def _merged(self, event: yaml.Event, value: Json) -> dict[str, Json]:
        """Take in other objects, as YAML 1.1 does with `<<`: the first wins, and what is written beside it over all."""
        made: dict[str, Json] = {}
        for other in reversed(value if isinstance(value, list) else [value]):
            if not isinstance(other, dict):
                raise self._refused(event, "an object, or a list of them, to take in", "something else")
            made |= other
        return made

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        while not isinstance(event := next(self._events), end):
            yield event

    def _alias(self, event: yaml.AliasEvent) -> Json:
        if event.anchor not in self._anchors:
            raise self._refused(event, "an anchor that is complete", f"*{event.anchor}")
        value, size = self._anchors[event.anchor]
        self._count(event, size)
        return value

    def _count(self, event: yaml.Event, more: int) -> None:
        self._nodes += more
        if self._nodes > _MOST_NODES:
            raise self._refused(event, f"at most {_MOST_NODES:,} values once aliases are expanded", "more")

    def _scalar(self, event: yaml.ScalarEvent) -> Json:
        written = str(event.value)
        if event.style in {'"', "'", "|", ">"} or event.tag == "tag:yaml.org,2002:str":
            return written
        if written in _WORDS:
            return _WORDS[written]
        if _INTEGER.match(written):
            return int(written)
        if _FLOAT.match(written):
            return self._finite(event, float(written))
        return written

    def _finite(self, event: yaml.Event, value: float) -> float:
        if value in {float("inf"), float("-inf")}:
            raise self._refused(event, "a finite number", "one that overflows")
        return value

    def _refused(self, event: yaml.Event, wanted: str, found: str, todo: str = "correct it there") -> Unreadable:
        mark = event.start_mark
        place = f"line {mark.line + 1} column {mark.column + 1}" if mark is not None else "the text"
        return Unreadable(self._source, place, wanted, found, todo)
