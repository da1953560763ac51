"""JSON as it should be: what means two things to two readers is refused."""

import math
import re
from typing import Any

import jiter

__all__ = ["InvalidJson", "parse"]

_HUGE = re.compile(rb"[0-9][eE]\+?[0-9]{3}|[0-9]{309}")  # only such numbers can become infinite


class InvalidJson(ValueError):
    """A body that is not JSON, or is ambiguous JSON."""


def parse(content: bytes) -> Any:
    """Read JSON (RFC 8259), and refuse duplicate names, NaN, infinities and lone surrogates (RFC 7493)."""
    try:
        value = jiter.from_json(content, catch_duplicate_keys=True, allow_inf_nan=False)
    except ValueError as exc:
        raise InvalidJson(str(exc)) from exc
    if _HUGE.search(content) and _has_infinity(value):
        raise InvalidJson("a number is too large")
    return value


def _has_infinity(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_infinity(item) for item in value.values())  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]  # JSON
    if isinstance(value, list):
        return any(_has_infinity(item) for item in value)  # pyright: ignore[reportUnknownVariableType]  # JSON
    return isinstance(value, float) and math.isinf(value)
