"""References: recursion, names, cycles and chains, and how OpenAPI 3.0 refers."""

from typing import Any

import pytest
from contracts.compat.comparing import compare
from contracts.compat.document import Document
from contracts.compat.failures import Unreadable
from contracts.compat.values import Json, mapping

from .small_documents import INTEGER, NAMED, STRING, document

TREE: dict[str, Any] = {
    "type": "object",
    "properties": {"value": STRING, "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}},
}


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
