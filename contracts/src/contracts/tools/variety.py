"""Payloads that a schema does not think of: dates and blanks, digits of other alphabets, big decimals, edges."""

from collections.abc import Iterator
from typing import TypeAlias

from contracts.compat.building import Builder, NoInstance
from contracts.compat.document import Place
from contracts.compat.sampling import Sampler
from contracts.compat.shapes import Shapes
from contracts.compat.values import Json, canonical, sequence

__all__ = ["varied"]

Path: TypeAlias = tuple[str | int, ...]

_SAMPLES = 6
_TEXTS: tuple[Json, ...] = (
    "", " ", "a ", "  a", "a b", "A", "z", "ab", "abc", "ABC", "0", "7", "-1", "12345", "007", "1e3", "0.10", "19.99",
    "9999999999.99", "1" * 30, "0x1f", "true", "null", "\u0661\u0662\u0663", "\uff11\uff12", "\u00e9t\u00e9",
    "\u4e2d\u6587", "\U0001d7d9", "a\u0000b", "a\nb", "a\tb", "\u200b", "<b>", "a'; --", "a+b@example.com",
    "A.B@Example.COM", "admin@example.com", "a@b.de",
    "2024-02-29", "2026-11-22", "2026-11-22T23:59:59Z",
    "2026-11-23T00:00:00Z", "2024-02-29T00:00:00Z",
    "2000-01-01T00:00:00.000001Z", "2099-12-31T23:59:59.999999Z", "2026-11-21T09:30:00+01:00", "1700000000",
    "00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF",
    "{0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87}", "https://example.com/a?b=c", "EUR", "USD", "JPY", "correct horse battery",
    "aaaaaaaaaaaa", "123456789012",
)  # fmt: skip
_NUMBERS: tuple[Json, ...] = (
    -1, 0, 1, 2, 3, 7, 10, 13, 99, 100, 101, 999, 1000, 1.0, 1.5, 2**31, 2**53 + 1, 2**63, 10**30,
)  # fmt: skip
_OTHERS: tuple[Json, ...] = (None, True, False, 0, "1", 1.0, [], {})


def varied(shapes: Shapes, place: Place, seen: set[str]) -> Iterator[Json]:
    """Make payloads around what a document allows; `seen` holds the members that others have varied already."""
    schema = shapes.view.root(place)
    samples = [*_smallest(shapes, schema), *Sampler(shapes).samples(schema, _SAMPLES)]
    yield from samples
    for sample in sorted(samples, key=_size):
        for path, leaf, kin in _leaves(sample, (), place.pointer):
            if (spot := f"{kin} {type(leaf).__name__}") not in seen:
                seen.add(spot)
                yield from (_replaced(sample, path, odd) for odd in _odd(leaf))


def _smallest(shapes: Shapes, schema: Json) -> Iterator[Json]:
    try:
        yield Builder(shapes).smallest(schema)
    except NoInstance:
        return


def _size(value: Json) -> tuple[int, str]:
    written = canonical(value)
    return len(written), written


def _leaves(value: Json, path: Path, kin: str) -> Iterator[tuple[Path, Json, str]]:
    """Walk what holds nothing else; of a list, the first item speaks for all.

    A member is known by its name and its siblings' names, wherever its object turns up.
    """
    if isinstance(value, dict) and value:
        for name, member in value.items():
            yield from _leaves(member, (*path, name), f"{sorted(value)} {name}")
    elif isinstance(value, list) and value:
        yield from _leaves(value[0], (*path, 0), f"{kin} []")
    else:
        yield path, value, kin


def _odd(leaf: Json) -> Iterator[Json]:
    if isinstance(leaf, str):
        yield from _TEXTS
        yield from (leaf.upper(), leaf.lower(), f"{leaf} ", f" {leaf}", leaf + leaf[-1:], leaf[:-1], leaf * 2)
    elif isinstance(leaf, int | float) and not isinstance(leaf, bool):
        yield from _NUMBERS
        yield from (str(leaf), float(leaf), -leaf, leaf + 1, leaf - 1)
    yield from _OTHERS


def _replaced(value: Json, path: Path, odd: Json) -> Json:
    """Copy what lies on the way to a leaf, and put another there."""
    if not path:
        return odd
    step, beyond = path[0], path[1:]
    if isinstance(value, dict) and isinstance(step, str):
        return {**value, step: _replaced(value[step], beyond, odd)}
    items = sequence(value)  # of which the first is varied alone
    return [_replaced(items[0], beyond, odd), *items[1:]]
