"""Where two documents differ: operation by operation and place by place, in words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from pydantic import JsonValue

from contracts.tools.documents import Json
from contracts.tools.outline import Outline, OutlinedOperation, outline

__all__ = ["Difference", "differences"]


class _Absent(Enum):
    """What is not there, which null is not."""

    NOTHING = "nothing"


_NOTHING = _Absent.NOTHING
_SHOWN = 160

Part: TypeAlias = JsonValue | _Absent


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which what was found is not what was wanted."""

    label: str
    place: str
    wanted: str
    found: str

    def sentence(self, wanted: str = "promised", found: str = "published") -> str:
        """Say it, with one word for each side."""
        return f"{self.label}: {self.place}: {wanted} {self.wanted}, {found} {self.found}"


def differences(label: str, wanted: Json, found: Json) -> list[Difference]:
    """Compare two documents; `label` names their API: `users v2`."""
    left, right = outline(wanted), outline(found)
    return [
        *_places(label, left.places, right.places),
        *_operations(label, left, right),
        *_components(label, left, right),
    ]


def _operations(label: str, wanted: Outline, found: Outline) -> Iterator[Difference]:
    pairs = _pairs(wanted.operations, found.operations)
    for left, right in pairs:
        yield from _places(f"{label} {left.name}", left.places, right.places)
    paired = {id(op) for pair in pairs for op in pair}
    for op in wanted.operations:
        if id(op) not in paired:
            yield Difference(f"{label} {op.name}", "operation", f"{op.method} {op.path}", "nothing")
    for op in found.operations:
        if id(op) not in paired:
            yield Difference(f"{label} {op.name}", "operation", "nothing", f"{op.method} {op.path}")


def _pairs(
    wanted: tuple[OutlinedOperation, ...], found: tuple[OutlinedOperation, ...]
) -> list[tuple[OutlinedOperation, OutlinedOperation]]:
    """Pair operations by where they live, and then by name those that have moved."""
    living = {(op.method, op.path): op for op in found}
    pairs = [(op, living[op.method, op.path]) for op in wanted if (op.method, op.path) in living]
    settled = {id(op) for pair in pairs for op in pair}
    named = {op.name: op for op in found if id(op) not in settled}
    return pairs + [(op, named[op.name]) for op in wanted if id(op) not in settled and op.name in named]


def _components(label: str, wanted: Outline, found: Outline) -> Iterator[Difference]:
    for name in dict.fromkeys((*wanted.components, *found.components)):
        left, right = wanted.components.get(name, _NOTHING), found.components.get(name, _NOTHING)
        users = wanted.users(name) or found.users(name)
        among = f" (of {', '.join(users[:3])}{', ...' if len(users) > 3 else ''})" if users else ""
        yield from _parts(label, f"component {name}{among}", left, right)


def _places(label: str, wanted: Json, found: Json) -> Iterator[Difference]:
    gone: list[str] = []
    for place in dict.fromkeys((*wanted, *found)):
        if not any(place.startswith(f"{whole} ") for whole in gone):
            yield from _parts(label, place, wanted.get(place, _NOTHING), found.get(place, _NOTHING))
        if (place in wanted) != (place in found):
            gone.append(place)


def _parts(label: str, place: str, wanted: Part, found: Part) -> Iterator[Difference]:
    for pointer, left, right in _unequal("", wanted, found):
        yield Difference(label, f"{place}: {pointer}" if pointer else place, _shown(left), _shown(right))


def _unequal(pointer: str, wanted: Part, found: Part) -> Iterator[tuple[str, Part, Part]]:
    """Find the smallest parts that differ; 1, 1.0 and true are three different things."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name in dict.fromkeys((*wanted, *found)):
            inner = f"{pointer}/{name}" if pointer else name
            yield from _unequal(inner, wanted.get(name, _NOTHING), found.get(name, _NOTHING))
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for index, (left, right) in enumerate(zip(_items(pointer, wanted), _items(pointer, found), strict=True)):
            yield from _unequal(f"{pointer}/{index}" if pointer else str(index), left, right)
    elif wanted != found or type(wanted) is not type(found):
        yield pointer, wanted, found


def _items(pointer: str, value: list[JsonValue]) -> list[JsonValue]:
    """List the items; the names of required members have no order of their own."""
    return sorted(value, key=str) if pointer.endswith("required") else value


def _shown(value: Part) -> str:
    if isinstance(value, _Absent):
        return value.value
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
