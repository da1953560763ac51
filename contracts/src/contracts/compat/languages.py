"""Questions about sets of texts: is there one that matches these patterns, not those, within these lengths?"""

from collections import deque
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Literal

from contracts.compat.automaton import Automaton, automaton

Answer = Literal["none", "some", "unknown"]

_BUDGET = 4_000
_PREFERRED = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.@/:+ !\"#$%&'()*,;<=>?[\\]^`{|}~é"
_SURROGATES = range(0xD800, 0xE000)


@lru_cache(8192)
def search(
    patterns: tuple[str, ...], excluded: tuple[str, ...], shortest: int, longest: int | None
) -> tuple[Answer, str]:
    """Find the shortest text in the language, or prove that there is none, within a fixed number of steps."""
    wanted, unwanted = [automaton(item) for item in patterns], [automaton(item) for item in excluded]
    known = [item for item in wanted if item is not None]
    barred = [item for item in unwanted if item is not None]
    walk = _Walk(known, barred, shortest, longest)
    found = next(walk.members(), None)
    exact = len(known) == len(wanted) and len(barred) == len(unwanted)
    if found is None:
        # more texts match fewer patterns: with one pattern of `patterns` unread, none stays none
        proved = not walk.exhausted and len(barred) == len(unwanted)
        return ("none" if proved else "unknown"), ""
    return ("some", found) if exact else ("unknown", found)


@lru_cache(4096)
def members(
    patterns: tuple[str, ...], excluded: tuple[str, ...], shortest: int, longest: int | None, most: int = 8
) -> tuple[str, ...]:
    """Give a few different texts of the language, short ones first."""
    wanted, unwanted = [automaton(item) for item in patterns], [automaton(item) for item in excluded]
    if None in wanted or None in unwanted:
        return ()
    walk = _Walk([item for item in wanted if item], [item for item in unwanted if item], shortest, longest)
    return tuple(islice(walk.members(), most))


class _Walk:
    """Breadth first through the product of automata, so the first member found is a shortest one."""

    def __init__(
        self, wanted: Sequence[Automaton], barred: Sequence[Automaton], shortest: int, longest: int | None
    ) -> None:
        self._wanted, self._barred = wanted, barred
        self._shortest, self._longest = shortest, longest
        self._alphabet = _alphabet([*wanted, *barred])
        self.exhausted = shortest > _BUDGET

    def members(self) -> Iterator[str]:
        if self.exhausted:
            return
        first = tuple(item.start() for item in self._wanted), tuple(item.start() for item in self._barred)
        waiting = deque([(first, "")])
        seen = {(first, 0)}
        for _ in range(_BUDGET):
            if not waiting:
                return
            states, written = waiting.popleft()
            if self._belongs(states, written):
                yield written
            for after, code in self._after(states, written):
                key = after, min(len(written) + 1, self._shortest)
                if key not in seen:
                    seen.add(key)
                    waiting.append((after, written + chr(code)))
        self.exhausted = True

    def _belongs(self, states: tuple[tuple[int, ...], tuple[int, ...]], written: str) -> bool:
        begin = not written
        return (
            len(written) >= self._shortest
            and all(item.accepts(at, begin=begin) for item, at in zip(self._wanted, states[0], strict=True))
            and not any(item.accepts(at, begin=begin) for item, at in zip(self._barred, states[1], strict=True))
        )

    def _after(
        self, states: tuple[tuple[int, ...], tuple[int, ...]], written: str
    ) -> Iterator[tuple[tuple[tuple[int, ...], tuple[int, ...]], int]]:
        if self._longest is not None and len(written) >= self._longest:
            return
        if any(item.settled(at) for item, at in zip(self._barred, states[1], strict=True)):
            return
        for code in self._alphabet:
            wanted = tuple(item.step(at, code) for item, at in zip(self._wanted, states[0], strict=True))
            barred = tuple(item.step(at, code) for item, at in zip(self._barred, states[1], strict=True))
            yield (wanted, barred), code


def _alphabet(automata: Sequence[Automaton]) -> list[int]:
    """Pick one character for each group that no class tells apart, a friendly one where there is one."""
    classes = list(dict.fromkeys(ranges for item in automata for ranges in item.classes))
    edges = sorted({edge for ranges in classes for low, high in ranges for edge in (low, high + 1)} | {97})
    chosen: dict[tuple[bool, ...], int] = {}
    for code in [*map(ord, _PREFERRED), *edges]:
        if code > 0x10FFFF or code in _SURROGATES:
            continue
        signature = tuple(any(low <= code <= high for low, high in ranges) for ranges in classes)
        chosen.setdefault(signature, code)
    return list(chosen.values())
