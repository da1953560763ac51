"""JSON values: their types, how to narrow them, and when two are the same value."""

import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Node: TypeAlias = dict[str, Json]
Kind: TypeAlias = Literal["any", "null", "boolean", "number", "string", "array", "object"]

KINDS: tuple[Kind, ...] = ("null", "boolean", "number", "string", "array", "object")


def mapping(value: Json) -> Node:
    """Give the object, or an empty one where a document holds something else."""
    return value if isinstance(value, dict) else {}


def sequence(value: Json) -> list[Json]:
    """Give the list, or an empty one where a document holds something else."""
    return value if isinstance(value, list) else []


def texts(value: Json) -> tuple[str, ...]:
    """Give the texts of a list."""
    return tuple(item for item in sequence(value) if isinstance(item, str))


def text(value: Json, otherwise: str = "") -> str:
    """Give the text, or another where a document holds something else."""
    return value if isinstance(value, str) else otherwise


def count(value: Json) -> int | None:
    """Give a non-negative whole number, which JSON may spell `3` or `3.0`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if value >= 0 and value == int(value) else None


def rational(value: Json) -> Fraction | None:
    """Read a number exactly as it is written: 0.1 is one tenth, not its nearest double."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Fraction(value) if isinstance(value, int) else Fraction(repr(value))


def number(value: Fraction) -> int | float:
    """Write an exact number as JSON does."""
    return int(value) if value.denominator == 1 else float(value)


def kind_of(value: Json) -> Kind:
    """Name the JSON kind of a value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def canonical(value: Json) -> str:
    """Write a value so that equal JSON values, and no others, are written alike."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False)


def _plain(value: Json) -> Json:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def distinct(values: Iterable[Json]) -> tuple[Json, ...]:
    """Leave out values that came before."""
    return tuple({canonical(value): value for value in values}.values())


def step_into(value: Json, key: str) -> Json:
    """Follow one token of a JSON pointer; raise LookupError where it leads nowhere."""
    if isinstance(value, list):
        return value[_index(key)]
    if isinstance(value, Mapping):
        return value[key]
    raise LookupError(key)


def _index(key: str) -> int:
    if not (key.isascii() and key.isdigit()):
        raise LookupError(key)
    return int(key)


def tokens(pointer: str) -> list[str]:
    """Take a JSON pointer apart."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def token(key: str | int) -> str:
    """Write one step of a JSON pointer."""
    written = str(key)
    return written.replace("~", "~0").replace("/", "~1") if "/" in written or "~" in written else written
