"""Parameters are judged as the text that they travel as."""

import copy
from typing import Any

import pytest
from contracts.compat.comparing import compare
from contracts.compat.document import Document

from .small_documents import BOOLEAN, INTEGER, NUMBER, STRING, document

# parameter of the old client -> of the new server -> the rule that fails, or None where the text is read just as well
PARAMETERS: dict[str, tuple[Any, Any, str | None]] = {
    "a number becomes a text": (INTEGER, STRING, None),
    "a truth becomes a text": (BOOLEAN, STRING, None),
    "fractions become a text of digits": (NUMBER, {**STRING, "pattern": "^[0-9]+$"}, "string.pattern"),
    "a text becomes a number": (STRING, INTEGER, "type.narrowed"),
    "digits become a number": ({**STRING, "pattern": "^[0-9]{1,4}$"}, INTEGER, None),
    "digits become a smaller number": (
        {**STRING, "pattern": "^[0-9]{1,4}$"},
        {**INTEGER, "maximum": 99},
        "number.maximum-lowered",
    ),
    "listed digits become a number": ({"enum": ["1", "2"]}, INTEGER, None),
    "listed words become a number": ({"enum": ["1", "two"]}, INTEGER, "type.narrowed"),
    "listed words become a truth": ({"enum": ["true", "false"]}, BOOLEAN, None),
    "listed fractions become a number": ({"enum": ["1.5", "2"]}, NUMBER, None),
    "listed digits beyond any number become a number": ({"enum": ["1e999"]}, NUMBER, "type.narrowed"),
    "a value becomes a list": (INTEGER, {"type": "array", "items": INTEGER}, None),
    "a value becomes one of two lists": (
        STRING,
        {"anyOf": [{"type": "array", "items": INTEGER}, {"type": "array", "items": STRING}]},
        None,
    ),
    "a value becomes a longer list": (
        INTEGER,
        {"type": "array", "items": INTEGER, "minItems": 2},
        "array.minItems-raised",
    ),
    "a list becomes a value": ({"type": "array", "items": INTEGER}, INTEGER, "type.narrowed"),
    "nothing becomes a text": ({"type": ["string", "null"]}, STRING, None),
    "nothing is no longer listed": ({"enum": ["a", None]}, {"enum": ["a"]}, "enum.narrowed"),
    "an object is narrowed": (
        {"type": "object", "properties": {"a": STRING}},
        {"type": "object", "properties": {"a": INTEGER}},
        "type.narrowed",
    ),
    "lists in lists": (
        {"type": "array", "items": {"type": "array"}},
        {"type": "array", "items": {"type": "array", "maxItems": 0}},
        "array.maxItems-lowered",
    ),
    "an object of texts and numbers": (
        {"type": "object", "properties": {"a": INTEGER}},
        {"type": "object", "properties": {"a": STRING}},
        None,
    ),
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters_are_judged_as_the_text_they_travel_as(name: str) -> None:
    sent, read, rule = PARAMETERS[name]

    def with_parameter(schema: Any) -> Document:
        raw: dict[str, Any] = copy.deepcopy(document(STRING).raw)
        raw["paths"]["/things"]["post"]["parameters"] = [{"name": "q", "in": "query", "schema": schema}]
        return Document.checked(raw, "test")

    report = compare(with_parameter(sent), with_parameter(read))

    assert [finding.rule for finding in report.findings][:1] == ([rule] if rule else [])
    assert all(finding.refusal for finding in report.findings if finding.verdict == "breaking")
