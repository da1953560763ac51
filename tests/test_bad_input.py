"""Bad input at every door: each operation of each version refuses it clearly, in its own words, and never fails."""

import json
from collections.abc import AsyncGenerator, Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from contracts.codec import WireRequest
from contracts.errors import (
    ApiError,
    BadRequest,
    Forbidden,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    Unauthenticated,
    UnsupportedMediaType,
)
from contracts.operation import Operation
from contracts.places import BODIES, Place
from contracts.tools.apis import apis

from .doors.judging import faults
from .doors.mutants import ambiguous_texts, broken_forms, broken_texts, broken_values, enriched_values
from .doors.requests import good_request, query_of
from .doors.services import Services, serving

pytestmark = pytest.mark.anyio

Op = Operation[..., Any]

OPERATIONS = [op for api in apis().values() for op in api.operations()]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
MEDIA = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/jsonp",
    "text/plain",
    "x",
    "",
)
NO_SIGNATURE = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9."
"""Of the algorithm `none`."""


def cases(found: list[Op]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("op", [pytest.param(op, id=op.label.replace(" ", ".")) for op in found])


def with_body(*places: Place) -> list[Op]:
    return [op for op in OPERATIONS if op.body and op.body.place in places]


def body_type(op: Op) -> Any:
    return op.body.annotation if op.body else None


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Keep the services running from one test to the next."""
    return "asyncio"


@pytest.fixture(scope="module")
async def services(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Services]:
    async with serving(tmp_path_factory.mktemp("doors")) as services:
        yield services


async def refusals(services: Services, op: Op, requests: Iterable[WireRequest], *wanted: type[ApiError]) -> list[str]:
    """Send requests as somebody who may, and say what is wrong with the answers."""
    token = services.insider(op)
    answers = [await services.send(op, request, token) for request in requests]
    assert answers, f"wanted bad requests to {op.label}, found none; teach the mutants what it takes"
    return [fault for answer in answers for fault in faults(op, answer, wanted)]


@cases(with_body(Place.BODY))
async def test_a_body_that_its_schema_refuses_is_refused(services: Services, op: Op) -> None:
    good = good_request(op)
    bodies = broken_values(body_type(op), json.loads(good.content or b""))
    bad = [replace(good, content=json.dumps(body).encode()) for body in bodies]

    wrong = await refusals(services, op, bad, op.api.dialect.malformed)

    assert wrong == []


@cases(with_body(Place.BODY))
async def test_what_a_body_says_beside_its_members_is_refused_wherever_it_says_it(services: Services, op: Op) -> None:
    good = good_request(op)
    bodies = enriched_values(json.loads(good.content or b""))
    bad = [replace(good, content=json.dumps(body).encode()) for body in bodies]

    wrong = await refusals(services, op, bad, op.api.dialect.malformed)

    assert wrong == []


@cases(with_body(Place.BODY))
async def test_a_body_that_means_two_things_or_nothing_is_refused(services: Services, op: Op) -> None:
    good = good_request(op)
    bad = [replace(good, content=content) for content in ambiguous_texts(json.loads(good.content or b""))]

    wrong = await refusals(services, op, bad, op.api.dialect.malformed)

    assert wrong == []


@cases(with_body(Place.FORM))
async def test_a_form_that_its_schema_refuses_is_refused(services: Services, op: Op) -> None:
    good = good_request(op)
    forms = broken_forms(body_type(op), dict(parse_qsl((good.content or b"").decode())))
    bad = [replace(good, content=content) for content in forms]

    wrong = await refusals(services, op, bad, op.api.dialect.malformed)

    assert wrong == []


@cases(with_body(Place.FILE))
async def test_a_file_that_does_not_arrive_whole_is_refused(services: Services, op: Op) -> None:
    good = good_request(op)
    content = good.content or b""
    no_boundary = good.headers | {"content-type": "multipart/form-data"}
    bad = [
        *(replace(good, content=part) for part in (b"", content[: len(content) // 2], b"x", b"\0" * 100)),
        replace(good, content=content.replace(b'form-data; name="', b'form-data; name="no')),
        replace(good, content=content.replace(b'; filename="file"', b"")),
        replace(good, headers=no_boundary),
    ]

    wrong = await refusals(services, op, bad, op.api.dialect.malformed)

    assert wrong == []


@cases([op for op in OPERATIONS if any(p.place is Place.PATH for p in op.parameters)])
async def test_a_malformed_id_in_the_path_is_refused(services: Services, op: Op) -> None:
    good = good_request(op)
    bad = [
        replace(good, path=op.path.replace("{" + parameter.name + "}", quote(text, safe="")))
        for parameter in op.parameters
        for text in broken_texts(parameter)
        if parameter.place is Place.PATH and text
    ]

    wrong = await refusals(services, op, bad, op.api.dialect.malformed)

    assert wrong == []


@cases([op for op in OPERATIONS if query_of(op)])
async def test_a_malformed_query_is_refused(services: Services, op: Op) -> None:
    good = good_request(op)
    bad = [
        replace(
            good,
            query=[
                *((name, value) for name, value in good.query if name != parameter.wire_name),
                (parameter.wire_name, text),
            ],
        )
        for parameter in query_of(op)
        for text in broken_texts(parameter)
    ]

    wrong = await refusals(services, op, bad, op.api.dialect.malformed)

    assert wrong == []


@cases([op for op in OPERATIONS if any(p.place is Place.HEADER for p in op.parameters)])
async def test_a_malformed_header_is_refused(services: Services, op: Op) -> None:
    good = good_request(op)
    wanted = (op.api.dialect.malformed, *(error for error in op.errors if issubclass(error, BadRequest)))
    bad = [
        replace(good, headers=good.headers | {parameter.wire_name: text})
        for parameter in op.parameters
        for text in broken_texts(parameter)
        if parameter.place is Place.HEADER and text.isascii() and text.isprintable()
    ]

    wrong = await refusals(services, op, bad, *wanted)

    assert wrong == []


@cases(with_body(*BODIES))
async def test_a_body_of_another_type_is_refused(services: Services, op: Op) -> None:
    good = good_request(op)
    others = [media for media in MEDIA if media != good.headers["content-type"].partition(";")[0]]
    bare = {name: value for name, value in good.headers.items() if name != "content-type"}
    bad = [replace(good, headers=bare), *(replace(good, headers=bare | {"content-type": media}) for media in others)]

    wrong = await refusals(services, op, bad, UnsupportedMediaType)

    assert wrong == []


@cases(with_body(*BODIES))
async def test_a_body_that_is_too_large_is_refused_announced_or_not(services: Services, op: Op) -> None:
    huge = replace(good_request(op), content=b" " * (op.max_bytes + 1))
    token = services.insider(op)

    announced = await services.send(op, huge, token)
    chunked = await services.send(op, huge, token, is_chunked=True)

    assert faults(op, announced, [PayloadTooLarge]) == []
    assert faults(op, chunked, [PayloadTooLarge]) == []


@cases([op for op in OPERATIONS if op.scope])
async def test_nobody_passes_without_a_token_that_is_ours(services: Services, op: Op) -> None:
    good = good_request(op)
    tokens = [None, "", "x", "a.b.c", "\xff", f"{services.insider(op)}x", NO_SIGNATURE]

    answers = [await services.send(op, good, token) for token in tokens]

    assert [fault for answer in answers for fault in faults(op, answer, [Unauthenticated])] == []
    assert all(answer.headers["www-authenticate"].startswith("Bearer") for answer in answers)


@cases([op for op in OPERATIONS if op.scope])
async def test_nobody_passes_with_every_scope_but_the_right_one(services: Services, op: Op) -> None:
    answer = await services.send(op, good_request(op), services.outsider(op))

    assert faults(op, answer, [Forbidden]) == []
    assert f'scope="{op.scope}"' in answer.headers["www-authenticate"]


@cases(OPERATIONS)
async def test_a_method_that_a_path_does_not_know_is_refused_with_those_it_knows(services: Services, op: Op) -> None:
    known = {other.method for other in op.api.operations() if other.path == op.path}
    known |= {"HEAD"} if "GET" in known else set()
    good, token = good_request(op), services.insider(op)

    answers = [
        await services.send(op, replace(good, method=method), token) for method in METHODS if method not in known
    ]

    assert [fault for answer in answers for fault in faults(op, answer, [MethodNotAllowed])] == []
    assert {answer.headers["allow"] for answer in answers} == {", ".join(sorted(known))}


@cases([next(iter(api.operations())) for api in apis().values() if api.version.startswith("v")])
async def test_a_path_that_is_not_there_is_not_found(services: Services, op: Op) -> None:
    paths = [
        f"/{op.api.version}/{path}" for path in ("nothing", "..%2f..%2fetc", "%00", "%ff", "a/b/c/d/e", "%F0%9F%92%A9")
    ]

    answers = [await services.send(op, WireRequest("GET", path, [], {}, None), None) for path in paths]

    assert [fault for answer in answers for fault in faults(op, answer, [NotFound])] == []
