"""How payloads are shown: whole where a person can read them, abbreviated where they are long."""

import json
from itertools import groupby

from pydantic import JsonValue

_LONGEST = 200
_MOST = 50
_MOST_DIFFERENT = 500
_RUN = 20


def abbreviated(value: JsonValue) -> JsonValue:
    """Replace long texts and lists by what repeats in them and how often."""
    if isinstance(value, str) and len(value) > _LONGEST:
        return _runs(value)
    if isinstance(value, list):
        return _listed(value)
    if isinstance(value, dict):
        return {key: abbreviated(item) for key, item in value.items()}
    return value


def _listed(value: list[JsonValue]) -> JsonValue:
    if len(value) > _MOST and all(item == value[0] for item in value):
        return {"$repeat": abbreviated(value[0]), "$times": len(value)}
    if len(value) > _MOST_DIFFERENT:
        return {"$start": abbreviated(value[0]), "$length": len(value)}
    return [abbreviated(item) for item in value]


def _runs(value: str) -> JsonValue:
    """Write a text as what repeats in it and what stands between; only its start where nothing repeats."""
    parts: list[JsonValue] = []
    plain = ""
    for letter, run in groupby(value):
        times = len(list(run))
        if times < _RUN:
            plain += letter * times
            continue
        if plain:
            parts.append(plain)
        parts.append({"$repeat": letter, "$times": times})
        plain = ""
    if len(plain) > _LONGEST or len(parts) > _MOST:
        return {"$start": value[:60], "$length": len(value)}
    if plain:
        parts.append(plain)
    return parts[0] if len(parts) == 1 else {"$concat": parts}


def plain(text: str) -> str:
    """Keep a text on its line: what would end it, or speak to the terminal, is written as its escape."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def one_line(value: JsonValue, longest: int = 300) -> str:
    """Write a payload on one line, cut where it gets too long."""
    written = json.dumps(abbreviated(value), ensure_ascii=False)
    return written if len(written) <= longest else written[: longest - 1] + "…"
