"""What a log line may show: known names, plain values, and tracebacks without the values in them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from traceback import extract_tb
from typing import TypeGuard
from uuid import UUID

__all__ = ["KNOWN", "MASK", "TEXT", "explain", "redact", "scrub", "shown"]

MASK = "***"

_FRAMES = 30
"""How many of the innermost frames are shown."""

KNOWN = frozenset(
    {
        *("timestamp", "level", "service", "logger", "error"),
        *("request_id", "trace_id", "span_id", "parent_id", "operation", "principal", "client_id"),
        *("method", "route", "status", "duration_ms", "bytes", "complete", "address"),
        *("peer", "resource", "state", "code", "loop", "revision", "kid", "signal"),
    }
)
"""Names whose values our own code chooses; they are shown as they are."""

TEXT = frozenset({"event", "exception", "reason", "url"})
"""Names whose text may quote others; it is shown without what looks like a secret."""

_JSON = (str, int, float, type(None))
_PLAIN = (int, float, type(None), UUID, date, timedelta, Enum)
_SECRET_NAME = re.compile(r"passw|secret|token|credential|authorization|cookie|session|api_?key|private", re.IGNORECASE)
_SECRETS = (
    (re.compile(r"\beyJ[\w-]*\.[\w-]*\.?[\w-]*"), MASK),  # a JSON Web Token
    (re.compile(r"\b(bearer|basic)\s+\S+", re.IGNORECASE), rf"\1 {MASK}"),
    (re.compile(r"://[^/\s@]+@"), f"://{MASK}@"),
    (re.compile(r"(?<=[\w/])\?[^\s\"')]+"), f"?{MASK}"),
    (re.compile(r"\b(\w*(?:password|passwd|secret|token|api_?key))(\s*[=:]\s*)\S+", re.IGNORECASE), rf"\1\2{MASK}"),
)
_WORD = re.compile(r"[^\s@<>\"'(]++(@[^\s@<>\"')]+\.\w+)?")
"""A word, which may be an e-mail address; it is taken whole, or a long one would be read from each letter on."""


def redact(fields: Mapping[str, object]) -> dict[str, object]:
    """Keep what may be shown and mask the rest; an unknown name with text may hold anything a caller sent."""
    return {name: shown(name, value) for name, value in fields.items()}


def scrub(text: str) -> str:
    """Mask what looks like a secret in text that others wrote, such as a library's log message."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return _WORD.sub(lambda word: MASK if word[1] else word[0], text) if "@" in text else text


def explain(error: BaseException, *, reveal: bool) -> str:
    """Write where an error came from, without local variables; its message only when told to reveal it."""
    return "\n".join(_causes(error, reveal, set()))


def shown(name: str, value: object) -> object:
    """Keep a value that may be shown under its name, or mask it."""
    if name in KNOWN and isinstance(value, _JSON):
        return value
    if name in TEXT and isinstance(value, str):
        return value if value.isidentifier() else scrub(value)  # our own events are identifiers
    if not isinstance(value, _PLAIN) or _SECRET_NAME.search(name):
        return MASK
    return value if isinstance(value, _JSON) else str(value)


def _causes(error: BaseException, reveal: bool, told: set[int]) -> Iterator[str]:
    told.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in told:
        yield from _causes(before, reveal, told)
        yield "which led to:"
    yield from (line.rstrip() for line in extract_tb(error.__traceback__, -_FRAMES).format())
    message = _words(error) if reveal else "(message withheld)"
    yield f"{type(error).__module__}.{type(error).__qualname__}: {message}"
    for part in _parts(error):
        yield from _causes(part, reveal, told)


def _words(error: BaseException) -> str:
    try:
        return scrub(str(error))
    except Exception:  # noqa: BLE001 (who logs an error does not fail of it)
        return "(message cannot be read)"


def _parts(error: BaseException) -> Sequence[BaseException]:
    """List what a group of errors holds, which `isinstance` alone does not let a type checker see."""
    return error.exceptions if _is_group(error) else ()


def _is_group(error: BaseException) -> TypeGuard[BaseExceptionGroup[BaseException]]:
    return isinstance(error, BaseExceptionGroup)
