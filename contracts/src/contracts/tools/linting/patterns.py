"""Rules about patterns: the same letters mean something else to Rust, ECMAScript, Python and RE2."""

import re
from collections.abc import Iterator

from pydantic import JsonValue

from contracts.tools.linting.breach import Breach, Subject

__all__ = ["open_ended", "patterns"]

_UNPORTABLE = re.compile(r"\\[dDwWsSbBAZpP1-9]|\(\?(?!:)")
_OPEN_ENDED = re.compile(r"[*+]|\{[0-9]*,\}")
_LITERALS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]")
_FOREIGN = {"d": ("[0-9]", "\u0661"), "w": ("[A-Za-z0-9_]", "\u00e9"), "s": (r"\s", "\u00a0")}
_TRIED = 20


def open_ended(pattern: str) -> bool:
    """Tell whether a pattern takes texts of any length."""
    return _OPEN_ENDED.search(_LITERALS.sub("", pattern)) is not None


def patterns(subject: Subject) -> Iterator[Breach]:
    """Find patterns that engines read differently, or that say less than they seem to."""
    pattern = str(subject.said.get("pattern", ""))
    if subject.said.keys() & {"enum", "const", "contentMediaType"} or not pattern:
        return
    texts = [text for text in subject.desk.make(subject.said, _TRIED) if isinstance(text, str)] or ["x"]
    if found := _UNPORTABLE.search(pattern):
        advice = f"has `{found[0]}` in its pattern, which other languages read differently: spell it out"
        yield subject.breach("pattern.portable", advice, _foreign(pattern, found[0], texts), *_sides(found[0]))
    if not (pattern.startswith("^") and pattern.endswith("$")):
        advice = "has a pattern without `^` and `$`: a part of the string would do"
        around = f"{'' if pattern.startswith('^') else '!'}{texts[0]}{'' if pattern.endswith('$') else '!'}"
        yield subject.breach("pattern.anchored", advice, around, "readers that search, as JSON Schema says",
                             "readers that match the whole text")  # fmt: skip


def _sides(found: str) -> tuple[str, str]:
    if found[1:].lower() in _FOREIGN:
        return "Rust and Python, to which that class is Unicode's", "ECMAScript, to which it is ASCII's"
    return "engines that know this", "Rust's regex and RE2, which refuse the pattern and so every text"


def _foreign(pattern: str, found: str, texts: list[str]) -> JsonValue:
    """Find a text that the pattern takes in Unicode and not in ASCII, or any text that it takes."""
    ascii_only, stranger = _FOREIGN.get(found[1:], (r".", "\u0661"))
    for text in texts:
        strange = re.sub(ascii_only, stranger, text, count=1)
        if found[1:].lower() in _FOREIGN and bool(re.search(pattern, strange)) != bool(
            re.search(pattern, strange, re.ASCII)
        ):
            return strange
    return texts[0]
