"""Whether a text matches a pattern or a format, as the validator sees it and not as Python does."""

from functools import lru_cache

import jsonschema_rs

FORMATS = frozenset({
    "date", "date-time", "duration", "email", "hostname", "idn-email", "ipv4", "ipv6", "iri",
    "iri-reference", "json-pointer", "regex", "relative-json-pointer", "time", "uri", "uri-reference",
    "uri-template", "uuid",
})  # fmt: skip
UNCHECKABLE = frozenset({"password", "binary"})
NARROWER = {
    ("email", "idn-email"), ("uri", "iri"), ("uri", "uri-reference"), ("uri", "iri-reference"),
    ("iri", "iri-reference"), ("uri-reference", "iri-reference"),
}  # fmt: skip


@lru_cache(4096)
def _pattern(pattern: str) -> jsonschema_rs.Draft202012Validator | None:
    try:
        return jsonschema_rs.Draft202012Validator({"pattern": pattern}, offline=True)
    except ValueError:
        return None


@lru_cache(64)
def _format(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True, offline=True)


def readable(pattern: str) -> bool:
    """Tell whether the validator can read a pattern."""
    return _pattern(pattern) is not None


def matches(pattern: str, value: str) -> bool:
    """Search, as JSON Schema's `pattern` does; a pattern that cannot be read refuses nothing."""
    check = _pattern(pattern)
    return check is None or check.is_valid(value)


def has_format(name: str, value: str) -> bool:
    """Tell whether a text has a format; one that is not checked has every text."""
    return name not in FORMATS or _format(name).is_valid(value)
