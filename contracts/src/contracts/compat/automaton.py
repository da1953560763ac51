"""The automaton of one regular expression: sets of states as bits, one step a character class at a time."""

from functools import lru_cache

from contracts.compat.regex import Irregular, parse_regex
from contracts.compat.syntax import Anchor, Chain, Chars, Choice, Ranges, Repeat, Syntax

_MOST_STATES = 6_000
_START, _BODY = 0, 1


class Automaton:
    """Texts in which the expression is found somewhere, as JSON Schema's `pattern` asks."""

    def __init__(self, pattern: str) -> None:
        self._silent: list[list[int]] = [[], []]
        self._anchored: list[list[tuple[bool, int]]] = [[], []]
        self._edges: list[list[tuple[Ranges, int]]] = [[], []]
        self._silent[_START].append(_BODY)
        self._edges[_START].append((((0, 0x10FFFF),), _START))
        self._last = self._build(parse_regex(pattern), _BODY)
        self._edges[self._last].append((((0, 0x10FFFF),), self._last))
        self._steps: dict[tuple[int, int], int] = {}
        self._reach: dict[tuple[int, bool, bool], int] = {}

    @property
    def classes(self) -> list[Ranges]:
        return list(dict.fromkeys(ranges for edges in self._edges for ranges, _ in edges))

    def start(self) -> int:
        return self._closure(1 << _START, begin=True, end=False)

    def step(self, states: int, code: int) -> int:
        key = states, code
        known = self._steps.get(key)
        if known is None:
            known = self._steps[key] = self._closure(self._moved(states, code), begin=False, end=False)
        return known

    def accepts(self, states: int, *, begin: bool) -> bool:
        return bool(self._closure(states, begin=begin, end=True) >> self._last & 1)

    def settled(self, states: int) -> bool:
        """Tell whether the expression was found for good, whatever follows."""
        return bool(states >> self._last & 1)

    def _moved(self, states: int, code: int) -> int:
        moved = 0
        for state in _bits(states):
            for ranges, target in self._edges[state]:
                if any(low <= code <= high for low, high in ranges):
                    moved |= 1 << target
        return moved

    def _closure(self, states: int, *, begin: bool, end: bool) -> int:
        key = states, begin, end
        if key in self._reach:
            return self._reach[key]
        waiting, seen = list(_bits(states)), states
        while waiting:
            state = waiting.pop()
            passed = [target for at_end, target in self._anchored[state] if (end if at_end else begin)]
            for target in (*self._silent[state], *passed):
                if not seen >> target & 1:
                    seen |= 1 << target
                    waiting.append(target)
        self._reach[key] = seen
        return seen

    def _state(self) -> int:
        if len(self._edges) >= _MOST_STATES:
            raise Irregular("too large")
        self._silent.append([])
        self._anchored.append([])
        self._edges.append([])
        return len(self._edges) - 1

    def _build(self, syntax: Syntax, source: int) -> int:
        """Add what a piece of syntax reads after `source`; give the state behind it."""
        match syntax:
            case Chars(ranges):
                target = self._state()
                self._edges[source].append((ranges, target))
                return target
            case Anchor(at_end):
                target = self._state()
                self._anchored[source].append((at_end, target))
                return target
            case Chain(parts):
                for part in parts:
                    source = self._build(part, source)
                return source
            case Choice(branches):
                return self._joined(branches, source)
            case _:
                return self._repeated(syntax, source)

    def _joined(self, branches: tuple[Syntax, ...], source: int) -> int:
        ends: list[int] = []
        for branch in branches:
            first = self._state()
            self._silent[source].append(first)
            ends.append(self._build(branch, first))
        last = self._state()
        for end in ends:
            self._silent[end].append(last)
        return last

    def _repeated(self, repeat: Repeat, source: int) -> int:
        part, fewest, most = repeat.part, repeat.fewest, repeat.most
        for _ in range(fewest):
            source = self._build(part, source)
        last = self._state()
        if most is None:
            loop = self._state()
            self._silent[source] += [loop, last]
            self._silent[self._build(part, loop)] += [loop, last]
            return last
        for _ in range(most - fewest):
            self._silent[source].append(last)
            source = self._build(part, source)
        self._silent[source].append(last)
        return last


def _bits(states: int) -> list[int]:
    found: list[int] = []
    while states:
        lowest = states & -states
        found.append(lowest.bit_length() - 1)
        states ^= lowest
    return found


@lru_cache(2048)
def automaton(pattern: str) -> Automaton | None:
    """Build the automaton of a pattern, or give None where it has none of a bearable size."""
    try:
        return Automaton(pattern)
    except (Irregular, RecursionError):
        return None
