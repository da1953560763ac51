"""Generated values reach the edges of what a schema takes, and nothing beyond."""

import re
from collections.abc import Callable
from typing import Annotated

import pytest
from contracts.tools.documents import Json
from contracts.tools.faults import ToolError
from contracts.tools.strategies import json_values, values
from contracts.wire import Choice, Line, Open, Request
from hypothesis import HealthCheck, Phase, find, given, settings
from pydantic import MISSING, Field, field_validator

QUICK = settings(
    max_examples=1000, database=None, derandomize=True, deadline=None, phases=[Phase.generate, Phase.shrink]
)


class Size(Choice):
    """How large."""

    SMALL = "small"
    LARGE = "large"


class Hat(Request):
    """A hat."""

    name: Line
    size: Open[Size]
    year: Annotated[int, Field(strict=True, ge=1900, le=2100)]
    worn: bool
    note: Annotated[str, Field(max_length=3)] | None
    tags: Annotated[list[Annotated[str, Field(min_length=2, max_length=2, pattern="^[a-z]+$")]], Field(max_length=7)]
    price: int | MISSING = Field(default=MISSING, ge=0, le=9)


REACHED: dict[str, Callable[[Hat], bool]] = {
    "a name of one character": lambda hat: len(hat.name) == 1,
    "the longest name": lambda hat: len(hat.name) == 100,
    "a name with two blanks in a row": lambda hat: "  " in hat.name,
    "a name outside of Latin": lambda hat: any(ord(letter) > 0x2000 for letter in hat.name),
    "the earliest year": lambda hat: hat.year == 1900,
    "the latest year": lambda hat: hat.year == 2100,
    "a known size": lambda hat: hat.size == Size.LARGE,
    "a stranger of a size": lambda hat: hat.size not in set(Size),
    "no note": lambda hat: hat.note is None,
    "no tags": lambda hat: hat.tags == [],
    "as many tags as may be": lambda hat: len(hat.tags) == 7,
    "different tags": lambda hat: len(set(hat.tags)) > 2,
    "an absent member": lambda hat: hat.price is MISSING,
    "a present member": lambda hat: hat.price is not MISSING,
}


@pytest.mark.parametrize("edge", REACHED)
def test_an_edge_is_reached(edge: str) -> None:
    hat = find(values(Hat), REACHED[edge], settings=QUICK)

    assert REACHED[edge](hat)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(values(Hat))
def test_what_is_generated_is_what_the_model_takes(hat: Hat) -> None:
    assert Hat.model_validate_json(hat.model_dump_json()) == hat


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(json_values({"type": "array", "items": {"const": 1}, "minItems": 6}))
def test_a_list_without_an_upper_bound_is_still_a_list(items: list[int]) -> None:
    assert len(items) >= 6


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(json_values({"type": "string", "pattern": "^(?:a|bc)?$"}))
def test_a_pattern_may_take_nothing_at_all(text: str) -> None:
    assert re.fullmatch("(?:a|bc)?", text)


UNPORTABLE: list[Json] = [{"type": "number"}, {"oneOf": []}, {"type": "null", "anyOf": [{}]}]


@pytest.mark.parametrize("schema", UNPORTABLE)
def test_what_is_outside_the_subset_is_refused(schema: Json) -> None:
    with pytest.raises(ToolError, match="wanted a schema of the portable subset, found"):
        find(json_values(schema), lambda _: True)


class Even(Request):
    """An even number, which no schema can say."""

    value: Annotated[int, Field(ge=0, le=9)]

    @field_validator("value")
    @classmethod
    def even(cls, value: int) -> int:
        if value % 2:
            raise ValueError("is odd")
        return value


def test_a_model_that_takes_less_than_its_schema_says_is_refused() -> None:
    with pytest.raises(ToolError, match=r"Even: its schema takes \{'value': [13579]\}, and it does not"):
        find(values(Even), lambda even: False, settings=QUICK)
