"""Parameters travel as text: how a value is written into a request, and what a reader makes of that text."""

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, product
from typing import Protocol

from contracts.compat.languages import search
from contracts.compat.numbers import Numbers
from contracts.compat.shape import Items, Shape, Text
from contracts.compat.shapes import Shapes
from contracts.compat.values import Json, number, rational

_INTEGER = "^-?(0|[1-9][0-9]*)$"
_DIGITS = "^[-+]?[0-9]+$"
_NUMBER = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$"
_MOST_READINGS = 200


class Check(Protocol):
    """Whatever can tell whether a value is valid."""

    def is_valid(self, instance: Json, /) -> bool: ...


def written(value: Json) -> str:
    """Write a scalar as a client puts it into a URL; null is an empty text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    exact = rational(value)
    return "" if exact is None else str(number(exact))


def readings(text: str) -> Iterator[Json]:
    """Give every JSON value that a reader may take a text for."""
    yield text
    if re.fullmatch(r"[-+]?[0-9]{1,300}", text):
        yield int(text)
    elif re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?", text):
        value = float(text)
        if value not in {float("inf"), float("-inf")}:
            yield value
    if text in {"true", "false"}:
        yield text == "true"
    if text == "":
        yield None


def decodings(value: Json) -> Iterator[Json]:
    """Give every value that a reader may take a written value for, the value itself first."""
    yield value
    if isinstance(value, list):
        yield from map(list, product(*(list(_scalars(item)) for item in value)))
        if len(value) == 1:
            yield from _scalars(value[0])
    elif isinstance(value, dict):
        parts = [list(_scalars(item)) for item in value.values()]
        yield from (dict(zip(value, chosen, strict=True)) for chosen in product(*parts))
    else:
        for item in _scalars(value):
            yield item
            yield [item]


def _scalars(value: Json) -> Iterator[Json]:
    if isinstance(value, list | dict):
        yield value
    else:
        yield from readings(written(value))


def accepted(check: Check, value: Json) -> bool:
    """Tell whether some reading of what goes over the wire is valid."""
    return any(check.is_valid(item) for item in islice(decodings(value), _MOST_READINGS))


def translations(sender: Shape, reader: Shape, shapes: Shapes) -> Iterator[Shape]:
    """Give what a sender's values look like to a reader that expects another kind."""
    yield sender
    if reader.kind == "string" and sender.kind in {"number", "boolean", "null"}:
        yield _as_text(sender)
    elif reader.kind in {"number", "boolean", "null"} and sender.kind in {"string", "null"}:
        yield from _from_text(sender, reader)
    elif reader.kind == "array" and sender.kind not in {"array", "object", "any"}:
        yield Shape("array", items=Items((shapes.standing_for(sender),), False, 1, 1))


def _as_text(shape: Shape) -> Shape:
    if shape.values is not None:
        return Shape("string", values=tuple(written(value) for value in shape.values), ghosts=(shape,))
    pattern = _INTEGER if shape.numbers.whole else _NUMBER
    return Shape("string", text=Text(1, None, (pattern,)), ghosts=(shape,))


def _from_text(sender: Shape, reader: Shape) -> Iterator[Shape]:
    if sender.values is None:
        text = sender.text
        if search(text.patterns, (_DIGITS,), text.shortest, text.longest)[0] == "none":
            yield Shape("number", numbers=Numbers(step=Fraction(1)), ghosts=(sender,))
        return
    kinds = {"number": (int, float), "boolean": (bool,), "null": (type(None),)}[reader.kind]
    read = [[item for item in readings(written(value)) if type(item) in kinds] for value in sender.values]
    if all(read):
        yield Shape(reader.kind, values=tuple(items[0] for items in read), ghosts=(sender,))
