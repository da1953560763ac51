"""Rules about words of JSON Schema that readers keep or drop as they please."""

from collections.abc import Iterator

from pydantic import JsonValue

from contracts.tools.linting.breach import Breach, Subject

__all__ = ["keywords"]

_READ_DIFFERENTLY = (
    "allOf", "contains", "contentEncoding", "dependentRequired", "dependentSchemas", "else", "format", "if",
    "maxProperties", "minProperties", "multipleOf", "not", "patternProperties", "prefixItems", "propertyNames", "then",
    "unevaluatedItems", "unevaluatedProperties", "uniqueItems",
)  # fmt: skip
_FORMATS: dict[str, JsonValue] = {
    "date": "2026-02-30",
    "date-time": 1_700_000_000,
    "decimal": 0.1 + 0.2,
    "email": "ada@b\u00fccher.example",
    "int32": 2**31,
    "int64": 2**63,
    "uri": "http://ex\u00e4mple.com/a b",
    "uuid": "urn:uuid:0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87",
}
_KNOWN: dict[str, tuple[JsonValue, ...]] = {
    "multipleOf": (0.1 + 0.2, 1.1, 1),
    "uniqueItems": (["a", "a"], [1, 1.0]),
    "patternProperties": ({"a": 1}, {"x": None}),
    "propertyNames": ({"": 1}, {"A": 1}),
}
_TRIED = 40


def keywords(subject: Subject) -> Iterator[Breach]:
    """Find words that a generator drops, a validator ignores or a language reads in its own way."""
    for word in _READ_DIFFERENTLY:
        if word in subject.said:
            advice = f"says `{word}`, which other languages read differently: use a type of `wire`"
            payload = _format(subject) if word == "format" else _dropped(subject, word)
            yield subject.breach(
                f"keyword.{word}", advice, payload, f"readers that drop `{word}`", f"readers that hold to `{word}`"
            )


def _format(subject: Subject) -> JsonValue:
    name = str(subject.said["format"])
    return _FORMATS.get(name, f"not of the format {name}")


def _dropped(subject: Subject, word: str) -> JsonValue:
    """Find what a schema takes once one of its words is dropped, and not before."""
    rest = {name: value for name, value in subject.said.items() if name != word}
    for payload in (*_KNOWN.get(word, ()), *subject.desk.make(rest, _TRIED), "x", 1, None, [], {}):
        if not subject.desk.takes(subject.said, payload):
            return payload
    return subject.one()
