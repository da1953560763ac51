"""Where an argument travels is read from its annotation and from the path."""

from typing import Annotated, Any

import pytest
from contracts.answers import Upload
from contracts.places import File, Form, Header, IdempotencyKey, IfMatch, Place, bare, read_parameters
from contracts.wire import Count, Id, Query, Request


class Body(Request):
    """A body."""


class Filter(Query):
    """A filter."""


async def everything(
    self: Any,
    thing_id: Id,
    body: Body,
    login: Annotated[Body, Form()],
    picture: Annotated[Upload, File()],
    query: Filter,
    trace: Annotated[str, "noted", Header("X-Trace")],
    size: Count = 3,
    words: list[str] | None = None,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> None: ...


PARAMETERS = {parameter.name: parameter for parameter in read_parameters(everything, "/v1/things/{thing_id}")}


@pytest.mark.parametrize(
    ("name", "place", "wire_name", "required"),
    [
        ("thing_id", Place.PATH, "thing_id", True),
        ("body", Place.BODY, "body", True),
        ("login", Place.FORM, "login", True),
        ("picture", Place.FILE, "picture", True),
        ("query", Place.QUERY_MODEL, "query", True),
        ("trace", Place.HEADER, "X-Trace", True),
        ("size", Place.QUERY, "size", False),
        ("words", Place.QUERY, "words", False),
        ("key", Place.HEADER, "Idempotency-Key", False),
        ("if_match", Place.HEADER, "If-Match", False),
    ],
)
def test_an_argument_has_its_place(name: str, place: Place, wire_name: str, required: bool) -> None:
    parameter = PARAMETERS[name]

    assert (parameter.place, parameter.wire_name, parameter.required) == (place, wire_name, required)


def test_a_parameter_reads_as_it_is_written() -> None:
    assert str(PARAMETERS["size"]).endswith("= 3")
    assert str(PARAMETERS["body"]) == f"body: {__name__}.Body" or str(PARAMETERS["body"]).endswith("Body")


def test_metadata_comes_off() -> None:
    assert PARAMETERS["size"].type is int
    assert bare(str) is str
