"""JSON as it should be: what means two things to two readers is refused."""

import math
from typing import Any

import jiter

__all__ = ["InvalidJson", "parse"]


class InvalidJson(ValueError):
    """A body that is not JSON, or is ambiguous JSON."""


def parse(content: bytes) -> Any:
    """Read JSON (RFC 8259), and refuse duplicate names, NaN, infinities and lone surrogates (RFC 7493).

    `5.0` is the integer 5, as JSON Schema has it: some languages write all their numbers so.
    """
    try:
        value = jiter.from_json(content, catch_duplicate_keys=True, allow_inf_nan=False)
    except ValueError as exc:
        raise InvalidJson(str(exc)) from exc
    return _exact(value)


def _exact(value: Any) -> Any:
    """Make integers of the floats that are whole; raises InvalidJson for those that are infinite."""
    match value:
        case dict():
            return {name: _exact(item) for name, item in value.items()}  # pyright: ignore[reportUnknownVariableType]  # JSON
        case list():
            return [_exact(item) for item in value]  # pyright: ignore[reportUnknownVariableType]  # JSON
        case float() if math.isinf(value):
            raise InvalidJson("a number is too large")
        case float() if value.is_integer():
            return int(value)
        case _:
            return value
