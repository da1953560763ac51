"""`contracts lint` names each breach of the wire rules, with a payload that two readers judge differently."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import jsonschema_rs
import pytest
from contracts.tools.linting.models import model_breaches
from contracts.tools.linting.subjects import linted
from contracts.wire import Line, Request, Response
from pydantic import AfterValidator, ConfigDict, Field, JsonValue, computed_field, field_validator
from typer.testing import Result

Run = Callable[..., Result]
TEXT = {"type": "string", "maxLength": 9}
LIVES = {"type": "integer", "minimum": 0, "maximum": 9}
CLOSED = {"type": "object", "additionalProperties": False}
CAT = {**CLOSED, "required": ["lives"], "properties": {"lives": LIVES}}
DOG = {**CLOSED, "required": ["tricks"], "properties": {"tricks": TEXT}}
EITHER = {"anyOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]}


def written(schema: Any, folder: Path, **more: Any) -> Path:
    """Write a document whose one request holds this schema."""
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Asked"}}}}
    asked = {
        "type": "object",
        "additionalProperties": False,
        "required": ["a"],
        "properties": {"a": schema},
    }
    answer = {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}}}}
    given = {"type": "object", "properties": {"b": TEXT}, "required": ["b"]}
    file = folder / "shop.json"
    file.write_text(
        json.dumps(
            {
                "openapi": "3.1.0",
                "paths": {"/a": {"post": {"operationId": "ask", "requestBody": body, "responses": answer}}},
                "components": {"schemas": {"Asked": asked, "Answer": given, "Cat": CAT, "Dog": DOG, **more}},
            }
        )
    )
    return file


def found(run: Run, *words: str | Path) -> dict[str, Any]:
    done = run("lint", *words, "--format", "json")
    report = json.loads(done.stdout)
    assert done.exit_code == bool(report["findings"])
    return {finding["rule"]: finding for finding in report["findings"]}


CLEAN: list[Any] = [
    TEXT,
    {"type": "string", "pattern": "^[0-9]{3}$"},
    {"type": ["string", "null"], "maxLength": 3},
    {"anyOf": [TEXT, {"type": "null"}]},
    {"type": "array", "maxItems": 3, "items": TEXT},
    {"type": "string", "enum": ["a"], "x-enum-varnames": ["A"]},
    {"oneOf": [{"$ref": "#/components/schemas/Cat"}], "discriminator": {"propertyName": "lives"}},
]
BROKEN: list[tuple[Any, str, JsonValue]] = [
    ({"type": "number"}, "number.float", 0.30000000000000004),
    ({"type": "integer", "minimum": 0}, "number.unbounded", 9007199254740993),
    ({"type": "array", "items": TEXT}, "array.unbounded", {"$repeat": "x", "$times": 1000001}),
    ({"type": "array"}, "array.unbounded", {"$repeat": "x", "$times": 1000001}),
    ({"type": "string"}, "string.unbounded", {"$repeat": "x", "$times": 1000001}),
    ({"type": "string", "pattern": "^a+$"}, "string.unbounded", {"$repeat": "x", "$times": 1000001}),
    ({"type": "object"}, "object.free", {"__proto__": 1}),
    ({"type": "object", "additionalProperties": TEXT}, "object.free", {"__proto__": "x"}),
    ({"type": "string", "maxLength": 9, "pattern": r"^\d$"}, "pattern.portable", "\u0661"),
    ({"type": "string", "maxLength": 9, "pattern": r"^\w$"}, "pattern.portable", "\u00e9"),
    ({"type": "string", "maxLength": 9, "pattern": r"^(?=a)a$"}, "pattern.portable", "x"),
    ({"type": "string", "maxLength": 9, "pattern": "^a"}, "pattern.anchored", "a!"),
    ({"type": "string", "maxLength": 9, "pattern": "a$"}, "pattern.anchored", "!a"),
    ({"type": "string", "maxLength": 40, "format": "date-time"}, "keyword.format", 1700000000),
    ({"type": "string", "maxLength": 40, "format": "odd"}, "keyword.format", "not of the format odd"),
    ({"type": "array", "maxItems": 3, "items": TEXT, "uniqueItems": True}, "keyword.uniqueItems", ["a", "a"]),
    ({"type": "number", "multipleOf": 0.1}, "keyword.multipleOf", 0.30000000000000004),
    ({"allOf": [{"type": "null"}]}, "keyword.allOf", "x"),
    ({"allOf": [{"$ref": "#/components/schemas/Dog"}]}, "keyword.allOf", "x"),
    ({"not": {"type": "string"}}, "keyword.not", "x"),
    ({"not": {"const": {"never": 1}}}, "keyword.not", "x"),
    ({"oneOf": [{"type": "null"}]}, "keyword.oneOf", None),
    ({"oneOf": []}, "keyword.oneOf", None),
    ({"anyOf": [TEXT, {"type": "boolean"}]}, "union.mixed", "1"),
    ({"type": ["boolean", "null", "string"], "maxLength": 3}, "union.mixed", "1"),
    (EITHER, "union.discriminator", {"lives": 1, "tricks": "x"}),
    ({"type": "string", "enum": ["in progress"]}, "enum.names", "in progress"),
]  # fmt: skip


@pytest.mark.parametrize("schema", CLEAN, ids=str)
def test_what_all_readers_judge_alike_is_clean(run: Run, tmp_path: Path, schema: Any) -> None:
    assert found(run, written(schema, tmp_path)) == {}


@pytest.mark.parametrize(("schema", "rule", "payload"), BROKEN, ids=str)
def test_each_breach_is_named_with_its_payload(
    run: Run, tmp_path: Path, schema: Any, rule: str, payload: JsonValue
) -> None:
    breach = found(run, written(schema, tmp_path))[rule]

    assert breach["place"] == "Asked.a"
    assert breach["payload"] == payload
    assert breach["taken_by"] != breach["refused_by"]


def test_the_payload_of_a_class_is_taken_in_unicode_alone(run: Run, tmp_path: Path) -> None:
    pattern = r"^[a-z]{2}-\d{2}$"
    payload = found(run, written({"type": "string", "pattern": pattern}, tmp_path))["pattern.portable"]["payload"]

    assert re.search(pattern, payload)
    assert not re.search(pattern, payload, re.ASCII)


def test_a_request_that_is_open_is_shown_an_unknown_member(run: Run, tmp_path: Path) -> None:
    opened = {"type": "object", "required": ["a"], "properties": {"a": TEXT}}

    breach = found(run, written(TEXT, tmp_path, Asked=opened))["request.open"]

    assert breach["payload"] == {"a": "x", "unknown_member": 1}


def test_an_answer_with_a_default_is_shown_without_the_member(run: Run, tmp_path: Path) -> None:
    given = {"type": "object", "required": ["b"], "properties": {"b": TEXT, "c": {**TEXT, "default": "x"}}}

    breach = found(run, written(TEXT, tmp_path, Answer=given))["answer.default"]

    assert (breach["place"], breach["payload"]) == ("Answer.c", {"b": "x"})


def test_a_schema_that_has_no_payload_is_shown_nothing(run: Run, tmp_path: Path) -> None:
    endless = {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#/components/schemas/Asked"}}}

    assert found(run, written(TEXT, tmp_path, Asked=endless))["request.open"]["payload"] == {"unknown_member": 1}


def test_ours_are_clean_and_said_to_be(run: Run) -> None:
    done = run("lint")

    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == "users v2: clean"
    assert len(done.stdout.splitlines()) == 7


def test_findings_are_counted_and_shown(run: Run, tmp_path: Path) -> None:
    one = run("lint", written({"type": "integer", "minimum": 0}, tmp_path))
    two = run("lint", written({"type": "number", "format": "double"}, tmp_path))

    assert one.exit_code == two.exit_code == 1
    assert one.stdout.splitlines()[0].endswith("shop.json: 1 finding")
    assert two.stdout.splitlines()[0].endswith("shop.json: 2 findings")
    assert "  Asked.a: is a number without bounds: say `ge` and `le`  [number.unbounded]" in one.stdout
    assert "    payload  9007199254740993" in one.stdout


def test_an_operation_without_an_id_goes_by_method_and_path(run: Run, tmp_path: Path) -> None:
    content = {"application/json": {"schema": {"type": "string"}}}
    document = {"openapi": "3.1.0", "paths": {"/a": {"post": {"requestBody": {"content": content}}}}}
    (tmp_path / "shop.json").write_text(json.dumps(document))

    lines = run("lint", tmp_path / "shop.json").stdout.splitlines()

    assert "  POST /a: request body application/json: " in "".join(lines[1:])


def test_services_and_modules_are_found_by_name(run: Run) -> None:
    users, module = run("lint", "users"), run("lint", "contracts.users.v2")

    assert users.stdout.splitlines() == ["users identity: clean", "users v1: clean", "users v2: clean"]
    assert module.stdout == "users v2: clean\n"


@pytest.mark.parametrize(
    ("name", "said"),
    [("nowhere.at_all", "found No module named 'nowhere'"), ("contracts.compat.values", "wanted models or an Api")],
)
def test_a_module_that_cannot_be_linted_is_refused(run: Run, name: str, said: str) -> None:
    done = run("lint", name)

    assert f"{name}: wanted " in str(done.exception)
    assert said in str(done.exception)


def test_a_file_that_is_not_there_is_unreadable(run: Run) -> None:
    assert "no such file" in str(run("lint", "no/such.json").exception)


def test_a_module_of_models_alone_is_linted_by_its_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lonely.py").write_text(
        "from pydantic import BaseModel\nclass Naive(BaseModel):\n    when: str\nclass Wise(BaseModel):\n    pass\n"
    )
    monkeypatch.setattr("sys.path", [str(tmp_path), *sys.path])

    ((name, breaches),) = linted(["lonely"])

    assert name == "lonely"
    assert [breach.rule for breach in breaches] == ["string.unbounded", "model.example", "model.example"]


class Even(Request):
    """A model with a rule that its schema does not say."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"value": "aa"}]})

    value: Line

    @field_validator("value")
    @classmethod
    def even(cls, value: str) -> str:
        if len(value) % 2:
            raise ValueError("of even length")
        return value


