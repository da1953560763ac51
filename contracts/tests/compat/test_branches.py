"""Branches of unions: found again, told apart by tags, and broken deep inside."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from contracts.compat.comparing import compare
from contracts.compat.document import Document

from .small_documents import BOOLEAN, INTEGER, NAMED, STRING, document, judged


def test_a_branch_is_found_again_by_its_name() -> None:
    union = {"anyOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]}
    other = {"type": "object", "properties": {"z": STRING}, "required": ["z"]}

    report = compare(document(union, A=NAMED, B=other), document(union, A={**NAMED, "required": ["a", "b"]}, B=other))

    assert [(item.rule, item.pointer.revision) for item in report.findings] == [
        ("property.became-required", "/components/schemas/A/properties/b")
    ]


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


def test_where_the_second_prover_cannot_compare_the_search_decides() -> None:
    raw = json.loads((Path(__file__).parents[2] / "openapi/users.v2.json").read_text())
    closed = copy.deepcopy(raw)
    closed["components"]["schemas"]["UserPage"]["properties"]["items"]["unevaluatedItems"] = False

    report = compare(Document.checked(closed, "closed"), Document.checked(raw, "open"))

    assert [(finding.rule, finding.verdict) for finding in report.findings] == [("keyword.unmodelled", "undecided")]
