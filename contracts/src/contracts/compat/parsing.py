"""Text of a document -> JSON value, strictly: duplicate keys, bombs, depth and size are refused with their place."""

import json
from collections.abc import Sequence

from contracts.compat.failures import Unreadable
from contracts.compat.values import Json, Node
from contracts.compat.yaml_events import parse_yaml

LARGEST = 40_000_000
DEEPEST = 160


def parse(content: bytes, source: str) -> Json:
    """Read JSON or YAML; whatever is wrong with it raises Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable(source, "file size", f"at most {LARGEST:,} bytes", f"{len(content):,} bytes")
    written = _decoded(content, source)
    if written.lstrip()[:1] in {"{", "["}:
        return _json(written, source)
    return parse_yaml(written, source, DEEPEST)


def _decoded(content: bytes, source: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(source, f"byte {error.start}", "UTF-8 text", "a byte that is not") from None


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
        return Unreadable(source, "nesting", f"at most {DEEPEST} levels", "more")
    return Unreadable(source, "a number", "a finite JSON number", str(error)[:80])


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
            raise Unreadable(source, "nesting", f"at most {DEEPEST} levels", "more")
        level = [child for item in level for child in _children(item) if isinstance(child, dict | list)]


def _children(value: Json) -> Sequence[Json]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else ()
