"""The smallest of the payloads that show something, made smaller still while it shows."""

import json
from collections.abc import Callable, Iterator, Sequence

from pydantic import JsonValue

from contracts.tools.roundtrip.edits import Path, replaced

__all__ = ["smallest"]


def smallest(shown: Sequence[bytes], shows: Callable[[bytes], bool]) -> bytes | None:
    """Take the shortest payload and leave out what it can do without; None where there is none."""
    if not shown:
        return None
    best: bytes | None = min(shown, key=_size)
    least = best
    while best is not None:
        least = best
        best = next(filter(shows, sorted(_smaller(best), key=_size)), None)
    return least


def _size(payload: bytes) -> tuple[int, bytes]:
    return len(payload), payload


def _smaller(payload: bytes) -> Iterator[bytes]:
    """Leave out each part once, or cut it in half, or put the plainest value in its place."""
    value: JsonValue = json.loads(payload)
    for path, part in _parts(value):
        for less in _less(part):
            made = json.dumps(replaced(value, path, less)).encode()
            if _size(made) < _size(payload):
                yield made


def _parts(value: JsonValue, path: Path = ()) -> Iterator[tuple[Path, JsonValue]]:
    yield path, value
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _parts(member, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value[:3]):
            yield from _parts(item, (*path, index))


def _less(part: JsonValue) -> Iterator[JsonValue]:
    match part:
        case dict():
            yield from ({name: value for name, value in part.items() if name != left} for left in part)
        case list() | str():
            yield part[: len(part) // 2]
            yield part[len(part) // 2 :]
            yield part[1:]
            yield part[:-1]
        case bool() | None:
            return
        case _:
            yield int(part) // 10
    yield from (None, 0)
