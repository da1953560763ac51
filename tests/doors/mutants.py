"""What breaks a schema: one place of good data at a time, and the schema itself says whether it broke."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urlencode

import jsonschema_rs
from contracts.places import Parameter
from pydantic import JsonValue, TypeAdapter

__all__ = ["ambiguous_texts", "broken_forms", "broken_texts", "broken_values", "enriched_values"]

Step = str | int

_JUNK: tuple[JsonValue, ...] = (None, True, 1.5, -1, 10**15, "", " ", "\0", "x" * 6000, [], [None, None], {}, {"x": 1})
_TEXTS = ("", "-1", "1.5", "NaN", "null", "101", "x" * 600, "\0", "é", "%", "a b", "{}", "[]", "' or 1=1 --")
_DEEP = 500
_COVETED = ("id", "user_id", "customer_id", "owner", "role", "scope", "status", "price", "total", "version", "is_staff")
"""What a caller would like to set, and must not."""

_GONE = object()


def broken_values(annotation: Any, good: JsonValue) -> Iterator[JsonValue]:
    """Make data that the type's schema refuses: members missing, unknown, of another type, too long, too large."""
    schema = _validator(annotation)
    for path in [(), *_paths(good)]:
        for junk in (*_JUNK, _GONE, *_more(good, path)):
            broken = _with(good, path, junk)
            if broken is not _GONE and not schema.is_valid(broken):
                yield broken


def enriched_values(good: JsonValue) -> Iterator[JsonValue]:
    """Add to good data, in each of its objects, members that would be worth something if they were believed."""
    for path in [(), *_paths(good)]:
        there: Any = good
        for step in path:
            there = there[step]
        if isinstance(there, dict):
            coveted = [name for name in _COVETED if name not in there]
            yield from (_with(good, path, {**there, name: "staff"}) for name in coveted)  # pyright: ignore[reportUnknownVariableType]  # JSON


def broken_texts(parameter: Parameter) -> Iterator[str]:
    """Make text that a parameter's schema refuses, as what it says or as the number that it writes."""
    schema = _validator(parameter.annotation)
    is_list = schema.is_valid([]) or TypeAdapter(parameter.annotation).json_schema().get("type") == "array"
    for text in _TEXTS:
        readings: list[JsonValue] = [text, _number(text)]
        if not any(schema.is_valid([reading] if is_list else reading) for reading in readings):
            yield text


def ambiguous_texts(good: dict[str, JsonValue]) -> Iterator[bytes]:
    """Write JSON that means two things, or nothing."""
    name = next(iter(good))
    rest = json.dumps(good)[1:].encode()
    for value in (b"NaN", b"Infinity", b"-Infinity", b"1e400", b'"\\ud800"', b"[" * _DEEP + b"]" * _DEEP):
        yield json.dumps({name: "HERE"}).encode().replace(b'"HERE"', value)
    yield b'{"' + name.encode() + b'":0,' + rest  # the same name twice
    yield from (b"", b"{", rest, b"{" + rest[:-1], b"\xff", b"\xef\xbb\xbf{" + rest, b"'{}'", b"{}{}")


def broken_forms(annotation: Any, good: dict[str, str]) -> Iterator[bytes]:
    """Write forms that the type's schema refuses, or that say something twice."""
    schema = _validator(annotation)
    for name in good:
        without = {other: value for other, value in good.items() if other != name}
        for broken in (without, *({**good, name: text} for text in (*_TEXTS, "x" * 6000))):
            if not schema.is_valid(broken):
                yield urlencode(broken).encode()
    yield b""


@cache
def _validator(annotation: Any) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(TypeAdapter(annotation).json_schema())


def _paths(value: JsonValue) -> Iterator[tuple[Step, ...]]:
    """Go through all places within some data."""
    pairs: list[tuple[Step, JsonValue]] = []
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    for step, item in pairs:
        yield (step,)
        yield from ((step, *path) for path in _paths(item))


def _more(good: JsonValue, path: tuple[Step, ...]) -> list[JsonValue]:
    """Make what is in one place larger than it may be."""
    there: Any = good
    for step in path:
        there = there[step]
    if isinstance(there, dict):
        return [{**there, "unexpected": 1}, {**there, "": None}]  # pyright: ignore[reportUnknownVariableType]  # JSON
    return [there * 201] if isinstance(there, list) else []  # pyright: ignore[reportUnknownVariableType]  # JSON


def _with(good: JsonValue, path: tuple[Step, ...], junk: Any) -> Any:
    """Copy data with another value in one place, or none."""
    if not path:
        return junk
    copied: Any = good.copy() if isinstance(good, dict | list) else good
    step, *rest = path
    changed = _with(copied[step], tuple(rest), junk)
    if changed is _GONE:
        del copied[step]
    else:
        copied[step] = changed
    return copied


def _number(text: str) -> JsonValue:
    try:
        return int(text)
    except ValueError:
        return text
