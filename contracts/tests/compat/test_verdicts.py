"""Every rule of the gate, on the smallest change that shows it, with the witness held against python-jsonschema."""

from typing import Any

import pytest

from .small_documents import BOOLEAN, CLOSED, INTEGER, NAMED, NUMBER, STRING, judged

CAT: dict[str, Any] = {
    "type": "object",
    "properties": {"kind": {"const": "cat"}, "lives": INTEGER},
    "required": ["kind"],
}


DOG: dict[str, Any] = {
    "type": "object",
    "properties": {"kind": {"const": "dog"}, "tricks": STRING},
    "required": ["kind"],
}


UUID7 = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"


# what an old client sends -> what the new server accepts -> the rule that fails, or None where it is safe
REQUESTS: dict[str, tuple[Any, Any, str | None]] = {
    "nothing changed": (NAMED, NAMED, None),
    "a text becomes a number": (STRING, NUMBER, "type.narrowed"),
    "an integer becomes a number": (INTEGER, NUMBER, None),
    "a number becomes an integer": (NUMBER, INTEGER, "type.number-to-integer"),
    "halves only become integers": ({**NUMBER, "multipleOf": 0.5}, INTEGER, "type.number-to-integer"),
    "null is no longer accepted": ({"type": ["string", "null"]}, STRING, "type.narrowed"),
    "anything becomes a text": ({}, STRING, "type.narrowed"),
    "a text becomes anything": (STRING, {}, None),
    "a minimum is raised": ({**INTEGER, "minimum": 1}, {**INTEGER, "minimum": 2}, "number.minimum-raised"),
    "an exclusive minimum says the same": ({**INTEGER, "minimum": 1}, {**INTEGER, "exclusiveMinimum": 0}, None),
    "an exclusive minimum on fractions": (
        {**NUMBER, "minimum": 1},
        {**NUMBER, "exclusiveMinimum": 1},
        "number.minimum-raised",
    ),
    "a maximum is lowered": ({**NUMBER, "maximum": 9}, {**NUMBER, "maximum": 8.5}, "number.maximum-lowered"),
    "a maximum is added": (INTEGER, {**INTEGER, "exclusiveMaximum": 7}, "number.maximum-lowered"),
    "a multiple is finer": ({**INTEGER, "multipleOf": 6}, {**INTEGER, "multipleOf": 3}, None),
    "a multiple is coarser": ({**INTEGER, "multipleOf": 3}, {**INTEGER, "multipleOf": 6}, "number.multipleOf"),
    "a multiple that all the few numbers meet": (
        {**INTEGER, "minimum": 4, "maximum": 4},
        {**INTEGER, "multipleOf": 2},
        None,
    ),
    "tenths within hundredths": ({**NUMBER, "multipleOf": 0.1}, {**NUMBER, "multipleOf": 0.01}, None),
    "minLength is raised": (STRING, {**STRING, "minLength": 1}, "string.minLength-raised"),
    "maxLength is lowered": ({**STRING, "maxLength": 9}, {**STRING, "maxLength": 3}, "string.maxLength-lowered"),
    "maxLength that a pattern keeps": ({**STRING, "pattern": "^[a-z]{1,5}$"}, {**STRING, "maxLength": 5}, None),
    "minLength that a pattern keeps": ({**STRING, "pattern": "^[a-z]{2}$"}, {**STRING, "minLength": 2}, None),
    "maxLength that a format keeps": (
        {**STRING, "format": "uuid"},
        {**STRING, "format": "uuid", "maxLength": 36},
        None,
    ),
    "maxLength that a format exceeds": (
        {**STRING, "format": "email"},
        {**STRING, "format": "email", "maxLength": 30},
        "string.maxLength-lowered",
    ),
    "a pattern is added": (STRING, {**STRING, "pattern": "^[a-z]+$"}, "string.pattern"),
    "a pattern is written another way": (
        {**STRING, "pattern": "^[0-9]{1,3}$"},
        {**STRING, "pattern": "^[0-9]([0-9]([0-9])?)?$"},
        None,
    ),
    "a pattern is wider": ({**STRING, "pattern": "^a+$"}, {**STRING, "pattern": "a"}, None),
    "a pattern is narrower": ({**STRING, "pattern": "^[a-z]+$"}, {**STRING, "pattern": "^[a-y]+$"}, "string.pattern"),
    "a format is added": (STRING, {**STRING, "format": "date"}, "string.format"),
    "a pattern becomes the format it spells": ({**STRING, "pattern": UUID7}, {**STRING, "format": "uuid"}, None),
    "a format becomes a wider one": ({**STRING, "format": "uri"}, {**STRING, "format": "uri-reference"}, None),
    "a format becomes another": ({**STRING, "format": "date"}, {**STRING, "format": "date-time"}, "string.format"),
    "a format that nobody checks": (STRING, {**STRING, "format": "password"}, None),
    "a value leaves an enumeration": ({"enum": ["a", "b"]}, {"enum": ["a"]}, "enum.narrowed"),
    "a text becomes an enumeration": (STRING, {"enum": ["a", "b"]}, "enum.added"),
    "an enumeration becomes a text": ({"enum": ["a", "b"]}, {**STRING, "maxLength": 1}, None),
    "an enumeration becomes a shorter text": ({"enum": ["a", "bcd"]}, {**STRING, "maxLength": 1}, "enum.narrowed"),
    "an enumeration becomes a choice of constants": (
        {"enum": ["a", "b"]},
        {"anyOf": [{"const": "b"}, {"const": "a"}]},
        None,
    ),
    "a constant object becomes a schema": ({"const": {"a": 1}}, {"type": "object", "properties": {"a": INTEGER}}, None),
    "a constant object no longer fits": (
        {"const": {"a": 1}},
        {"type": "object", "properties": {"a": STRING}},
        "type.narrowed",
    ),
    "a constant list becomes a schema": ({"const": [1, 2]}, {"type": "array", "items": INTEGER}, None),
    "1.0 is 1": ({"enum": [1.0]}, {"enum": [1]}, None),
    "true is not 1": ({"const": True}, {"const": 1}, "type.narrowed"),
    "minItems is raised": ({"type": "array"}, {"type": "array", "minItems": 2}, "array.minItems-raised"),
    "maxItems is lowered": (
        {"type": "array", "maxItems": 9},
        {"type": "array", "maxItems": 3},
        "array.maxItems-lowered",
    ),
    "items have to differ": (
        {"type": "array", "items": STRING},
        {"type": "array", "uniqueItems": True},
        "array.uniqueItems",
    ),
    "many different items are fewer": (
        {"type": "array", "items": INTEGER, "uniqueItems": True},
        {"type": "array", "items": INTEGER, "uniqueItems": True, "maxItems": 40},
        "array.maxItems-lowered",
    ),
    "items are narrowed": (
        {"type": "array", "items": STRING},
        {"type": "array", "items": {**STRING, "minLength": 1}},
        "string.minLength-raised",
    ),
    "the first item is fixed": (
        {"type": "array", "items": STRING},
        {"type": "array", "prefixItems": [INTEGER]},
        "type.narrowed",
    ),
    "a list that is always empty": ({"type": "array", "items": False}, {"type": "array", "items": STRING}, None),
    "an optional member is added": (NAMED, {**NAMED, "properties": {**NAMED["properties"], "c": STRING}}, None),
    "a member becomes required": (NAMED, {**NAMED, "required": ["a", "b"]}, "property.became-required"),
    "a required member is added": (
        NAMED,
        {**NAMED, "properties": {**NAMED["properties"], "c": STRING}, "required": ["c"]},
        "property.required-missing",
    ),
    "a member is refused": (CLOSED, {**CLOSED, "properties": {"a": STRING}}, "property.forbidden"),
    "a member is ignored": (NAMED, {**NAMED, "properties": {"a": STRING}}, None),
    "members that no client sends get a type": (NAMED, {**NAMED, "additionalProperties": STRING}, None),
    "free-form members are refused": (
        {**NAMED, "additionalProperties": STRING},
        CLOSED,
        "additional.forbidden",
    ),
    "free-form members are narrowed": (
        {"type": "object", "additionalProperties": {}},
        {"type": "object", "additionalProperties": STRING},
        "type.narrowed",
    ),
    "a free-form object gets names": (
        {"type": "object"},
        {"type": "object", "propertyNames": {"pattern": "^[a-z]+$"}},
        "string.pattern",
    ),
    "a free-form object gets a patterned member": (
        {"type": "object"},
        {"type": "object", "patternProperties": {"^x-": STRING}},
        "type.narrowed",
    ),
    "patterned members are narrowed": (
        {"type": "object", "patternProperties": {"^x-": {}}},
        {"type": "object", "patternProperties": {"^x-": STRING}},
        "type.narrowed",
    ),
    "patterned members are refused": (
        {"type": "object", "patternProperties": {"^x-": STRING}},
        {"type": "object", "additionalProperties": False},
        "additional.forbidden",
    ),
    "patterned members become declared ones": (
        {"type": "object", "patternProperties": {"^x-": STRING}},
        {"type": "object", "properties": {"x-a": INTEGER}},
        "type.narrowed",
    ),
    "patterned members become free-form": (
        {"type": "object", "patternProperties": {"^x-": STRING}},
        {"type": "object", "additionalProperties": INTEGER},
        "type.narrowed",
    ),
    "more members are wanted": (NAMED, {**NAMED, "minProperties": 2}, "object.minProperties-raised"),
    "fewer members are allowed": (NAMED, {**NAMED, "maxProperties": 1}, "object.maxProperties-lowered"),
    "a branch is removed": ({"oneOf": [CAT, DOG]}, {"oneOf": [CAT]}, "enum.narrowed"),
    "a branch is added": ({"oneOf": [CAT]}, {"oneOf": [CAT, DOG]}, None),
    "branches change places": ({"oneOf": [CAT, DOG]}, {"oneOf": [DOG, CAT]}, None),
    "one branch is narrowed": (
        {"oneOf": [CAT, DOG]},
        {"oneOf": [CAT, {**DOG, "required": ["kind", "tricks"]}]},
        "property.became-required",
    ),
    "a union of texts and numbers loses one": ({"anyOf": [STRING, INTEGER]}, STRING, "type.narrowed"),
    "a tagged object is split": (
        {"type": "object", "properties": {"kind": {"enum": ["cat", "dog"]}}, "required": ["kind"]},
        {"oneOf": [CAT, DOG]},
        None,
    ),
    "parts become a whole": (
        {"allOf": [{"type": "object", "properties": {"a": STRING}}, {"required": ["a"]}]},
        {"type": "object", "properties": {"a": STRING}, "required": ["a"]},
        None,
    ),
    "a part is narrowed": (
        {"allOf": [NAMED, {"type": "object"}]},
        {"allOf": [NAMED, {"required": ["b"]}]},
        "property.became-required",
    ),
    "one member asks for another": (NAMED, {**NAMED, "dependentRequired": {"a": ["b"]}}, "property.became-required"),
    "it already did": ({**NAMED, "dependentRequired": {"a": ["b"]}}, {**NAMED, "required": ["a", "b"]}, None),
    "a text may no longer be this": (STRING, {**STRING, "not": {"const": "x"}}, "keyword.unmodelled"),
    "a list must hold a number": ({"type": "array"}, {"type": "array", "contains": INTEGER}, "keyword.unmodelled"),
    "a type that OpenAPI does not know": (STRING, {"type": "file"}, "keyword.unmodelled"),
    "the same unknown type": ({"type": "file"}, {"type": "file", "title": "t"}, None),
    "a rule beyond the gate is the same": (
        {**STRING, "not": {"const": "x"}},
        {**STRING, "not": {"const": "x"}, "title": "t"},
        None,
    ),
    "the same rule on a wider text": (
        {**STRING, "maxLength": 3, "not": {"const": "x"}},
        {**STRING, "not": {"const": "x"}},
        None,
    ),
    "another rule that follows from a length": ({**STRING, "minLength": 2}, {**STRING, "not": {"const": "x"}}, None),
    "a 64-bit number becomes 32-bit": ({**INTEGER, "format": "int64"}, {**INTEGER, "format": "int32"}, "number.format"),
    "a 32-bit number becomes 64-bit": ({**INTEGER, "format": "int32"}, {**INTEGER, "format": "int64"}, None),
    "base64 becomes something else": (
        {**STRING, "contentEncoding": "base64"},
        {**STRING, "contentEncoding": "base32"},
        "keyword.content",
    ),
    "a bound that does not apply is tightened": (
        {"type": "object", "maxLength": 9},
        {"type": "object", "maxLength": 3},
        "keyword.misplaced",
    ),
    "no payload fits what was sent": ({**STRING, "minLength": 3, "maxLength": 2}, INTEGER, "schema.unsatisfiable"),
    "a tag selects a branch": (
        {"oneOf": [CAT, DOG], "discriminator": {"propertyName": "kind"}},
        {"oneOf": [DOG, CAT], "discriminator": {"propertyName": "kind"}},
        None,
    ),
    "a tag that was optional is asked for": (
        {"anyOf": [{"type": "object", "properties": {"kind": STRING, "a": STRING}}]},
        {
            "oneOf": [{"type": "object", "properties": {"kind": STRING, "a": STRING}}],
            "discriminator": {"propertyName": "kind"},
        },
        "property.became-required",
    ),
    "the tags are named": (
        {
            "oneOf": [CAT, DOG],
            "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat"}},
        },
        {"oneOf": [CAT, DOG], "discriminator": {"propertyName": "other"}},
        None,
    ),
    "a member asks for a schema": (
        NAMED,
        {**NAMED, "dependentSchemas": {"b": {"properties": {"a": {**STRING, "minLength": 2}}}}},
        "union.branch-removed",
    ),
    "a constant list among others": ({"enum": [[1], [2]]}, {"enum": [[1], [2], [3]]}, None),
    "constants of a type": ({"type": "string", "enum": ["a", 1]}, {"const": "a"}, None),
    "a constant that is listed": ({"const": "a", "enum": ["a", "b"]}, {"enum": ["a"]}, None),
    "constants that more is asked of": (
        {"enum": [{"a": 1}], "required": ["a"]},
        {"type": "object", "properties": {"a": INTEGER}, "required": ["a"]},
        None,
    ),
    "more is asked of constants": (
        {"const": {"a": 1}},
        {"enum": [{"a": 1}], "required": ["b"], "type": "object"},
        "keyword.unmodelled",
    ),
    "parts that exclude each other": ({"allOf": [STRING, INTEGER]}, {"type": "boolean"}, "schema.unsatisfiable"),
    "parts of numbers": (
        {"allOf": [{**INTEGER, "minimum": 1}, {**INTEGER, "maximum": 3, "minimum": 0}, {"exclusiveMaximum": 3}]},
        {**INTEGER, "minimum": 1, "maximum": 2},
        None,
    ),
    "parts of lists": (
        {"allOf": [{"type": "array", "items": STRING}, {"type": "array", "items": {"maxLength": 3}, "maxItems": 2}]},
        {"type": "array", "items": {**STRING, "maxLength": 3}, "maxItems": 2},
        None,
    ),
    "parts of constants": ({"allOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}]}, {"const": "b"}, None),
    "parts of constants and lengths": (
        {"allOf": [{"enum": ["a", "bb"]}, {**STRING, "minLength": 2}]},
        {"const": "bb"},
        None,
    ),
    "parts of constant objects": (
        {"allOf": [{"enum": [{"a": 1}]}, {"required": ["a"]}]},
        {"type": "object", "required": ["a"]},
        None,
    ),
    "parts with free-form members": (
        {
            "allOf": [
                {"type": "object", "additionalProperties": STRING},
                {"type": "object", "additionalProperties": {"maxLength": 2}},
            ]
        },
        {"type": "object", "additionalProperties": {**STRING, "maxLength": 2}},
        None,
    ),
    "parts with patterned members": (
        {
            "allOf": [
                {"type": "object", "patternProperties": {"^x": STRING}},
                {"patternProperties": {"^x": {"maxLength": 2}}},
            ]
        },
        {"type": "object", "patternProperties": {"^x": {**STRING, "maxLength": 2}}},
        None,
    ),
    "parts with names": (
        {"allOf": [{"type": "object", "propertyNames": {"pattern": "^a"}}, {"propertyNames": {"pattern": "b$"}}]},
        {"type": "object", "propertyNames": {"pattern": "^a"}},
        None,
    ),
    "a branch of several is narrowed": (
        {"anyOf": [{**NAMED, "title": "x"}, {"type": "object", "properties": {"z": STRING}, "required": ["z"]}]},
        {
            "anyOf": [
                {**NAMED, "required": ["a", "b"]},
                {"type": "object", "properties": {"z": INTEGER}, "required": ["z"]},
            ]
        },
        "union.branch-removed",
    ),
    "numbers outside of a union of ranges": (
        {**INTEGER, "minimum": 0},
        {"anyOf": [{**INTEGER, "minimum": 3, "maximum": 5}, {**INTEGER, "minimum": 7}]},
        "number.minimum-raised",
    ),
    "a number below everything": ({**NUMBER, "maximum": -3}, {**NUMBER, "maximum": -5.5}, "number.maximum-lowered"),
    "a number between": (
        {**NUMBER, "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        {**NUMBER, "multipleOf": 0.5},
        "number.multipleOf",
    ),
    "a number format that nobody knows": (NUMBER, {**NUMBER, "format": "currency"}, "number.format"),
    "long lists of different texts": (
        {"type": "array", "items": STRING, "uniqueItems": True},
        {"type": "array", "items": STRING, "maxItems": 70},
        "array.maxItems-lowered",
    ),
    "more booleans than there are": (
        {"type": "array", "items": BOOLEAN, "uniqueItems": True, "minItems": 3},
        {"type": "array", "items": STRING},
        "type.narrowed",
    ),
    "a pattern that cannot be read": (STRING, {**STRING, "pattern": "(?<a>x)\\k<a>"}, "keyword.unmodelled"),
    "dates of another kind": (
        {**STRING, "format": "date-time"},
        {**STRING, "maxLength": 20, "format": "date-time"},
        "string.maxLength-lowered",
    ),
    "hosts that are longer": (
        {**STRING, "format": "hostname"},
        {**STRING, "format": "hostname", "maxLength": 40},
        "string.maxLength-lowered",
    ),
    "a list beyond what can be shown": (
        {"type": "array", "maxItems": 900000},
        {"type": "array", "maxItems": 800000},
        "array.maxItems-lowered",
    ),
    "any list": ({"type": "array", "items": {}}, {"type": "array", "items": {**NAMED, "title": "n"}}, "type.narrowed"),
    "required and never described": (
        {"type": "object", "required": ["a"]},
        {"type": "object", "properties": {"a": STRING}},
        "type.narrowed",
    ),
    "free-form members and a rule beyond the gate": (
        {"type": "object", "additionalProperties": STRING},
        {"type": "object", "additionalProperties": STRING, "not": {"required": ["extra"]}},
        "keyword.unmodelled",
    ),
    "an optional member that cannot be": (
        {
            **NAMED,
            "properties": {**NAMED["properties"], "z": {**STRING, "minLength": 3, "maxLength": 2}},
            "minProperties": 2,
        },
        {**NAMED, "required": ["a", "b"]},
        "property.became-required",
    ),
    "a required member that cannot be": (
        {"type": "object", "properties": {"z": {**STRING, "minLength": 3, "maxLength": 2}}, "required": ["z"]},
        STRING,
        "type.narrowed",
    ),
    "a member with two schemas": (
        {
            "type": "object",
            "properties": {"x-a": STRING},
            "patternProperties": {"^x": {"maxLength": 3}},
            "required": ["x-a"],
        },
        INTEGER,
        "type.narrowed",
    ),
    "a close range of fractions": (
        {**NUMBER, "exclusiveMinimum": 0.2, "exclusiveMaximum": 0.25},
        {**NUMBER, "multipleOf": 0.5},
        "number.multipleOf",
    ),
    "names that are no longer allowed": (NAMED, {**NAMED, "propertyNames": {"pattern": "^a"}}, "enum.narrowed"),
    "names are told by pattern alone": (
        {"type": "object", "propertyNames": {"pattern": "^a"}},
        {"type": "object", "propertyNames": STRING},
        None,
    ),
    "one of anything and a text": (STRING, {"oneOf": [{}, STRING]}, "union.overlap"),
    "a schema that no validator reads": (
        {**STRING, "minLength": "x"},
        {**STRING, "maxLength": 3},
        "string.maxLength-lowered",
    ),
    "long addresses": (
        {**STRING, "format": "email"},
        {**STRING, "format": "email", "maxLength": 100},
        "string.maxLength-lowered",
    ),
    "a pattern and a length": (
        {**STRING, "pattern": "^[a-z]+$"},
        {**STRING, "maxLength": 5},
        "string.maxLength-lowered",
    ),
    "a free name beside many": (
        {"type": "object", "additionalProperties": {}, "properties": {"extra": STRING, "other": STRING}},
        {"type": "object", "additionalProperties": False, "properties": {"extra": STRING, "other": STRING}},
        "additional.forbidden",
    ),
    "every name is patterned": (
        {"type": "object", "additionalProperties": True, "patternProperties": {".*": STRING}},
        {"type": "object", "patternProperties": {".*": STRING}, "additionalProperties": False},
        "additional.forbidden",
    ),
    "too many branches": (
        {
            "allOf": [
                {"anyOf": [{"minLength": n} for n in range(9)]},
                {"anyOf": [{"maxLength": 50 + n} for n in range(60)]},
            ]
        },
        STRING,
        "type.narrowed",
    ),
    "too many branches, and what none of them may be": (
        {},
        {
            "allOf": [
                {"anyOf": [{"minLength": n} for n in range(9)]},
                {"anyOf": [{"maxLength": 50 + n} for n in range(60)]},
            ],
            "not": {"const": "nobody draws this"},
        },
        "type.narrowed",
    ),
    "a free-form object gets a bound beyond what can be shown": (
        {"type": "object"},
        {"type": "object", "maxProperties": 1_000_000},
        "object.maxProperties-lowered",
    ),
    "a text gets a bound beyond what can be shown": (
        {**STRING, "minLength": 100_000_000},
        {**STRING, "minLength": 200_000_000},
        "string.minLength-raised",
    ),
    "the one declared name is the one that may be": (
        CLOSED | {"properties": {"a": STRING}},
        CLOSED | {"properties": {"a": STRING}, "propertyNames": {"const": "a"}},
        None,
    ),
    "names become what they always are": ({"type": "object"}, {"type": "object", "propertyNames": STRING}, None),
    "patterns that no name has in common": (
        {"type": "object", "patternProperties": {"^x-": STRING}, "additionalProperties": False},
        {"type": "object", "patternProperties": {"^x-": STRING, "^y-": INTEGER}, "properties": {"z": INTEGER}},
        None,
    ),
    "another branch is added, and more than one may fit": (
        {"oneOf": [STRING, INTEGER]},
        {"anyOf": [STRING, INTEGER, BOOLEAN]},
        None,
    ),
    "a part that is anything closes nothing": (
        {"type": "object", "allOf": [True, {"properties": {"a": STRING}}], "unevaluatedProperties": False},
        {"type": "object", "properties": {"a": STRING}, "additionalProperties": False},
        None,
    ),
    "what the payload decides to be evaluated": (
        {"type": "object", "properties": {"a": STRING, "b": STRING}},
        {
            "type": "object",
            "anyOf": [{"properties": {"a": STRING}}, {"properties": {"b": STRING}}],
            "unevaluatedProperties": False,
        },
        "union.branch-removed",
    ),
    "nothing at all may be sent": ({"not": {}}, STRING, "schema.unsatisfiable"),
    "a type that nobody knows": ({"type": "file"}, STRING, "type.narrowed"),
    "a bound in quotes": (STRING, {**STRING, "minLength": "3"}, "keyword.unmodelled"),
    "a flag where a bound should be": ({"type": "number"}, {"exclusiveMinimum": True}, "keyword.unmodelled"),
    "names of types that are no texts": (STRING, {"type": ["string", 5]}, "keyword.unmodelled"),
    "a pattern of names that cannot be read": (
        {"type": "object"},
        {"type": "object", "patternProperties": {"(": STRING}},
        "keyword.unmodelled",
    ),
    "required written on the member": (
        {"type": "object", "properties": {"a": STRING}},
        {"type": "object", "properties": {"a": {**STRING, "required": True}}},
        "keyword.unmodelled",
    ),
    "a member whose schema is the name of a type": (
        {"type": "object", "properties": {"a": STRING}},
        {"type": "object", "properties": {"a": "string"}},
        "keyword.unmodelled",
    ),
    "a rule beyond the gate on a schema that no validator reads": (
        {**STRING, "minLength": "x"},
        {**STRING, "not": {"const": "y"}},
        "keyword.unmodelled",
    ),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_what_old_clients_send_is_judged(name: str) -> None:
    sent, accepted, rule = REQUESTS[name]

    report = judged(sent, accepted)

    assert [finding.rule for finding in report.findings][:1] == ([rule] if rule else [])
    assert (report.verdict == "safe") is (rule is None)


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "^(a|a)*$", "^(?=a)(a+)+b$", r"^(\w+\s?)*$", "^(a|b)*a(a|b){18}$", "(x+x+)+y"]
)
def test_evil_patterns_end(pattern: str) -> None:
    report = judged({**STRING, "pattern": pattern}, {**STRING, "pattern": "^[a-f]{3,40}$"})
    back = judged({**STRING, "pattern": "^[a-f]{3,40}$"}, {**STRING, "pattern": pattern})

    assert {report.verdict, back.verdict} <= {"breaking", "undecided", "safe"}
