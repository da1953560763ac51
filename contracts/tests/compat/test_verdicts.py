"""Every rule of the gate, on the smallest change that shows it, with the witness held against python-jsonschema."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from contracts.compat.comparing import Options, compare
from contracts.compat.document import Document, Place
from contracts.compat.failures import Unreadable
from contracts.compat.findings import Report
from contracts.compat.reporting import as_json, as_markdown, as_text
from contracts.compat.sampling import Sampler
from contracts.compat.shapes import Shapes
from contracts.compat.showing import abbreviated
from contracts.compat.values import Json, mapping
from contracts.compat.views import Stance, Tolerance, View
from pydantic import JsonValue
from run import revalidated

STRING: dict[str, Any] = {"type": "string"}
INTEGER: dict[str, Any] = {"type": "integer"}
NUMBER: dict[str, Any] = {"type": "number"}
BOOLEAN: dict[str, Any] = {"type": "boolean"}
NAMED: dict[str, Any] = {"type": "object", "properties": {"a": STRING, "b": INTEGER}, "required": ["a"]}
CLOSED: dict[str, Any] = {**NAMED, "additionalProperties": False}
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
TREE: dict[str, Any] = {
    "type": "object",
    "properties": {"value": STRING, "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}},
}
UUID7 = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"


def document(schema: Any, direction: str = "request", version: str = "3.1.0", **components: Any) -> Document:
    content = {"application/json": {"schema": schema}}
    sent: dict[str, Any] = {"requestBody": {"content": content}} if direction == "request" else {}
    answer: dict[str, Any] = {"description": "fine", **({"content": content} if direction == "response" else {})}
    raw: dict[str, Any] = {
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "paths": {"/things": {"post": {**sent, "responses": {"200": answer}}}},
        "components": {"schemas": components},
    }
    return Document.checked(raw, "test")


def judged(base: Any, revision: Any, direction: str = "request", **how: Any) -> Report:
    before, after = document(base, direction), document(revision, direction)
    report = compare(before, after, Options(**how))
    for finding in report.findings:
        if finding.verdict == "breaking" and finding.source == "schema":
            tolerant = how.get("reader") is not Tolerance.STRICT
            assert revalidated(before.raw, after.raw, finding, tolerant=tolerant), finding
            assert finding.refusal
    return report


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


def test_old_clients_read_what_the_new_server_sends() -> None:
    assert judged(STRING, {"type": ["string", "null"]}, "response").verdict == "breaking"
    assert judged({"type": ["string", "null"]}, STRING, "response").verdict == "safe"
    assert judged({"enum": ["a"]}, {"enum": ["a", "b"]}, "response").verdict == "breaking"
    assert judged(NAMED, {**NAMED, "required": []}, "response").verdict == "breaking"


def test_readers_are_tolerant_unless_told_otherwise() -> None:
    wider = {**CLOSED, "properties": {**CLOSED["properties"], "c": STRING}}

    assert judged(CLOSED, wider, "response").verdict == "safe"
    assert judged(CLOSED, wider, "response", reader=Tolerance.STRICT).verdict == "breaking"
    assert judged({"enum": ["a", "b"]}, {"enum": ["a", "b", "c"]}, "response", reader=Tolerance.OPEN).verdict == "safe"


def test_open_clients_send_what_nothing_declares() -> None:
    assert judged(NAMED, CLOSED).verdict == "safe"
    assert judged(NAMED, CLOSED, client="open").verdict == "breaking"


def test_members_travel_one_way_only() -> None:
    shown = {**NAMED, "properties": {**NAMED["properties"], "id": {**STRING, "readOnly": True}}, "required": ["id"]}
    hidden = {**NAMED, "properties": {**NAMED["properties"], "id": {**STRING, "writeOnly": True}}, "required": ["id"]}

    assert judged(NAMED, shown).verdict == "safe"
    assert judged(NAMED, hidden).verdict == "breaking"
    assert judged(shown, hidden, "response").verdict == "breaking"
    assert judged(hidden, NAMED, "response").verdict == "safe"


def test_recursive_schemas_are_judged_once() -> None:
    narrow = {**TREE, "properties": {**TREE["properties"], "value": {**STRING, "minLength": 1}}}
    root = {"$ref": "#/components/schemas/Tree"}

    same = compare(document(root, Tree=TREE), document(root, Tree={**TREE, "title": "a tree"}))
    narrowed = compare(document(root, Tree=TREE), document(root, Tree=narrow))

    assert same.verdict == "safe"
    assert [finding.rule for finding in narrowed.findings] == ["string.minLength-raised"]
    assert narrowed.findings[0].pointer.base == "/components/schemas/Tree/properties/value"


def test_a_name_of_a_component_does_not_matter() -> None:
    report = compare(
        document({"$ref": "#/components/schemas/A"}, A=NAMED), document({"$ref": "#/components/schemas/B"}, B=NAMED)
    )

    assert report.verdict == "safe"
    assert [(finding.rule, finding.axis) for finding in report.findings] == [("schema.renamed", "source")]


def test_openapi_3_0_and_3_1_are_one_language() -> None:
    old = document({**STRING, "nullable": True, "exclusiveMinimum": False}, version="3.0.3")
    new = document({"type": ["string", "null"]})

    assert compare(old, new).verdict == compare(new, old).verdict == "safe"
    bounded = document({**INTEGER, "minimum": 1, "exclusiveMinimum": True}, version="3.0.3")
    assert compare(bounded, document({**INTEGER, "minimum": 2})).verdict == "safe"
    assert compare(document({**INTEGER, "minimum": 1}), bounded).verdict == "breaking"


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "^(a|a)*$", "^(?=a)(a+)+b$", r"^(\w+\s?)*$", "^(a|b)*a(a|b){18}$", "(x+x+)+y"]
)
def test_evil_patterns_end(pattern: str) -> None:
    report = judged({**STRING, "pattern": pattern}, {**STRING, "pattern": "^[a-f]{3,40}$"})
    back = judged({**STRING, "pattern": "^[a-f]{3,40}$"}, {**STRING, "pattern": pattern})

    assert {report.verdict, back.verdict} <= {"breaking", "undecided", "safe"}


def test_a_witness_of_twenty_megabytes_is_abbreviated() -> None:
    report = judged({**STRING, "maxLength": 20_000_001}, {**STRING, "maxLength": 20_000_000})

    assert report.verdict == "breaking"
    assert '"$times": 20000001' in as_json(report)
    assert len(as_json(report)) < 4000


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


def test_a_branch_is_found_again_by_its_name() -> None:
    union = {"anyOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]}
    other = {"type": "object", "properties": {"z": STRING}, "required": ["z"]}

    report = compare(document(union, A=NAMED, B=other), document(union, A={**NAMED, "required": ["a", "b"]}, B=other))

    assert [(item.rule, item.pointer.revision) for item in report.findings] == [
        ("property.became-required", "/components/schemas/A/properties/b")
    ]


def test_closed_branches_are_told_apart_by_no_tolerant_reader() -> None:
    one = {"type": "object", "properties": {"a": STRING}, "additionalProperties": False}
    other = {"type": "object", "properties": {"b": STRING}, "additionalProperties": False}
    before, after = (
        {"oneOf": [one, other]},
        {"oneOf": [{**one, "properties": {"a": {**STRING, "maxLength": 5}}}, other]},
    )
    inner, renamed = ({"type": "object", "properties": {"x": item}} for item in (before, {**before, "title": "t"}))

    assert judged(before, after, "response").verdict == "safe"
    assert judged(inner, renamed, "response").verdict == "safe"
    assert judged(before, {"oneOf": [one, INTEGER]}, "response").verdict == "breaking"


def test_old_documents_say_null_and_refer_in_their_own_way() -> None:
    shown = {"$ref": "#/components/schemas/A", "description": "ignored beside a reference"}
    listed = {"enum": ["a"], "nullable": True, "type": "string"}
    old = document({"type": "object", "properties": {"a": listed, "b": shown}}, version="3.0.0", A=STRING)
    new = document(
        {"type": "object", "properties": {"a": {"enum": ["a", None]}, "b": {**shown, "title": "t"}}}, A=STRING
    )

    assert compare(old, new).verdict == compare(new, old).verdict == "safe"


def test_references_go_into_lists_and_schemas_may_be_nonsense() -> None:
    union = {"anyOf": [STRING, INTEGER]}
    pointed = document({"$ref": "#/components/schemas/A/anyOf/0"}, A=union)
    nonsense = document({"type": "object", "properties": {"a": "text", "b": 3}, "required": True})

    assert compare(pointed, document(STRING)).verdict == "safe"
    assert compare(nonsense, document({"type": "object", "properties": {"a": {}}})).verdict == "safe"
    with pytest.raises(Unreadable):
        document({"$ref": "#/components/schemas/A/anyOf/x"}, A=union)
    with pytest.raises(Unreadable):
        document({"$ref": "#/openapi/x"})


def test_payloads_are_drawn_the_same_every_time() -> None:
    schema = {
        **NAMED,
        "properties": {
            "a": {"type": "array", "items": NUMBER, "uniqueItems": True, "minItems": 1},
            "b": {"type": "array", "prefixItems": [STRING], "items": False},
            "c": {**STRING, "minLength": 3, "maxLength": 2},
            "d": {"type": "array", "items": {**STRING, "minLength": 3, "maxLength": 2}, "minItems": 1},
        },
        "additionalProperties": INTEGER,
    }
    drawn = [
        list(Sampler(Shapes(view), 7).samples(view.root(place), 60))
        for view, place in [_root(document(schema)), _root(document(schema))]
    ]

    assert drawn[0] == drawn[1]
    assert len({str(payload) for payload in drawn[0]}) > 10


def _root(one: Document) -> tuple[View, Place]:
    place = one.at("paths", "/things", "post", "requestBody", "content", "application/json", "schema")
    return View(one, Stance("request", "sender")), place


def test_long_lists_are_abbreviated() -> None:
    ones: list[JsonValue] = [1] * 60
    mixed: list[JsonValue] = [{"a": "x" * 300}, 2]

    assert abbreviated(ones) == {"$repeat": 1, "$times": 60}
    assert abbreviated(mixed * 300) == {
        "$start": {"a": {"$repeat": "x", "$times": 300}}, "$length": 600,
    }  # fmt: skip


def test_long_texts_are_shown_as_what_repeats_and_what_stands_between() -> None:
    varied = "".join(f"{number} " for number in range(200))

    assert abbreviated(varied) == {"$start": varied[:60], "$length": len(varied)}
    assert abbreviated("https://" + "a" * 300 + "/b") == {
        "$concat": ["https://", {"$repeat": "a", "$times": 300}, "/b"]
    }


def test_a_tag_selects_a_component_by_its_name() -> None:
    one = {"type": "object", "properties": {"kind": STRING, "a": STRING}}
    other = {"type": "object", "properties": {"kind": STRING, "b": {**STRING, "maxLength": 5}}}
    union = {
        "oneOf": [{"$ref": "#/components/schemas/One"}, {"$ref": "#/components/schemas/Other"}],
        "discriminator": {"propertyName": "kind"},
    }
    shorter = {**other, "properties": {"kind": STRING, "b": {**STRING, "maxLength": 3}}}

    mapped = {**union, "discriminator": {"propertyName": "kind", "mapping": {"first": "#/components/schemas/One"}}}
    same = compare(document(union, One=one, Other=other), document({**union, "title": "t"}, One=one, Other=other))
    changed = compare(document(union, One=one, Other=other), document(union, One=one, Other=shorter))
    added = compare(document(union, One=one, Other=other), document(mapped, One=one, Other=other))
    dropped = compare(document(mapped, One=one, Other=other), document(union, One=one, Other=other))

    assert same.verdict == "safe"
    assert "/components/schemas/Other/properties/b" in [item.pointer.revision for item in changed.findings]
    assert added.verdict == "safe"
    assert dropped.verdict == "suspect"  # JSON Schema does not know tags, so no validator refuses the payload


def test_overlapping_branches_without_a_tag_are_undecided_once_they_change() -> None:
    one = {"type": "object", "properties": {"a": STRING}}
    other = {"type": "object", "properties": {"b": INTEGER}}
    wider = {"type": "object", "properties": {"a": STRING, "c": STRING}}

    same = judged({"oneOf": [one, other]}, {"oneOf": [one, {**other, "title": "t"}]})
    changed = judged({"oneOf": [one, other]}, {"oneOf": [wider, other]})
    apart = judged({"oneOf": [one, STRING]}, {"oneOf": [wider, STRING]})

    assert same.verdict == apart.verdict == "safe"
    assert [(item.rule, item.verdict) for item in changed.findings] == [("union.overlap", "undecided")]


def test_a_break_deep_inside_an_unnamed_branch_is_shown() -> None:
    def branch(inner: Any) -> Any:
        held = {"type": "object", "properties": {"deep": {"type": "array", "items": inner}}, "required": ["deep"]}
        return {"anyOf": [held, {"type": "object", "properties": {"z": STRING}, "required": ["z"]}]}

    report = judged(branch({"enum": list(range(40))}), branch({"enum": list(range(39))}))

    assert [item.rule for item in report.findings] == ["union.branch-removed"]
    assert report.findings[0].witness == {"deep": [39]}


def _branch(**members: Any) -> Any:
    """Put an object beside another that it cannot be taken for."""
    held = {"type": "object", "properties": members, "required": list(members)}
    return {"anyOf": [held, {"type": "object", "properties": {"z": STRING}, "required": ["z"]}]}


@pytest.mark.parametrize(
    ("sent", "accepted", "lost"),
    [
        ({"type": ["string", "boolean"]}, STRING, bool),
        ({"type": ["string", "integer"]}, {"type": ["string", "integer"], "maxLength": 5000}, str),
        ({"type": ["string", "integer"]}, {"type": ["string", "integer"], "maximum": 1_234_567}, int),
    ],
)
def test_a_break_inside_an_unnamed_branch_is_told_from_what_still_holds_beside_it(
    sent: Any, accepted: Any, lost: type
) -> None:
    before = _branch(kept={**STRING, "maxLength": 3}, deep=sent)
    after = _branch(kept={**STRING, "maxLength": 4}, deep=accepted)

    (finding,) = judged(before, after).findings

    assert isinstance(finding.witness, dict)
    assert isinstance(finding.witness["deep"], lost)


LONG: dict[str, Any] = {"type": "array", "items": BOOLEAN, "minItems": 200_001}


def test_a_break_beside_what_is_too_long_to_be_built_is_found_by_search() -> None:
    before = {"type": "object", "properties": {"a": STRING, "long": LONG}, "required": ["a", "long"]}
    after = {**before, "properties": {"a": {"const": "x"}, "long": LONG}}

    (finding,) = judged(before, after).findings

    assert finding.verdict == "breaking"
    assert finding.control is None


def test_a_break_in_a_branch_that_is_too_long_to_be_built_is_found_by_search() -> None:
    (finding,) = judged(_branch(a=STRING, long=LONG), _branch(a={**STRING, "maxLength": 0}, long=LONG)).findings

    assert finding.verdict == "breaking"


def test_a_refusal_that_speaks_of_another_place_is_given_as_it_is() -> None:
    rare = {**STRING, "not": {"pattern": "^nobody draws this$"}}
    before = {"type": "object", "properties": {"a": STRING, "b": STRING}, "required": ["a", "b"]}

    other, moved = judged(before, {**before, "properties": {"a": rare, "b": INTEGER}}).findings

    assert (other.rule, other.pointer.base.rpartition("/")[2]) == ("keyword.unmodelled", "a")
    assert other.refusal == moved.refusal
    assert other.refusal.startswith("/b: ")


def test_parts_that_hold_themselves_meet_and_end() -> None:
    def part(name: str, **value: Any) -> Any:
        return {"type": "object", "properties": {"v": value, "next": {"$ref": f"#/components/schemas/{name}"}}}

    both = {"allOf": [{"$ref": "#/components/schemas/One"}, {"$ref": "#/components/schemas/Other"}]}
    one, other = part("One", type="string"), part("Other", maxLength=5)

    same = compare(document(both, One=one, Other=other), document({**both, "title": "t"}, One=one, Other=other))
    changed = compare(document(both, One=one, Other=other), document(both, One=one, Other=part("Other", maxLength=3)))

    assert same.verdict == "safe"
    assert [finding.rule for finding in changed.findings] == ["string.maxLength-lowered"]


def test_parts_that_double_with_each_reference_are_read_at_once() -> None:
    def twice(number: int) -> Any:
        return {"allOf": [{"$ref": f"#/components/schemas/L{number + 1}"}] * 2}

    ladder: dict[str, Any] = {f"L{number}": twice(number) for number in reversed(range(60))}

    made = document({"$ref": "#/components/schemas/L0"}, L60=STRING, **ladder)

    assert compare(made, document(STRING)).verdict == "safe"


def test_a_report_shows_what_is_proved_and_says_of_the_rest_where_it_reaches() -> None:
    proved = judged(STRING, INTEGER)
    shown = proved.model_copy(update={"findings": [proved.findings[0].model_copy(update={"code": "accepted"})]})
    suspected = judged({"type": "object"}, {"type": "object", "maxProperties": 1_000_000})

    assert "\n  its code  accepted\n" in as_text(shown)
    assert "old client sends" not in as_text(suspected)
    assert "\n  reaches   POST /things\n" in as_text(suspected)
    assert "```json" in as_markdown(proved)
    assert "```json" not in as_markdown(suspected)


def test_a_rule_with_a_reference_beside_it_is_compared_with_it() -> None:
    base = {"$ref": "#/components/schemas/A", "maxLength": 5, "not": {"$ref": "#/components/schemas/B"}}

    same = compare(
        document(base, A=STRING, B={"const": "x"}), document({**base, "title": "t"}, A=STRING, B={"const": "x"})
    )
    other = compare(document(base, A=STRING, B={"const": "x"}), document(base, A=STRING, B={"const": "y"}))

    assert same.verdict == "safe"
    assert [item.rule for item in other.findings] == ["keyword.unmodelled"]


def test_a_difference_on_a_cycle_is_seen_from_everywhere_on_it() -> None:
    def cycle(longest: int) -> Document:
        members = {"b": {"$ref": "#/components/schemas/B"}, "v": {**STRING, "maxLength": longest}}
        one = {"type": "object", "properties": members}
        other = {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/A"}}}
        raw = document({"$ref": "#/components/schemas/A"}, A=one, B=other).raw
        content: Json = {"application/json": {"schema": {"$ref": "#/components/schemas/B"}}}
        operation: Json = {"requestBody": {"content": content}, "responses": {"200": {"description": "fine"}}}
        return Document.checked({**raw, "paths": {**mapping(raw["paths"]), "/others": {"post": operation}}}, "test")

    (finding,) = compare(cycle(9), cycle(3)).findings

    assert finding.operations == ["POST /others", "POST /things"]


def test_a_chain_of_references_may_be_as_long_as_it_likes() -> None:
    following = [{"$ref": f"#/components/schemas/L{number}"} for number in range(3001)]
    links: dict[str, Any] = {f"L{n}": {"type": "object", "properties": {"next": following[n + 1]}} for n in range(3000)}
    ends = STRING, {**STRING, "title": "a note"}

    before, after = (document(following[0], **links, L3000=end) for end in ends)
    report = compare(before, after)

    assert report.verdict == "safe"


def test_where_the_second_prover_cannot_compare_the_search_decides() -> None:
    raw = json.loads((Path(__file__).parents[2] / "openapi/users.v2.json").read_text())
    closed = copy.deepcopy(raw)
    closed["components"]["schemas"]["UserPage"]["properties"]["items"]["unevaluatedItems"] = False

    report = compare(Document.checked(closed, "closed"), Document.checked(raw, "open"))

    assert [(finding.rule, finding.verdict) for finding in report.findings] == [("keyword.unmodelled", "undecided")]