class Total(Request):
    """A model that writes more than it reads."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"value": "a"}]})

    value: Line

    @computed_field
    @property
    def twice(self) -> Line:
        return self.value * 2


class Renamed(Request):
    """A model with a name of its own for a member."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"worth": "a"}]})

    value: Annotated[Line, Field(alias="worth")]


class Lax(Request):
    """A model that reads texts as numbers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"value": 1, "strict": True}]})

    value: Annotated[int, Field(ge=0, le=9)]
    strict: Annotated[bool, Field(strict=True)]


class Made(Request):
    """A model with a default that is made."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"value": "a"}]})

    value: Annotated[Line, Field(default_factory=str)]


class Given(Response):
    """An answer with a default."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"value": "a"}]})

    value: Line = "a"


class Bare(Request):
    """A model without an example, and with a rule that refuses nothing."""

    value: Annotated[Line, AfterValidator(str.strip)]

    @field_validator("value")
    @classmethod
    def nothing(cls, value: str) -> str:
        return value


class Wrong(Request):
    """A model whose example is not one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"value": ""}]})

    value: Line


@pytest.mark.parametrize(
    ("model", "rule", "payload"),
    [
        (Total, "model.computed", {"value": "a", "twice": None}),
        (Renamed, "model.alias", {"worth": "a", "value": None}),
        (Lax, "model.lax", {"value": "1", "strict": True}),
        (Made, "model.default", {}),
        (Given, "answer.default", {}),
        (Bare, "model.example", None),
        (Bare, "model.validator", {}),
        (Wrong, "model.example", {"value": ""}),
    ],
)
def test_what_only_a_model_says_is_shown_too(model: Any, rule: str, payload: JsonValue) -> None:
    assert {breach.rule: breach.payload for breach in model_breaches(model)}[rule] == payload


def test_the_payload_of_a_validator_is_one_that_the_schema_takes() -> None:
    (breach,) = model_breaches(Even)

    assert breach.rule == "model.validator"
    assert jsonschema_rs.is_valid(Even.model_json_schema(), breach.payload)
    with pytest.raises(ValueError, match="of even length"):
        Even.model_validate(breach.payload)
