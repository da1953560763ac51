"""Whatever is lost between a model, its document and the generated model is noticed, and shown by a small payload."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from contracts.compat.document import Document
from contracts.tools.documents import Json, at
from contracts.tools.faults import ToolError
from contracts.tools.roundtrip.generation import NotGenerated, generate
from contracts.tools.roundtrip.leniencies import LENIENCIES, excuse
from contracts.tools.roundtrip.package import importable, module_of, package
from contracts.tools.roundtrip.payloads import Payloads
from contracts.tools.roundtrip.proof import Sides, prove
from contracts.tools.roundtrip.schemas import Rooted, gaps
from contracts.tools.roundtrip.shrinking import smallest
from contracts.tools.roundtrip.verdicts import Judge, same
from pydantic import BaseModel, JsonValue, ValidationError

from .garden import ORIGINALS, Branch, NewBed, Rose, Tulip, document, generated, proof


def member(said: Json, *steps: str) -> Json:
    return at(said, "components", "schemas", *steps)


def lowered(said: Json) -> None:
    member(said, "NewBed", "properties", "name")["maxLength"] = 4


def raised(said: Json) -> None:
    member(said, "Rose", "properties", "thorns")["maximum"] = 100


def unpatterned(said: Json) -> None:
    del member(said, "NewBed", "properties", "name")["pattern"]


def repatterned(said: Json) -> None:
    member(said, "NewBed", "properties", "name")["pattern"] = "^[a-zA-Z]+$"


def demanded(said: Json) -> None:
    member(said, "NewBed")["required"] = ["name", "rows"]


def optional(said: Json) -> None:
    member(said, "Rose")["required"] = ["kind"]


def nullable(said: Json) -> None:
    member(said, "Rose", "properties")["thorns"] = {"anyOf": [member(said, "Rose", "properties", "thorns"), NULL]}


def grown(said: Json) -> None:
    member(said, "Colour")["enum"] = ["red", "blue", "green"]


def shrunk(said: Json) -> None:
    member(said, "Colour")["enum"] = ["red"]


def untagged(said: Json) -> None:
    del member(said, "Bed", "properties", "flowers", "items")["discriminator"]


def retagged(said: Json) -> None:
    member(said, "Tulip", "properties", "kind")["const"] = "iris"
    tags = member(said, "Bed", "properties", "flowers", "items", "discriminator", "mapping")
    tags["iris"] = tags.pop("tulip")


def opened(said: Json) -> None:
    del member(said, "NewBed")["additionalProperties"]


def redefaulted(said: Json) -> None:
    member(said, "NewBed", "properties", "colour")["default"] = "blue"


def longer(said: Json) -> None:
    member(said, "Branch", "properties", "branches")["maxItems"] = 3


NULL: Json = {"type": "null"}
CHANGES: list[tuple[Callable[[Json], None], str, str, str]] = [
    (lowered, "NewBed", "/properties/name/maxLength: the document says 5, the generated model 4", '{"name": "xxxxx"}'),
    (raised, "Rose", "/properties/thorns/maximum: ", '{"kind": "rose", "thorns": 100}'),
    (unpatterned, "NewBed", "/properties/name/pattern: ", '{"name": ""}'),
    (repatterned, "NewBed", "/properties/name/pattern: ", '{"name": "A"}'),
    (demanded, "NewBed", "/required: ", '{"name": "a"}'),
    (optional, "Rose", "/required: ", '{"kind": "rose"}'),
    (nullable, "Rose", "/properties/thorns/", '{"kind": "rose", "thorns": null}'),
    (grown, "Colour", "/enum: ", '"green"'),
    (shrunk, "Colour", "/enum: ", '"blue"'),
    (retagged, "Tulip", "/properties/kind/const: ", '{"kind": "iris", "colour": "a"}'),
    (opened, "NewBed", "/additionalProperties: ", '{"name": "x", "Rows": 0}'),
    (redefaulted, "NewBed", "/properties/colour/default: ", '{"name": "a"}'),
    (
        longer,
        "Branch",
        "/properties/branches/maxItems: ",
        '{"branches": [{"branches": []}, {"branches": []}, {"branches": []}]}',
    ),
]


@pytest.mark.parametrize(
    ("change", "component", "place", "payload"), CHANGES, ids=lambda value: getattr(value, "__name__", None)
)
def test_a_change_is_named_by_its_place_and_shown_by_a_small_payload(
    tmp_path: Path, change: Callable[[Json], None], component: str, place: str, payload: str
) -> None:
    said = document()
    change(said)

    found = {difference.component: difference for difference in proof(said, tmp_path, count=500).differences}

    assert component in found, found
    assert any(line.startswith(place) for line in found[component].places), found[component].places
    assert found[component].payload == payload.encode()
    assert dict(found[component].verdicts)["model"] != dict(found[component].verdicts)["generated model"]


def test_models_that_nothing_was_lost_on_are_equal(tmp_path: Path) -> None:
    found = proof(document(), tmp_path)

    assert found.differences == []
    assert found.payloads >= 3000
    assert found.accepted > 300
    assert set(found.lenient) == {"whole-number"}


@pytest.mark.parametrize(
    ("swapped", "component", "payload"),
    [
        (("Annotated[StrictInt, Field(ge=0", "Annotated[int, Field(ge=0"), "Rose", b'{"kind": "rose", "thorns": "0"}'),
        (("Annotated[StrictBool", "Annotated[bool"), "Bed", None),
        (("] = None", "]"), "NewBed", b'{"name": "a"}'),
        (('Field(max_length=5, pattern="^[a-z]+$", title="Name")', "Field()"), "NewBed", b'{"name": ""}'),
        (("ge=0, le=99", "gt=0, le=99"), "Rose", b'{"kind": "rose", "thorns": 0}'),
        (('RED = "red"', 'RED = "rot"'), "Colour", b'"red"'),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_generated_model_that_means_something_else_is_caught(
    tmp_path: Path, swapped: tuple[str, str], component: str, payload: bytes | None
) -> None:
    found = {
        difference.component: difference for difference in proof(document(), tmp_path, swapped, count=500).differences
    }

    assert component in found
    assert payload in {None, found[component].payload}
    assert found[component].payload


def test_a_missing_discriminator_is_named_though_no_payload_shows_it(tmp_path: Path) -> None:
    said = document()
    untagged(said)

    (found,) = proof(said, tmp_path, count=500).differences

    assert found.component == "Bed"
    assert any("discriminator" in place for place in found.places)
    assert found.payload is None


def test_a_difference_within_another_component_is_told_once(tmp_path: Path) -> None:
    said = document()
    raised(said)

    found = proof(said, tmp_path, count=500).differences

    assert [difference.component for difference in found] == ["Rose"]


def test_a_validator_that_no_document_can_say_is_shown_by_a_payload(tmp_path: Path) -> None:
    class Odd(Rose):
        """A rose whose thorns are counted in pairs."""

        def model_post_init(self, context: Any) -> None:
            if self.thorns % 2:
                raise ValueError("thorns come in pairs")

    said = document()
    with generated(said, tmp_path) as kinds:
        found = prove(Sides(said, kinds, {**ORIGINALS, "Rose": Odd}), 500).differences

    assert found[0].component == "Rose"
    assert dict(found[0].verdicts) == {
        "model": "refuses it",
        "generated model": 'reads it as {"kind":"rose","thorns":1}',
        "document": "accepts it",
    }


def test_a_document_on_its_own_is_held_to_the_generated_models(tmp_path: Path) -> None:
    said = document()
    with generated(said, tmp_path, ("Annotated[StrictInt, Field(ge=0", "Annotated[int, Field(ge=0")) as kinds:
        found = prove(Sides(said, kinds), 500).differences

    assert found[0].component == "Rose"
    assert [side for side, _ in found[0].verdicts] == ["generated model", "document"]


def test_payloads_are_the_same_every_time_and_of_both_kinds() -> None:
    said = Document.checked(json.loads(json.dumps(document())), "garden")
    place = said.at("components", "schemas", "NewBed")

    once, again = (Payloads(said).of(place, 400) for _ in range(2))

    assert once == again
    assert len(once) == len(set(once)) >= 400
    assert 0.1 < sum(Judge(NewBed).verdict(payload) is not None for payload in once) / len(once) < 0.9


def test_few_payloads_of_a_small_schema_are_few() -> None:
    said = Document.checked(json.loads(json.dumps(document())), "garden")

    assert len(Payloads(said).of(said.at("components", "schemas", "Colour"), 100_000)) < 1000


def test_what_the_generator_would_drop_stops_it() -> None:
    said = document()
    member(said, "NewBed", "properties", "name")["format"] = "unheard-of"

    with pytest.raises(NotGenerated, match="UserWarning: format of 'unheard-of' not understood"):
        generate(said)


def test_a_component_without_a_model_stops_it() -> None:
    said = document()
    at(said, "components", "schemas")["New_Bed"] = at(said, "components", "schemas")["New Bed"] = {"type": "object"}

    with pytest.raises(NotGenerated, match=r"it made no model of New.Bed"):
        generate(said)


def test_the_same_document_gives_the_same_bytes() -> None:
    assert generate(document()) == generate(document())


@pytest.mark.parametrize("one", LENIENCIES, ids=lambda one: one.name)
def test_every_leniency_is_a_real_one(one: Any) -> None:
    judge = Judge(Rose)
    payload = json.dumps({"kind": "rose", "thorns": one.example}).encode()

    assert judge.verdict(payload) is None
    assert excuse(judge.complaints(payload)) is one


def test_what_no_leniency_explains_is_not_excused() -> None:
    judge = Judge(Rose)

    assert excuse(judge.complaints(b'{"kind": "rose", "thorns": 1.5}')) is None
    assert excuse(judge.complaints(b'{"kind": "rose", "thorns": 1}')) is None
    assert excuse(judge.complaints(b'{"kind": 1.0, "thorns": 1.0}')) is None


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (b'{"a":1,"b":2}', b'{"b":2,"a":1}', True),
        (b"1", b"1.0", False),
        (b"1", b"true", False),
        (None, b"1", False),
        (None, None, True),
    ],
)
def test_verdicts_are_compared_as_json(one: bytes | None, other: bytes | None, equal: bool) -> None:
    assert same(one, other) is equal


def places(one: JsonValue, other: JsonValue, whole: Json | None = None) -> list[str]:
    return [gap.place for gap in gaps(Rooted(one, whole or {}), Rooted(other, whole or {}))]


ONE, TWO, THREE = (Json(const=number) for number in (1, 2, 3))
TREE: Json = {
    "$defs": {
        "A": {"items": {"$ref": "#/$defs/A"}, "maxItems": 2},
        "B": {"items": {"$ref": "#/$defs/B"}, "maxItems": 2},
    }
}


MEANINGS: list[tuple[JsonValue, JsonValue, list[str]]] = [
    ({"title": "A", "x-a": 1}, {"description": "B"}, []),
    ({"type": ["string", "null"], "maxLength": 3}, {"anyOf": [NULL, {"type": "string", "maxLength": 3}]}, []),
    ({"enum": ["a"]}, {"const": "a"}, []),
    ({"enum": ["b", "a"]}, {"enum": ["a", "b"]}, []),
    ({"additionalProperties": True, "required": []}, {}, []),
    ({"anyOf": [{"anyOf": [ONE, TWO]}, THREE]}, {"anyOf": [THREE, TWO, ONE]}, []),
    ({"$ref": "#/$defs/A"}, {"$ref": "#/$defs/B"}, []),
    ({"default": 1}, {"default": True}, ["/default"]),
    ({"default": None}, {}, ["/default"]),
    ({"items": True}, {"items": {}}, ["/items"]),
    ({"anyOf": [{}]}, {"anyOf": [{}, {"const": 1}]}, ["/anyOf"]),
    ({"properties": {"a": {}}}, {"properties": {"b": {}}}, ["/properties/a", "/properties/b"]),
    (True, False, [""]),
    (True, True, []),
]


@pytest.mark.parametrize(("one", "other", "expected"), MEANINGS)
def test_schemas_are_compared_by_what_they_mean(one: JsonValue, other: JsonValue, expected: list[str]) -> None:
    assert places(one, other, TREE) == expected


def test_nothing_is_the_smallest_of_no_payloads() -> None:
    assert smallest([], lambda _: True) is None


def test_a_payload_shrinks_while_it_shows() -> None:
    payload = json.dumps({"a": [1, 2, {"b": "xxxxxxxx"}], "c": True, "d": 12345}).encode()

    assert smallest([payload], lambda made: b"xx" in made) == b'{"a": [{"b": "xx"}]}'


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("users.v2.json", ("users", "v2")),
        ("My API.yaml", ("my_api", "yaml")),
        ("3d.class.json", ("_3d", "_class")),
        (".json", ("_",)),
    ],
)
def test_a_module_is_named_after_its_document(name: str, module: tuple[str, ...]) -> None:
    assert module_of(name) == module


def test_source_that_python_does_not_take_is_the_documents_fault(tmp_path: Path) -> None:
    with (
        pytest.raises(ToolError, match="wanted generated models that can be imported"),
        importable(package({("broken",): "def"}), tmp_path),
    ):
        raise AssertionError


def test_the_models_of_a_garden_are_models(tmp_path: Path) -> None:
    with generated(document(), tmp_path) as kinds:
        assert issubclass(kinds["NewBed"], BaseModel)
        assert kinds["Branch"](branches=[]).model_dump() == Branch(branches=[]).model_dump()
        with pytest.raises(ValidationError):
            kinds["Tulip"].model_validate({"kind": "rose", "colour": "red"})

    assert Tulip(kind="tulip", colour="red")
