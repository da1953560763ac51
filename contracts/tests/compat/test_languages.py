"""Languages of patterns: decided like greenery decides them, and never for long."""

import re

import pytest
from contracts.compat.checks import matches, readable
from contracts.compat.languages import members, search
from greenery import parse  # pyright: ignore[reportMissingTypeStubs]
from hypothesis import given, settings
from hypothesis import strategies as st

ATOMS = st.sampled_from(["a", "b", "[ab]", "[^a]", ".", "(ab|a)", "(a|b)*", "a{1,2}", "b?", "a+"])
PATTERNS = st.lists(ATOMS, min_size=1, max_size=4).map("".join)


@settings(max_examples=60, deadline=None)
@given(PATTERNS, PATTERNS)
def test_inclusion_is_decided_as_greenery_decides_it(one: str, other: str) -> None:
    answer, witness = search((f"^({one})$",), (f"^({other})$",), 0, None)

    ours = parse(one.replace(".", "[^\n\r\u2028\u2029]")).to_fsm()
    theirs = parse(other.replace(".", "[^\n\r\u2028\u2029]")).to_fsm()
    assert answer == ("none" if (ours - theirs).empty() else "some")
    assert answer == "none" or (re.fullmatch(one, witness) and not re.fullmatch(other, witness))


# pattern -> texts in which it is found, texts in which it is not
FOUND: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    r"^\d{3}$": (("123",), ("12", "1234", "٣٣٣")),
    r"^\w+\s\W$": (("a !",), ("a!", "é !")),
    r"\D": (("a",), ("1",)),
    r"^\S$": (("a",), (" ",)),
    r"^[\d_-]+$": (("1_-",), ("a",)),
    r"^[a\-z]$": (("-",), ("b",)),
    r"^[^\n]$": (("a",), ("\n",)),
    r"^\x41\u0042\t\/$": (("AB\t/",), ("AB/",)),
    r"^[\b]$": (("\b",), ("b",)),
    r"^a{2,}$": (("aa", "aaa"), ("a",)),
    r"^(?:ab|cd)+?$": (("abcd",), ("abc",)),
    r"^a|b$": (("ax", "xb"), ("xax",)),
    r"^$": (("",), ("a",)),
    r"": (("", "a"), ()),
    r"a{x": (("a{x",), ("a",)),
    r"^\0?$": (("",), ("0",)),
}


@pytest.mark.parametrize("pattern", FOUND)
def test_patterns_mean_what_the_validator_says(pattern: str) -> None:
    found, missing = FOUND[pattern]

    for text in found:
        literal = "^" + re.sub(r"([\\^$.|?*+()\[\]{}/])", r"\\\1", text) + "$"
        assert search((literal,), (pattern,), 0, None)[0] == "none", text
        assert matches(pattern, text) or not readable(pattern)
    for text in missing:
        literal = "^" + re.sub(r"([\\^$.|?*+()\[\]{}/])", r"\\\1", text) + "$"
        assert search((literal, pattern), (), 0, None)[0] == "none", text


@pytest.mark.parametrize(
    "pattern",
    [
        "(?=a)b", "(?<n>a)", r"(a)\1", r"\bword", "a++", "^*", "*a", "a{3000}", "a{,2}", "a{2", "[z-a]", "[a", "(a",
        "a)", "\\", r"\x4", r"\uzzzz", "[[:alpha:]]", r"\p{L}", "(((a{90}){90}){90})", "[a-\\d]", "a{é}",
    ],
)  # fmt: skip
def test_what_is_not_regular_or_too_large_is_left_open(pattern: str) -> None:
    assert search((pattern,), ("^z$",), 0, None)[0] in {"unknown", "some", "none"}
    assert search(("^z?$",), (pattern,), 0, None)[0] in {"unknown", "some"}
    assert isinstance(members((pattern,), (), 0, None), tuple)


def test_lengths_bound_a_language() -> None:
    assert search(("^a+$",), (), 5, 5) == ("some", "aaaaa")
    assert search(("^a{1,3}$",), (), 4, None) == ("none", "")
    assert search(("^a+$",), (), 100_000, None) == ("unknown", "")
    assert members(("^[ab]$",), ("^b$",), 0, None) == ("a",)
