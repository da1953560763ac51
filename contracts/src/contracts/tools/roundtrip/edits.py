"""Near misses: what a payload becomes when one value in it is pushed over the edge of what its schema says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pydantic import JsonValue

from contracts.tools.documents import Json, at
from contracts.tools.roundtrip.schemas import followed

__all__ = ["Path", "Spot", "edits", "replaced", "spots"]

Path: TypeAlias = tuple[str | int, ...]

_KINDS: dict[str, type | tuple[type, ...]] = {
    "integer": int, "number": (int, float), "boolean": bool, "string": str, "array": list, "object": dict,
    "null": type(None),
}  # fmt: skip
_STRANGERS: tuple[JsonValue, ...] = (None, True, 0, -1, 1.5, "", "x", "1", [], {}, ["x"], {"x": 1})
_MOST_ITEMS = 1000
_FEW = 3
_TAILS = (" ", "\n", "x", "0", "-", "\u0661", "\u00e9", "\x00", "\U0001d11e")


@dataclass(frozen=True, slots=True)
class Spot:
    """A value within a payload, and the schema that it answers to."""

    path: Path
    schema: Json
    value: JsonValue

    @property
    def fits(self) -> bool:
        """Tell whether the value is of the kind that the schema names, if it names one."""
        kind = str(self.schema.get("type", ""))
        return kind not in _KINDS or isinstance(self.value, _KINDS[kind])


def spots(schema: JsonValue, value: JsonValue, whole: Json, path: Path = ()) -> Iterator[Spot]:
    """Walk a payload along its schema; a value that has several choices is a spot of each."""
    said = followed(at(schema), whole)
    choices = said.get("anyOf", said.get("oneOf"))
    if isinstance(choices, list):
        for choice in choices:
            yield from spots(choice, value, whole, path)
        return
    yield Spot(path, said, value)
    if isinstance(value, dict):
        for name, member in at(said, "properties").items():
            if name in value:
                yield from spots(member, value[name], whole, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value[:_FEW]):
            yield from spots(said.get("items"), item, whole, (*path, index))


def edits(spot: Spot) -> Iterator[JsonValue]:
    """Give what may stand at a spot instead: values at its bounds, beyond them, of its kind and of others."""
    yield from _STRANGERS
    known = spot.schema.get("enum", [spot.schema.get("const")])
    for word in known if isinstance(known, list) else ():
        yield from (word, f"{word}x", str(word).upper(), str(word)[1:])
    yield from _OF_KIND.get(str(spot.schema.get("type")), _nothing)(spot)


def replaced(payload: JsonValue, path: Path, value: JsonValue) -> JsonValue:
    """Put another value at a place; the payload itself stays as it is."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(payload, list):
        index = int(step)
        return [*payload[:index], replaced(payload[index], rest, value), *payload[index + 1 :]]
    return {**at(payload), str(step): replaced(at(payload).get(str(step)), rest, value)}


def _nothing(spot: Spot) -> Iterator[JsonValue]:
    yield from ()


def _numbers(spot: Spot) -> Iterator[JsonValue]:
    bounds = [bound for name in ("minimum", "maximum") if isinstance(bound := spot.schema.get(name), int)]
    for number in (*bounds, spot.value):
        if isinstance(number, int | float):
            yield from (number - 1, number, number + 1, float(number), number + 0.5, str(number))
    yield from (2**53 + 1, 1e300, "")


def _truths(spot: Spot) -> Iterator[JsonValue]:
    yield from (True, False, 1, 0, "true", "false", "yes", "on", 1.0)


def _texts(spot: Spot) -> Iterator[JsonValue]:
    text = spot.value if isinstance(spot.value, str) else "x"
    yield from (text.upper(), text.lower(), text.swapcase(), text[1:], text[:-1], f" {text}", text * 2, text[::-1])
    yield from (text + tail for tail in _TAILS)
    middle = len(text) // 2
    yield from (text[:middle] + inserted + text[middle + 1 :] for inserted in _TAILS)
    for name in ("minLength", "maxLength"):
        if isinstance(bound := spot.schema.get(name), int):
            yield from (_stretched(text, length) for length in (bound - 1, bound, bound + 1) if length >= 0)


def _stretched(text: str, length: int) -> str:
    """Repeat the character in the middle, or cut it there, until the text has this length."""
    middle = len(text) // 2
    more = length - len(text)
    if more < 0:
        return text[: length - length // 2] + text[len(text) - length // 2 :]
    return text[:middle] + (text[middle : middle + 1] or "x") * more + text[middle:]


def _lists(spot: Spot) -> Iterator[JsonValue]:
    items = spot.value if isinstance(spot.value, list) else []
    yield from (items + items[:1], items[1:], items[::-1], [None, *items])
    for name in ("minItems", "maxItems"):
        bound = spot.schema.get(name)
        if isinstance(bound, int) and items and bound <= _MOST_ITEMS:
            yield from ([*items, *items[:1] * bound][: bound + more] for more in (-1, 0, 1) if bound + more >= 0)


def _objects(spot: Spot) -> Iterator[JsonValue]:
    members = spot.value if isinstance(spot.value, dict) else {}
    yield {**members, "unknown_member": "x"}
    for name in at(spot.schema, "properties"):
        yield {known: value for known, value in members.items() if known != name}
        yield {**members, name: None}
        yield {**members, name.title(): members.get(name)}


_OF_KIND: dict[str, Callable[[Spot], Iterator[JsonValue]]] = {
    "integer": _numbers,
    "number": _numbers,
    "boolean": _truths,
    "string": _texts,
    "array": _lists,
    "object": _objects,
}
