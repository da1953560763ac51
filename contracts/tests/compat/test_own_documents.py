"""Edits of our own documents, such as somebody makes on a working day: each is judged rightly, and proved."""

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from contracts.compat.comparing import compare
from contracts.compat.document import Document
from contracts.compat.findings import Report
from contracts.compat.values import tokens
from outside import confirmed

OPENAPI = Path(__file__).parents[2] / "openapi"
GONE = object()
TEXT = {"type": "string", "maxLength": 20}
SCHEMAS = "/components/schemas"
PLACE = "/paths/~1v2~1orders/post"
CANCEL = "/paths/~1v2~1orders~1{order_id}~1cancel/post"
CARDS = "/paths/~1v2~1product-cards/get/parameters/0"
PICTURE = "/paths/~1v2~1products~1{product_id}~1image/get/responses/200/content"
TOKEN = "/paths/~1oauth~1token/post/requestBody/content"
FORM = {"schema": {"$ref": "#/components/schemas/TokenRequest"}}
SEVENTH = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
WHY = {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
LINE = {"allOf": [{"$ref": "#/components/schemas/NewLine"}], "properties": {"kind": TEXT}, "required": ["kind"]}

Edit = tuple[str, Mapping[str, Any]]

BREAKING: dict[str, tuple[str, str, Mapping[str, Any]]] = {
    "a list moves one level down": (
        "property.required-missing",
        "users.v2",
        {f"{SCHEMAS}/UserPage/properties": {"data": TEXT}, f"{SCHEMAS}/UserPage/required": ["data"]},
    ),
    "a name becomes one text": ("type.narrowed", "users.v2", {f"{SCHEMAS}/User/properties/name": TEXT}),
    "a moment becomes seconds": (
        "type.narrowed",
        "users.v2",
        {f"{SCHEMAS}/User/properties/created_at": {"type": "integer"}},
    ),
    "a moment may have any zone": (
        "string.pattern",
        "users.v2",
        {f"{SCHEMAS}/User/properties/created_at": {"type": "string", "format": "date-time"}},
    ),
    "a password wants a digit": (
        "string.pattern",
        "users.v2",
        {f"{SCHEMAS}/NewUser/properties/password/pattern": r"^(?=.*[0-9])[^\x00]*$"},
    ),
    "changes of nothing are refused": (
        "object.minProperties-raised",
        "users.v2",
        {f"{SCHEMAS}/UserChanges/minProperties": 1},
    ),
    "prices get a third place": (
        "string.pattern",
        "catalog.v2",
        {f"{SCHEMAS}/Price/properties/amount/pattern": r"^(?:0|[1-9][0-9]{0,9})\.[0-9]{2,3}$"},
    ),
    "stock may be owed": (
        "number.minimum-raised",
        "catalog.v2",
        {f"{SCHEMAS}/Stock/properties/available/minimum": -1},
    ),
    "a part of a form has another name": (
        "property.required-missing",
        "catalog.v2",
        {
            f"{SCHEMAS}/Body_put_image/properties": {"file": {"type": "string"}},
            f"{SCHEMAS}/Body_put_image/required": ["file"],
        },
    ),
    "ids are written with commas": ("parameter.style-changed", "catalog.v2", {f"{CARDS}/explode": False}),
    "pictures come in one format": ("response.media-type-removed", "catalog.v2", {f"{PICTURE}/image~1png": GONE}),
    "lines say what they are of": (
        "type.narrowed",
        "orders.v2",
        {f"{SCHEMAS}/NewOrder/properties/lines/items": LINE},
    ),
    "an order is never done at once": ("response.status-removed", "orders.v2", {f"{PLACE}/responses/201": GONE}),
    "amounts become numbers": (
        "type.narrowed",
        "orders.v2",
        {f"{SCHEMAS}/Money/properties/amount": {"type": "number"}},
    ),
    "cancelling wants a reason": ("body.required-added", "orders.v2", {f"{CANCEL}/requestBody": WHY}),
    "tokens are asked for in JSON": (
        "body.media-type-removed",
        "users.identity",
        {f"{TOKEN}/application~1x-www-form-urlencoded": GONE, f"{TOKEN}/application~1json": FORM},
    ),
}
HARMLESS: dict[str, Edit] = {
    "a status is spelled out": (
        "users.v2",
        {f"{SCHEMAS}/RoleChange/properties/role": {"type": "string", "enum": ["staff", "customer"]}},
    ),
    "ids of answers are of one kind": (
        "users.v2",
        {f"{SCHEMAS}/Person/properties/id/pattern": SEVENTH},
    ),
    "a bound is said by the number before it": (
        "catalog.v2",
        {
            f"{SCHEMAS}/Adjustment/properties/delta/minimum": GONE,
            f"{SCHEMAS}/Adjustment/properties/delta/exclusiveMinimum": -1_000_001,
        },
    ),
    "a note may be left": ("orders.v2", {f"{SCHEMAS}/NewOrder/properties/note": TEXT}),
    "answers tell a note": ("orders.v2", {f"{SCHEMAS}/Order/properties/note": TEXT}),
    "an enumeration is written as a choice": (
        "orders.v2",
        {f"{SCHEMAS}/Part": {"oneOf": [{"const": "products"}, {"const": "customer"}]}},
    ),
    "an order may have more lines": ("orders.v2", {f"{SCHEMAS}/NewOrder/properties/lines/maxItems": 60}),
    "a line may have a limit of its own": (
        "orders.v2",
        {f"{SCHEMAS}/NewLine/allOf": [{"properties": {"quantity": {"maximum": 2000}}}]},
    ),
    "an operation is new": ("orders.v2", {"/paths/~1v2~1baskets": {"get": {"responses": {"204": {}}}}}),
    "tokens become shorter": ("users.identity", {f"{SCHEMAS}/Token/properties/access_token/maxLength": 3000}),
    "what is said for people is said better": (
        "users.identity",
        {"/info/description": "Tokens.", f"{SCHEMAS}/Token/description": "A token."},
    ),
}


def judged(name: str, changes: Mapping[str, Any]) -> tuple[Report, Any, Any]:
    """Edit a document at some places and compare it with what it was."""
    base = json.loads((OPENAPI / f"{name}.json").read_text())
    revision = deepcopy(base)
    for pointer, value in changes.items():
        *way, last = tokens(pointer)
        there = revision
        for step in way:
            there = there[int(step) if isinstance(there, list) else step]
        if value is GONE:
            del there[last]
        else:
            there[last] = value
    return compare(Document.checked(base, "base"), Document.checked(revision, "revision")), base, revision


@pytest.mark.parametrize("edit", BREAKING)
def test_a_breaking_edit_is_told_and_its_proof_holds_before_another_judge(edit: str) -> None:
    rule, name, changes = BREAKING[edit]

    report, base, revision = judged(name, changes)

    proved = [finding for finding in report.findings if finding.verdict == "breaking"]
    assert rule in {finding.rule for finding in proved}
    for finding in proved:
        if finding.source == "schema":
            assert confirmed(base, revision, finding.model_dump(mode="json")), finding.message


@pytest.mark.parametrize("edit", HARMLESS)
def test_a_harmless_edit_is_safe(edit: str) -> None:
    report, _, _ = judged(*HARMLESS[edit])

    assert report.verdict == "safe", [finding.message for finding in report.findings]
