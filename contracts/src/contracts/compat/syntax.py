"""Syntax trees of regular expressions: characters, anchors, chains, choices, repeats."""

from dataclasses import dataclass
from typing import TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]

_TOP = 0x10FFFF


@dataclass(frozen=True)
class Chars:
    """One character of a few ranges."""

    ranges: Ranges


@dataclass(frozen=True)
class Anchor:
    """The beginning or the end of the text."""

    end: bool


@dataclass(frozen=True)
class Chain:
    """One part after the other."""

    parts: tuple["Syntax", ...]


@dataclass(frozen=True)
class Choice:
    """One branch of several."""

    branches: tuple["Syntax", ...]


@dataclass(frozen=True)
class Repeat:
    """A part, so many times."""

    part: "Syntax"
    fewest: int
    most: int | None


Syntax: TypeAlias = Chars | Anchor | Chain | Choice | Repeat


def complement(ranges: Ranges) -> Ranges:
    """Give the characters outside of some ranges."""
    gaps: list[tuple[int, int]] = []
    low = 0
    for start, end in sorted(ranges):
        if start > low:
            gaps.append((low, start - 1))
        low = max(low, end + 1)
    return (*gaps, (low, _TOP)) if low <= _TOP else tuple(gaps)
