"""Typed calls over a real client: what is sent, what comes back, what is raised."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import httpx
import httpx2
import pytest
from contracts.answers import ETAG, IDEMPOTENCY_REPLAYED, LOCATION, RETRY_AFTER, Upload
from contracts.client import AsgiTransport, HttpTransport
from contracts.errors import (
    Conflict,
    ContractViolated,
    Internal,
    Malformed,
    NotFound,
    RateLimited,
    Unavailable,
    Unreachable,
)
from contracts.reader import Reader
from contracts.wire import Line

from .toy import (
    Colour,
    NewToy,
    OldToys,
    Server,
    Toy,
    ToyBroken,
    ToyChanges,
    ToyNotFound,
    ToyQuery,
    Toys,
    Wish,
    Wishes,
)

pytestmark = pytest.mark.anyio

TOY_ID = UUID("0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87")
TOY = {"id": str(TOY_ID), "name": "Bear", "colour": "red", "left": 3}


class Label(Reader, of=Toy, consumer="shelf", op=Toys.get_toy):
    """What stands on the box."""

    name: Line


Connect = Callable[..., HttpTransport]


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture(params=[httpx, httpx2], ids=["httpx", "httpx2"])
def library(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(params=["client", "transport"])
async def connect(library: Any, server: Server, request: pytest.FixtureRequest) -> AsyncIterator[Connect]:
    bare = library.ASGITransport(server)
    async with library.AsyncClient(transport=bare, base_url="http://toys") as http:

        def transport(**options: Any) -> HttpTransport:
            if request.param == "client":
                return HttpTransport(http, **options)
            options.setdefault("base_url", "http://toys")
            return HttpTransport(bare, **options)

        yield transport


@pytest.fixture
def toys(connect: Connect) -> Toys:
    return Toys(connect())


def problem(status: int, code: str, **members: object) -> bytes:
    said = {"type": "urn:x", "title": "T", "status": status, "detail": "D", "instance": "/", "code": code}
    return json.dumps(said | {"errors": [], "trace_id": "0" * 32} | members).encode()


def a_toy(**changes: object) -> bytes:
    return json.dumps(TOY | changes).encode()


async def test_a_result_is_the_declared_model(server: Server, toys: Toys) -> None:
    server.says(200, a_toy(), etag='"1"')

    toy = await toys.get_toy(TOY_ID)

    assert (toy.id, toy.colour) == (TOY_ID, Colour.RED)
    assert server.target == f"/v2/toys/{TOY_ID}"


async def test_status_and_headers_are_there_on_request(server: Server, toys: Toys) -> None:
    server.says(202, a_toy(), location="/v2/toys/1", retry_after="2")

    answer = await toys.make_toy.answer(NewToy(name="Bear"))

    assert (answer.status, answer.headers) == (202, {LOCATION: "/v2/toys/1", RETRY_AFTER: "2"})


async def test_a_header_that_is_not_always_there_may_be_absent(server: Server, toys: Toys) -> None:
    server.says(201, a_toy(), location="/v2/toys/1")

    answer = await toys.make_toy.answer(NewToy(name="Bear"))

    assert IDEMPOTENCY_REPLAYED not in answer.headers


async def test_a_missing_promised_header_violates_the_contract(server: Server, toys: Toys) -> None:
    server.says(200, a_toy())

    with pytest.raises(ContractViolated, match=f"answered 200 without {ETAG.name}"):
        await toys.get_toy(TOY_ID)


async def test_unknown_members_are_ignored(server: Server, toys: Toys) -> None:
    server.says(200, a_toy(weight=3, maker={"name": "x"}), etag='"1"')

    assert (await toys.get_toy(TOY_ID)).name == "Bear"


async def test_a_reader_gets_what_it_reads_and_misses_nothing_else(server: Server, toys: Toys) -> None:
    server.says(200, b'{"name": "Bear"}')

    label = await toys.get_toy.as_(Label)(TOY_ID)

    assert label == Label(name="Bear")


async def test_an_answer_without_what_is_read_violates_the_contract(server: Server, toys: Toys) -> None:
    server.says(200, b'{"id": 3}')

    with pytest.raises(ContractViolated, match="toys v2 get_toy: the answer is not the contract's at `/name`"):
        await toys.get_toy.as_(Label)(TOY_ID)


async def test_a_word_that_an_open_enum_does_not_know_is_kept(server: Server, toys: Toys) -> None:
    server.says(200, a_toy(colour="mauve"), etag='"1"')

    assert (await toys.get_toy(TOY_ID)).colour == "mauve"


@pytest.mark.parametrize(
    ("body", "where"),
    [(a_toy(left="3"), "/left"), (a_toy(name=""), "/name"), (b'{"id":', "/"), (b"[]", "/"), (b"\xff", "/")],
)
async def test_all_else_is_strict(server: Server, toys: Toys, body: bytes, where: str) -> None:
    server.says(200, body, etag='"1"')

    with pytest.raises(ContractViolated, match=f"the answer is not the contract's at `{where}`"):
        await toys.get_toy(TOY_ID)


async def test_a_body_of_another_type_violates_the_contract(server: Server, toys: Toys) -> None:
    server.says(200, a_toy(), etag='"1"').headers["content-type"] = "text/html; charset=utf-8"

    with pytest.raises(ContractViolated, match="answered `text/html`, the contract says application/json"):
        await toys.get_toy(TOY_ID)


async def test_a_declared_error_is_raised_as_its_class(server: Server, toys: Toys) -> None:
    issue = {"code": "c", "detail": "d", "place": "body", "pointer": "/name"}
    server.says(404, problem(404, "toy_not_found", errors=[issue]))

    with pytest.raises(ToyNotFound, match="D") as raised:
        await toys.get_toy(TOY_ID)

    assert [issue.pointer for issue in raised.value.issues] == ["/name"]


async def test_what_an_error_adds_to_its_problem_comes_back(server: Server, toys: Toys) -> None:
    server.says(409, problem(409, "toy_broken", part="ear"))

    with pytest.raises(ToyBroken) as raised:
        await toys.get_toy(TOY_ID)

    assert raised.value.members == {"part": "ear"}


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, problem(404, "stranger"), ContractViolated),
        (409, problem(409, "toy_broken"), ContractViolated),
        (409, problem(409, "toy_broken", part=""), ContractViolated),
        (404, b"not found", ContractViolated),
        (404, b"[]", ContractViolated),
        (418, b"", ContractViolated),
        (302, b"", ContractViolated),
        (204, b"", ContractViolated),
        (422, problem(422, "malformed"), Malformed),
        (429, b"slow down", RateLimited),
        (500, problem(500, "internal"), Internal),
        (500, b"oops", ContractViolated),
        (502, b"bad gateway", Unavailable),
        (503, problem(503, "unavailable"), Unavailable),
        (504, b"", Unavailable),
    ],
)
async def test_what_is_not_declared_is_unavailable_or_violates_the_contract(
    server: Server, toys: Toys, status: int, body: bytes, error: type[Exception]
) -> None:
    server.says(status, body)

    with pytest.raises(error) as raised:
        await toys.get_toy(TOY_ID)

    assert type(raised.value) is error
    assert getattr(raised.value, "answered", status) == status


async def test_nonsense_in_an_answer_is_told_from_no_answer(server: Server, toys: Toys) -> None:
    server.says(200, b"{")

    with pytest.raises(ContractViolated) as raised:
        await toys.get_toy(TOY_ID)

    assert raised.value.answered == 200


async def test_an_error_says_when_to_ask_again(server: Server, toys: Toys) -> None:
    server.says(503, problem(503, "unavailable"), retry_after="7")

    with pytest.raises(Unavailable) as raised:
        await toys.get_toy(TOY_ID)

    assert raised.value.retry_after == 7


async def test_a_date_in_retry_after_is_passed_over(server: Server, toys: Toys) -> None:
    server.says(503, problem(503, "unavailable"), retry_after="Fri, 31 Dec 1999 23:59:59 GMT")

    with pytest.raises(Unavailable) as raised:
        await toys.get_toy(TOY_ID)

    assert raised.value.retry_after is None


async def test_an_envelope_is_opened_and_its_errors_are_found_by_status(server: Server, connect: Connect) -> None:
    old = OldToys(connect())

    server.says(200, json.dumps({"code": 200, "msg": "success", "data": TOY}).encode())
    assert (await old.get_toy(TOY_ID)).name == "Bear"

    server.says(404, b'{"code": 404, "msg": "gone", "data": null}')
    with pytest.raises(ToyNotFound, match="gone"):
        await old.get_toy(TOY_ID)

    server.says(409, b'{"code": 409, "msg": "no", "data": null}')
    with pytest.raises(Conflict, match="no"):
        await old.get_toy(TOY_ID)

    server.says(404, b'{"code": 404}')
    with pytest.raises(ContractViolated):
        await old.get_toy(TOY_ID)


async def test_a_query_model_travels_as_its_fields(server: Server, connect: Connect) -> None:
    server.says(200, b'{"items": [], "next_cursor": null}')

    await Toys(connect(token="t")).list_toys(ToyQuery(colour=Colour.BLUE, names=["a b", "c"]))

    assert server.target == "/v2/toys?colour=blue&names=a+b&names=c&limit=20"
    assert server.header("authorization") == "Bearer t"


async def test_queries_leave_out_what_is_absent_and_paths_are_quoted(server: Server, toys: Toys) -> None:
    server.says(200, json.dumps([TOY]).encode())

    found = await toys.find_toys("a/b ?", painted=True, sizes=[1, 2])

    assert server.target == "/v2/shelf/a%2Fb%20%3F?painted=true&sizes=1&sizes=2"
    assert found[0].left == 3


async def test_a_body_is_json_and_headers_are_headers(server: Server, toys: Toys) -> None:
    server.says(201, a_toy(), location="/v2/toys/1")

    await toys.make_toy(NewToy(name="Bär"), idempotency_key="k1")

    assert json.loads(server.sent) == {"name": "Bär", "colour": "red"}
    assert server.header("idempotency-key") == "k1"
    assert server.header("content-type") == "application/json"
    assert server.header("accept") == "application/json, application/problem+json;q=0.9"


async def test_members_that_are_missing_are_not_sent(server: Server, toys: Toys) -> None:
    server.says(200, a_toy())

    await toys.change_toy(TOY_ID, ToyChanges(left=2), if_match='"1"')

    assert json.loads(server.sent) == {"left": 2}
    assert server.header("if-match") == '"1"'


async def test_an_absent_header_is_not_sent_and_nothing_is_nothing(server: Server, toys: Toys) -> None:
    server.says(204, b"")

    assert await toys.break_toy(TOY_ID, reason="age") is None
    assert server.header("x-reason") == "age"


async def test_a_file_is_uploaded_as_form_data(server: Server, toys: Toys) -> None:
    server.says(204, b"")

    await toys.put_picture(TOY_ID, Upload(b"\x89PNG", 'a"b\r\n.png', "image/png"))

    assert (server.header("content-type") or "").startswith("multipart/form-data; boundary=")
    assert b'name="picture"; filename="a%22b%0D%0A.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--' in server.sent


async def test_a_form_is_url_encoded(server: Server, connect: Connect) -> None:
    server.says(200, a_toy())

    await Wishes(connect()).wish(Wish(grant_type="a&b"))

    assert server.sent == b"grant_type=a%26b"


async def test_an_oauth_error_is_found_by_its_word(server: Server, connect: Connect) -> None:
    server.says(400, b'{"error": "invalid_request", "error_description": "what?"}')

    with pytest.raises(Exception, match="what") as raised:
        await Wishes(connect()).wish(Wish(grant_type="x"))

    assert type(raised.value).__name__ == "InvalidRequest"


async def test_a_file_is_downloaded_with_its_type(server: Server, toys: Toys) -> None:
    server.says(200, b"\xff\xd8").headers["content-type"] = "image/jpeg"

    picture = await toys.get_picture(TOY_ID)

    assert (picture.content, picture.media_type) == (b"\xff\xd8", "image/jpeg")
    assert server.header("accept") == "image/png, image/jpeg, application/problem+json;q=0.9"


async def test_events_are_read_one_by_one(server: Server, toys: Toys) -> None:
    body = b': hello\n\ndata: {"part":\ndata: "ear"}\n\nid: 3\ndata:{"part":"leg"}\n\ndata: {"part":"lost"}'
    server.says(200, body).headers["content-type"] = "text/event-stream"

    async with await toys.watch_toy(TOY_ID) as stream:
        parts = [event.part async for event in stream]

    assert parts == ["ear", "leg"]


async def test_an_event_that_is_not_the_contracts_violates_it(server: Server, toys: Toys) -> None:
    server.says(200, b'data: {"part": 3}\n\n').headers["content-type"] = "text/event-stream"

    with pytest.raises(ContractViolated):
        await anext(await toys.watch_toy(TOY_ID))


async def test_a_stream_that_breaks_off_is_unavailable(library: Any) -> None:
    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 999\r\n\r\n")
        writer.write(b'data: {"part":"ear"}\n\n')
        writer.close()

    server = await asyncio.start_server(break_off, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, library.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        stream = await Toys(HttpTransport(http)).watch_toy(TOY_ID)

        assert (await anext(stream)).part == "ear"
        with pytest.raises(Unavailable, match="the stream broke off: RemoteProtocolError"):
            await anext(stream)


async def test_a_refused_stream_raises_before_it_begins(server: Server, toys: Toys) -> None:
    server.says(422, problem(422, "malformed"))

    with pytest.raises(Malformed):
        await toys.watch_toy(TOY_ID)


async def test_an_answer_that_is_too_large_is_not_read_to_its_end(server: Server, connect: Connect) -> None:
    server.says(200, a_toy(name="x" * 100))

    with pytest.raises(ContractViolated, match="larger than 50 bytes"):
        await Toys(connect(max_bytes=50)).get_toy(TOY_ID)


async def test_no_call_waits_longer_than_its_timeout(server: Server, connect: Connect) -> None:
    server.fail = asyncio.Event().wait  # pyright: ignore[reportAttributeAccessIssue]  # waits for ever

    with pytest.raises(Unavailable, match="TimeoutError"):
        await Toys(connect(timeout=0.05)).get_toy(TOY_ID)


async def test_no_call_waits_longer_than_its_caller(server: Server, connect: Connect) -> None:
    server.fail = asyncio.Event().wait  # pyright: ignore[reportAttributeAccessIssue]  # waits for ever

    async with asyncio.timeout(20):  # which is far from both
        with pytest.raises(Unavailable, match="TimeoutError"):
            await Toys(connect(timeout=60, budget=lambda: 0.05)).get_toy(TOY_ID)


async def test_a_caller_who_does_not_say_how_long_he_waits_gets_the_timeout(server: Server, connect: Connect) -> None:
    server.says(200, a_toy(), etag='"1"')

    assert (await Toys(connect(budget=lambda: None)).get_toy(TOY_ID)).left == 3


async def test_headers_are_asked_for_before_each_call(server: Server, connect: Connect) -> None:
    server.says(200, a_toy(), etag='"1"')

    async def headers(op: Any) -> dict[str, str]:
        return {"X-Op": op.name}

    await Toys(connect(headers=headers, base_url="http://toys/")).get_toy(TOY_ID)

    assert server.header("x-op") == "get_toy"


async def test_a_service_that_cannot_be_reached_is_unavailable(library: Any, unused_port: int) -> None:
    class Mine(library.AsyncClient):
        """A client of one's own is known by the library that it comes from."""

    http: Any = Mine(base_url=f"http://127.0.0.1:{unused_port}")
    async with http:
        with pytest.raises(Unreachable, match=f"no answer from http://127.0.0.1:{unused_port}.*ConnectError") as raised:
            await Toys(HttpTransport(http)).get_toy(TOY_ID)

    assert raised.value.answered is None


async def test_an_application_in_this_process_is_called_without_a_network(server: Server) -> None:
    server.says(200, a_toy(), etag='"1"')

    toy = await Toys(AsgiTransport(server, token="t")).get_toy(TOY_ID)

    assert toy.name == "Bear"
    assert server.header("authorization") == "Bearer t"


async def test_not_found_is_the_family_of_every_not_found(server: Server, toys: Toys) -> None:
    server.says(404, problem(404, "toy_not_found"))

    with pytest.raises(NotFound):
        await toys.change_toy(TOY_ID, ToyChanges())


@pytest.mark.parametrize("is_bare", [False, True])
async def test_a_peer_that_dies_as_the_connection_is_made_has_not_answered(library: Any, is_bare: bool) -> None:
    class Dying(library.AsyncBaseTransport):
        async def handle_async_request(self, request: Any) -> Any:
            raise AttributeError("'NoneType' object has no attribute 'getpeername'")  # as anyio 4.16 has it

    dying = Dying()
    async with library.AsyncClient(transport=dying) as http:
        with pytest.raises(Unavailable, match="the connection was lost as it was made"):
            await Toys(HttpTransport(dying if is_bare else http, base_url="http://toys")).get_toy(TOY_ID)
