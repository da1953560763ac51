"""What leaves the portable subset is named, with what to write instead."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from contracts.operation import Api, operation
from contracts.places import Form
from contracts.tools.linting.portable import portability_faults
from contracts.wire import Flag, Id, Line, Page, Request, Response, Timestamp
from pydantic import BaseModel, ConfigDict, Field, computed_field, create_model, field_validator

from .kiosk import Door, Kiosk, OldKiosk


class Shade(StrEnum):
    """An enum that does not tell its members' names."""

    DARK = "dark"


class Lax(Request):
    """A model that takes unknown members."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"examples": [{}]})


class Checked(Request):
    """A model with a rule of its own."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"value": "a"}]})

    value: Line

    @field_validator("value")
    @classmethod
    def nothing(cls, value: str) -> str:
        return value


class Computed(Request):
    """A model with a member that is computed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})

    @computed_field
    @property
    def value(self) -> Line:
        return "a"


class Bare(Request):
    """A model without an example."""


class Wrong(Request):
    """A model whose example is not one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"value": "", "other": 1}]})

    value: Line


class Forgetful(Response):
    """A response with a default."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"value": "a"}]})

    value: Line = "a"


def model_of(kind: Any, example: Any) -> type[BaseModel]:
    """Make a request with one member of this type."""
    config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"value": example}]})
    return create_model("Held", __config__=config, __doc__="A model.", value=(kind, ...))


def faults(sent: Any, said: Any = None) -> list[str]:
    """Find what is wrong with an API that takes and answers this."""

    async def send(self: Api, body: Any) -> Any:
        """Send it."""

    send.__annotations__ = {"body": sent, "return": said}

    class Probe(Api, service="probe", version="v1"):
        """A probe."""

        probe = operation("POST", "/v1/probe", status=200 if said else 204)(send)

    return [fault.removeprefix("probe v1: ") for fault in portability_faults(Probe)]


GOOD: list[tuple[Any, Any]] = [
    (Id, "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87"),
    (Timestamp, "2026-11-21T09:30:00Z"),
    (Annotated[str | None, Field(max_length=3)], None),
    (Literal["a"], "a"),
    (Flag, True),
    (Annotated[list[Line], Field(max_length=3)], ["a"]),
    (Annotated[int, Field(strict=True, ge=0, le=9)], 1),
    (Annotated[str, Field(pattern=r"^a{1,3}[*+]\+$")], "a*+"),
]

WRONG: list[tuple[Any, Any, str]] = [
    (float, 1.5, "Held.value: is a float, which is not exact"),
    (Annotated[Decimal, Field(ge=0)], "1.5", "Held.value: is a float, which is not exact"),
    (datetime, "2026-11-21T09:30:00Z", "Held.value: says `format`"),
    (Annotated[set[Line], Field(max_length=3)], ["a"], "Held.value: says `uniqueItems`"),
    (dict[str, Line], {"a": "b"}, "Held.value: is a dict: make it a model"),
    (Annotated[int, Field(strict=True, ge=0)], 1, "Held.value: is a number without bounds"),
    (list[Line], ["a"], "Held.value: is a list without a bound"),
    (Annotated[list[str], Field(max_length=3)], ["a"], "Held.value[]: is a string without a bound"),
    (str, "a", "Held.value: is a string without a bound"),
    (Annotated[str, Field(pattern="^a+$")], "a", "Held.value: is a string without a bound"),
    (Annotated[str, Field(pattern="^a{2,}$")], "aa", "Held.value: is a string without a bound"),
    (Annotated[str, Field(max_length=3, pattern=r"^\d$")], "1", r"Held.value: has `\d` in its pattern"),
    (Annotated[str, Field(max_length=3, pattern="^(?i:a)$")], "A", "Held.value: has `(?` in its pattern"),
    (Annotated[str, Field(max_length=3, pattern="a")], "a", "Held.value: has a pattern without `^` and `$`"),
    (Shade, "dark", "Shade: is an enum without member names"),
    (Literal["a", "b"], "a", "Held.value: is an enum without member names"),
    (Annotated[Line, Field(alias="worth")], "a", "Held.value: has an alias"),
    (Annotated[int, Field(ge=0, le=9)], 1, "Held.value: takes the text `1` for 1: say `strict=True`"),
    (bool, True, "Held.value: takes the text `true` for true: say `strict=True`"),
    (Annotated[Line, Field(default_factory=str)], "a", "Held.value: has a default that is made"),
]


@pytest.mark.parametrize("api", [Kiosk, OldKiosk, Door])
def test_an_api_in_the_subset_has_no_fault(api: type[Api]) -> None:
    problems = [fault for fault in portability_faults(api) if "SoldOutProblem: its example" not in fault]

    assert problems == []


@pytest.mark.parametrize(("kind", "example"), GOOD)
def test_what_is_portable_passes(kind: Any, example: Any) -> None:
    assert faults(model_of(kind, example)) == []


@pytest.mark.parametrize(("kind", "example", "sentence"), WRONG)
def test_what_is_not_is_named(kind: Any, example: Any, sentence: str) -> None:
    found = faults(model_of(kind, example))

    assert any(fault.startswith(sentence) for fault in found), found


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (Lax, "Lax: takes unknown members, and a request refuses them: derive it from `wire.Request`"),
        (Checked, "Checked: has a validator, which no schema can say: make it a rule of the service"),
        (Computed, "Computed: has a computed field, which no request could hold: make it a field"),
        (Bare, "Bare: has no example: add one to `json_schema_extra`"),
        (Wrong, "Wrong: its example is not one: /value: String should have at least 1 character"),
        (Wrong, "Wrong: its example is not one: /other: Extra inputs are not permitted"),
    ],
)
def test_a_model_that_a_schema_cannot_tell_of_is_named(model: type[BaseModel], sentence: str) -> None:
    assert sentence in faults(model)


def test_a_response_has_no_defaults() -> None:
    found = faults(Bare, Page[Forgetful])

    assert "Forgetful.value: has a default, which makes it optional for every client: take it away" in found


def test_a_form_takes_numbers_as_text_and_ignores_what_it_does_not_know() -> None:
    class Filled(BaseModel):
        """A form."""

        model_config = ConfigDict(json_schema_extra={"examples": [{"size": 1}]})

        size: Annotated[int, Field(ge=0, le=9)]

    class Probe(Api, service="probe", version="v1"):
        """A probe."""

        @operation("POST", "/v1/probe", status=204)
        async def send(self, form: Annotated[Filled, Form()]) -> None:
            """Send it."""
            ...

    assert portability_faults(Probe) == []


def test_parameters_are_held_to_the_subset_too() -> None:
    class Probe(Api, service="probe", version="v1"):
        """A probe."""

        @operation("GET", "/v1/probe", status=204)
        async def look(self, words: str, size: int = 1) -> None:
            """Look."""
            ...

    assert portability_faults(Probe) == [
        "probe v1: look: query parameter words: is a string without a bound: say `max_length`",
        "probe v1: look: query parameter size: is a number without bounds: say `ge` and `le`",
    ]
