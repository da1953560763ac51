"""Text of a document -> JSON value, strictly: duplicate keys, bombs, depth and size are refused with their place."""

import json
import re
from collections.abc import Sequence

from contracts.compat.failures import Unreadable
from contracts.compat.values import Json, Node
from contracts.compat.yaml_events import parse_yaml

LARGEST = 40_000_000
DEEPEST = 160
_HALF = re.compile(r"\\(?:u|U0000)[dD][89a-fA-F]")


def parse(content: bytes, source: str) -> Json:
    """Read JSON or YAML; whatever is wrong with it raises Unreadable."""
    if len(content) > LARGEST:
        found = f"{len(content):,} bytes"
        raise Unreadable(source, "file size", f"at most {LARGEST:,} bytes", found, "take examples out, or split it")
    written = _decoded(content, source)
    value = _json(written, source) if written.lstrip()[:1] in {"{", "["} else parse_yaml(written, source, DEEPEST)
    if _HALF.search(written):
        _check_letters(value, source)
    return value


def _decoded(content: bytes, source: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place, found = f"byte {error.start}", "a byte that is not"
        raise Unreadable(source, place, "UTF-8 text", found, "save it as UTF-8") from None


class _DuplicateKeyError(ValueError):
    pass


def _json(written: str, source: str) -> Json:
    try:
        value: Json = json.loads(written, object_pairs_hook=_unique, parse_constant=_finite)
    except _DuplicateKeyError:
        return parse_yaml(written, source, DEEPEST)  # JSON is YAML, and that reader refuses with the line
    except json.JSONDecodeError as error:
        raise Unreadable(source, f"line {error.lineno} column {error.colno}", "JSON", error.msg) from None
    except (RecursionError, ValueError) as error:
        raise _refused(source, error) from None
    _check_depth(value, source)
    return value


def _refused(source: str, error: RecursionError | ValueError) -> Unreadable:
    if isinstance(error, RecursionError):
        return _too_deep(source)
    return Unreadable(source, "a number", "a finite JSON number", str(error)[:80])


def _too_deep(source: str) -> Unreadable:
    todo = "give what lies deep a name, and refer to it"
    return Unreadable(source, "nesting", f"at most {DEEPEST} levels", "more", todo)


def _check_letters(value: Json, source: str) -> None:
    """Refuse a text that no UTF-8 can carry; a payload of it could be neither sent nor shown."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        found = f"half of one, {error.object[error.start]!a}"
        raise Unreadable(source, "a text", "whole characters", found, "write the whole character") from None


def _unique(pairs: Sequence[tuple[str, Json]]) -> Node:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _DuplicateKeyError
    return made


def _finite(name: str) -> Json:
    raise ValueError(name)


def _check_depth(value: Json, source: str) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise _too_deep(source)
        level = [child for item in level for child in _children(item) if isinstance(child, dict | list)]


def _children(value: Json) -> Sequence[Json]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else ()
