"""Strings that a pattern takes, from the shortest to the longest and strangest."""

import re
from dataclasses import dataclass
from functools import cache

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

__all__ = ["ALPHABET", "PATIENT", "words"]

PATIENT = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.nested_given)
ALPHABET = st.characters(codec="utf-8")
_EDGES = (" ", "  ", " a ", "-", "_", ".", "'", "0", "a", "Z", "\u00e9", "\u4e2d", "\U0001d11e")
_EDITS = 4
_POOL = 100  # matches of one pattern; drawing each letter by letter would take most of the time


def words(pattern: str, least: int, most: int | None) -> SearchStrategy[str]:
    """Make strings of this pattern and length: plain ones, some with odd characters, some as long as may be."""
    language = _Language(pattern, least, most)
    pool = _pool(language)

    def pick(index: int) -> str:
        return pool[index]

    plain = st.integers(0, len(pool) - 1).map(pick)
    edits = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(_EDGES)), min_size=1, max_size=_EDITS)
    return plain | st.builds(language.edited, plain, edits) | st.builds(language.stretched, plain, st.integers(0, 20))


@dataclass(frozen=True, slots=True)
class _Language:
    """The strings of one pattern and length, and how to get from one of them to a stranger one."""

    pattern: str
    least: int
    most: int | None

    def fits(self, text: str) -> bool:
        whole = re.match(rf"(?:{self.pattern})\Z", text)
        return whole is not None and self.least <= len(text) <= (self.most or len(text))

    def edited(self, text: str, edits: list[tuple[int, str]]) -> str:
        """Insert something where that leaves a string that fits: blanks in a row, other alphabets."""
        for place, inserted in edits:
            index = 1 + place % max(1, len(text) - 1)  # inside, for few strings may begin with a blank
            changed = text[:index] + inserted + text[index:]
            text = changed if self.fits(changed) else text
        return text

    def stretched(self, text: str, place: int) -> str:
        """Repeat one character until the string is as long as it may be."""
        changed = _repeat(text, place, self.most or 0)
        return changed if self.fits(changed) else text

    def grown(self, text: str) -> str:
        """Repeat the first character until the string is as long as it must be."""
        return _repeat(text, 0, self.least)


def _repeat(text: str, place: int, length: int) -> str:
    index = place % len(text) if text else 0
    return text[:index] + text[index : index + 1] * (length - len(text)) + text[index:]


@cache
def _pool(language: _Language) -> list[str]:
    """Collect some matches, always the same, the simplest first."""
    pool: set[str] = set()
    matches = st.from_regex(language.pattern, fullmatch=True, alphabet=ALPHABET)

    @settings(
        max_examples=_POOL,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=PATIENT,
    )
    @given(matches.map(language.grown).filter(language.fits))
    def collect(text: str) -> None:
        pool.add(text)

    collect()
    return sorted(pool, key=lambda text: (len(text), text))
