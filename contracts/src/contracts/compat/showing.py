"""How payloads are shown: whole where a person can read them, abbreviated where they are long."""

import json

from pydantic import JsonValue

_LONGEST = 200
_MOST = 50


def abbreviated(value: JsonValue) -> JsonValue:
    """Replace long texts and lists by what repeats in them and how often."""
    if isinstance(value, str) and len(value) > _LONGEST:
        return _repeated(value[0], len(value), same=value == value[0] * len(value), start=value[:60])
    if isinstance(value, list) and len(value) > _MOST:
        first = abbreviated(value[0])
        return _repeated(first, len(value), same=all(item == value[0] for item in value), start=first)
    if isinstance(value, list):
        return [abbreviated(item) for item in value]
    if isinstance(value, dict):
        return {key: abbreviated(item) for key, item in value.items()}
    return value


def _repeated(part: JsonValue, times: int, *, same: bool, start: JsonValue) -> JsonValue:
    return {"$repeat": part, "$times": times} if same else {"$start": start, "$length": times}


def one_line(value: JsonValue, longest: int = 300) -> str:
    """Write a payload on one line, cut where it gets too long."""
    written = json.dumps(abbreviated(value), ensure_ascii=False)
    return written if len(written) <= longest else written[: longest - 1] + "…"
