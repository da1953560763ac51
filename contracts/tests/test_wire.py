"""Value types take exactly what their schema says, and are richer in Python."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any
from uuid import UUID

import pytest
from contracts.dialect import ENVELOPE
from contracts.wire import (
    Choice,
    Count,
    Cursor,
    Email,
    Flag,
    Holder,
    Id,
    Line,
    Money,
    Open,
    Page,
    PageSize,
    Quantity,
    Query,
    Request,
    Response,
    Skip,
    Text,
    Timestamp,
)
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

UUID_TEXT = "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87"


class Size(Choice):
    """How large."""

    SMALL = "small"
    LARGE = "large"


class Hat(Response):
    """A hat."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"size": "small"}]})

    size: Size


def takes(kind: Any, json: str) -> bool:
    try:
        TypeAdapter(kind).validate_json(json)
    except ValidationError:
        return False
    return True


GOOD = [
    (Id, f'"{UUID_TEXT}"'),
    (Timestamp, '"2026-11-21T09:30:00Z"'),
    (Timestamp, '"2024-02-29T23:59:59.123456Z"'),
    (Timestamp, '"2024-02-29T23:59:59.500000Z"'),
    (Email, '"ada@example.com"'),
    (Line, '"A"'),
    (Line, '"Ada King-Byron"'),
    (Text, '""'),
    (Text, '"one\\ntwo"'),
    (Cursor, '"abc_-9"'),
    (Count, "0"),
    (Quantity, "1000"),
    (Flag, "true"),
    (PageSize, '"100"'),
    (Skip, "100000"),
    (Open[Size], '"small"'),
    (Open[Size], '"extra_large"'),
]
BAD = [
    (Id, f'"{UUID_TEXT.upper()}"'),
    (Timestamp, '"2026-11-21T09:30:00.000000Z"'),
    (Timestamp, '"2026-11-21T09:30:00.5Z"'),
    (Id, '"{0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87}"'),
    (Id, '"0199b2a07c1e7d6a9a553f2d1c0b9a87"'),
    (Id, "1"),
    (Timestamp, "1700000000"),
    (Timestamp, '"1700000000"'),
    (Timestamp, '"2026-11-21T09:30:00"'),
    (Timestamp, '"2026-11-21T09:30:00+01:00"'),
    (Timestamp, '"2026-02-29T09:30:00Z"'),
    (Timestamp, '"2026-11-31T09:30:00Z"'),
    (Timestamp, '"1999-12-31T23:59:59Z"'),
    (Email, '"ada@localhost"'),
    (Email, '"ada"'),
    (Line, '""'),
    (Line, '" A"'),
    (Line, '"A\\u0000B"'),
    (Line, '"' + "x" * 101 + '"'),
    (Text, '"a\\u0000"'),
    (Cursor, '"a b"'),
    (Count, "-1"),
    (Count, '"1"'),
    (Count, "1.0"),
    (Quantity, "0"),
    (Flag, '"true"'),
    (Flag, "1"),
    (PageSize, "101"),
    (Skip, "-1"),
    (Open[Size], '"Extra Large"'),
    (Open[Size], '""'),
]


@pytest.mark.parametrize(("kind", "json"), GOOD)
def test_what_the_schema_takes_is_taken(kind: Any, json: str) -> None:
    assert takes(kind, json)


@pytest.mark.parametrize(("kind", "json"), BAD)
def test_what_the_schema_refuses_is_refused(kind: Any, json: str) -> None:
    assert not takes(kind, json)


def test_ids_and_times_are_objects_in_python_and_text_on_the_wire() -> None:
    ids, times = TypeAdapter(Id), TypeAdapter(Timestamp)
    moment = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)

    assert ids.validate_json(f'"{UUID_TEXT}"') == UUID(UUID_TEXT) == ids.validate_python(UUID_TEXT)
    assert ids.validate_python(UUID(UUID_TEXT)) == UUID(UUID_TEXT)
    assert times.validate_json('"2026-11-21T09:30:00Z"') == moment == times.validate_python(moment)
    assert ids.dump_json(UUID(UUID_TEXT)) == f'"{UUID_TEXT}"'.encode()
    assert takes(Timestamp, times.dump_json(moment).decode())


@pytest.mark.parametrize("moment", [datetime(2026, 1, 1), datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1)))])  # noqa: DTZ001 (the fault itself)
def test_a_time_that_is_not_utc_is_refused_in_python_too(moment: datetime) -> None:
    with pytest.raises(ValidationError, match="Input should be text such as 2026-11-21"):
        TypeAdapter(Timestamp).validate_python(moment)


def test_an_id_has_the_schema_of_its_pattern_alone() -> None:
    schema = TypeAdapter(Id).json_schema()

    assert schema.keys() == {"type", "pattern", "examples"}


def test_a_choice_tells_its_members_names() -> None:
    schema = TypeAdapter(Size).json_schema()

    assert (schema["enum"], schema["x-enum-varnames"]) == (["small", "large"], ["SMALL", "LARGE"])


def test_an_open_choice_keeps_strangers_and_knows_its_own() -> None:
    sizes = TypeAdapter[Any](Open[Size])

    assert sizes.validate_json('"small"') is Size.SMALL
    assert sizes.validate_json('"huge"') == "huge"
    assert sizes.json_schema()["x-extensible-enum"] == ["small", "large"]


@pytest.mark.parametrize(
    ("cents", "amount"), [(0, "0.00"), (5, "0.05"), (1999, "19.99"), (10**12 - 1, "9999999999.99")]
)
def test_money_is_minor_units_in_exact_text(cents: int, amount: str) -> None:
    money = Money.of(cents)

    assert (money.amount, money.currency, money.cents) == (amount, "EUR", cents)


@pytest.mark.parametrize("amount", ["1", "1.5", "01.00", "-1.00", "1.000", "10000000000.00", "1,00"])
def test_an_amount_in_another_spelling_is_refused(amount: str) -> None:
    with pytest.raises(ValidationError):
        Money(amount=amount, currency="EUR")


@pytest.mark.parametrize(("kind", "taken"), [(Request, False), (Money, False), (Response, True), (Query, True)])
def test_only_what_is_sent_refuses_unknown_members(kind: type[Any], taken: bool) -> None:
    assert takes(kind, '{"amount": "1.00", "currency": "EUR", "other": 1}') is taken


def test_a_page_is_named_after_what_it_holds() -> None:
    page: Any = Page[Hat]

    assert page.__name__ == "HatPage"
    assert page.model_config["json_schema_extra"] == {"examples": [{"items": [{"size": "small"}], "next_cursor": None}]}
    assert takes(page, '{"items": [{"size": "small"}], "next_cursor": null}')
    assert Page[Hat] is page


def test_a_holder_says_what_an_example_of_it_looks_like() -> None:
    with pytest.raises(TypeError, match="Holder does not say what an example of it looks like"):
        Holder.holding({})


def test_a_list_is_held_with_its_bound() -> None:
    held = ENVELOPE.reply(Annotated[list[Hat], Field(max_length=2)])

    assert held.__name__ == "HatListEnvelope"
    assert held.model_json_schema()["properties"]["data"]["maxItems"] == 2
    assert held.model_config["json_schema_extra"]["examples"][0]["data"] == [{"size": "small"}]
