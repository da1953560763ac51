"""What every service does with requests, seen from outside: answers, refusals, doors, probes and pages."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chassis.loops import Loop
from chassis.testing import Issuer, running
from contracts.answers import LOCATION, RETRY_AFTER, Upload
from contracts.client import AsgiTransport
from contracts.errors import Forbidden, PayloadTooLarge, RateLimited, Unauthenticated
from contracts.scopes import Scope
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Send
from starlette.types import Scope as StarletteScope
from structlog.testing import capture_logs

from .toyshop import NewToy, OldToys, Shelf, ToyNotFound, ToyQuery, Toys, Wish, Wishes, build, new, settings

pytestmark = pytest.mark.anyio

Headers = dict[str, str]
JSON = {"content-type": "application/json"}


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(settings(tmp_path))


@pytest.fixture
async def app(tmp_path: Path, toy_schema: str, issuer: Issuer, shelf: Shelf) -> AsyncIterator[FastAPI]:
    async with running(build(settings(tmp_path), issuer, shelf, toy_schema)) as app:
        yield app


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    inside = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=inside, base_url="http://toys") as http:
        yield http


@pytest.fixture
def toys(app: FastAPI) -> Toys:
    return Toys(AsgiTransport(app))


@pytest.fixture
def staff(app: FastAPI, issuer: Issuer) -> Toys:
    return Toys(AsgiTransport(app, token=issuer.person(Scope.CATALOG_ADMIN)))


async def test_a_result_travels_as_the_contract_says(toys: Toys) -> None:
    assert (await toys.get_toy("Bear")).left == 1
    assert [toy.left for toy in await toys.list_toys(ToyQuery(name="Bear", left=4))] == [4]
    assert await toys.break_toy("Bear") is None


async def test_each_success_has_its_status_and_headers(staff: Toys) -> None:
    made = await staff.make_toy.answer(NewToy(name="Bear", left=1), idempotency_key="k")
    later = await staff.make_toy.answer(NewToy(name="later", left=1))

    assert (made.status, made.value.name, LOCATION in made.headers) == (201, "Bear k", True)
    assert (later.status, later.headers) == (202, {RETRY_AFTER: "1"})


async def test_a_declared_error_reaches_the_caller_as_its_class(toys: Toys) -> None:
    with pytest.raises(ToyNotFound, match="nobody"):
        await toys.get_toy("nobody")


@pytest.mark.parametrize("name", ["undeclared", "bug", "headless", "chatty", "teapot", "wrong"])
async def test_what_the_contract_does_not_say_is_never_said(http: httpx.AsyncClient, name: str) -> None:
    answer = await http.get(f"/v2/toys/{name}")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.json()["trace_id"]) == 32
    assert answer.headers["x-request-id"]


async def test_a_bug_is_not_told_to_the_caller(http: httpx.AsyncClient) -> None:
    assert "Zero" not in (await http.get("/v2/toys/bug")).text


async def test_the_old_version_speaks_in_envelopes_and_says_that_it_retires(http: httpx.AsyncClient) -> None:
    good, bad, lost = [await http.get(path) for path in ("/v1/toys/Bear", "/v1/toys/nobody", "/v1/nowhere")]

    assert good.json() == {"code": 200, "msg": "success", "data": {"name": "Bear", "left": 1}}
    assert bad.json() == {"code": 404, "msg": "nobody", "data": None}
    assert lost.json()["code"] == 404
    for answer in (good, bad, lost):
        assert answer.headers["deprecation"] == "@1780272000"
        assert answer.headers["sunset"] == "Tue, 01 Jun 2027 00:00:00 GMT"
        assert answer.headers["link"] == '</v2/docs>; rel="successor-version"'


async def test_the_old_version_is_called_by_the_same_kind_of_client(app: FastAPI) -> None:
    assert (await OldToys(AsgiTransport(app)).get_toy("Bear")).name == "Bear"


async def test_a_read_that_saw_this_version_is_not_answered_again(http: httpx.AsyncClient) -> None:
    first = await http.get("/v2/toys/Bear")
    same = await http.get("/v2/toys/Bear", headers={"if-none-match": f'W/"x", {first.headers["etag"]}'})
    other = await http.get("/v2/toys/Bear", headers={"if-none-match": '"2"'})

    assert (first.status_code, first.headers["cache-control"]) == (200, "private, no-cache")
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", first.headers["etag"])
    assert same.headers["cache-control"] == "private, no-cache"
    assert other.status_code == 200


async def test_only_what_may_be_kept_says_so(http: httpx.AsyncClient, toys: Toys) -> None:
    await toys.put_picture("Bear", Upload(b"\x89PNG", "x.png", "image/png"))

    kept, not_kept = await http.get("/v2/toys/Bear/picture"), await http.get("/v2/toys")

    assert kept.headers["cache-control"] == "public, max-age=60"
    assert kept.headers["x-content-type-options"] == "nosniff"
    assert not_kept.headers["cache-control"] == "no-store"


async def test_a_file_comes_back_as_it_went(toys: Toys, shelf: Shelf) -> None:
    await toys.put_picture("Bear", Upload(b"\x89PNG\r\n", "x.png", "image/png"))

    picture = await toys.get_picture("Bear")

    assert (picture.content, picture.media_type) == (b"\x89PNG\r\n", "image/png")
    assert shelf.pictures["Bear"].filename == "x.png"


async def test_a_file_of_an_undeclared_type_is_not_served(http: httpx.AsyncClient, toys: Toys) -> None:
    await toys.put_picture("Bear", Upload(b"<svg>", "x.svg", "image/svg+xml"))

    assert (await http.get("/v2/toys/Bear/picture")).status_code == 500


async def test_events_are_streamed_and_their_source_is_let_go(http: httpx.AsyncClient, shelf: Shelf) -> None:
    answer = await http.get("/v2/toys/Bear/events")

    assert answer.text == 'data: {"name":"Bear","left":2}\n\ndata: {"name":"Bear","left":1}\n\n'
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert shelf.events[-1] == "closed"


async def test_a_stream_that_breaks_is_broken_off(app: FastAPI, shelf: Shelf) -> None:
    inside = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=inside, base_url="http://toys") as http:
        with pytest.raises(ZeroDivisionError):
            await http.get("/v2/toys/broken/events")

    assert shelf.events[-1] == "closed"


async def test_a_form_is_read_and_unknown_fields_are_ignored(app: FastAPI, http: httpx.AsyncClient) -> None:
    made = await Wishes(AsgiTransport(app)).wish(Wish(name="Bear"))
    more = await http.post("/wishes", data={"name": "Bear", "other": "1"})

    assert made.name == "Bear"
    assert more.status_code == 200


async def test_oauth_refuses_in_its_own_words(http: httpx.AsyncClient) -> None:
    answer = await http.post("/wishes", data={"other": "1"})
    garbage = await http.post("/wishes", content=b"{}", headers=JSON)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert answer.headers["cache-control"] == "no-store"
    assert garbage.json()["error"] == "unsupported_media_type"


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        (b"", "missing", ""),
        (b"{", "json_invalid", ""),
        (b"\xff", "json_invalid", ""),
        (b'{"name":"a","name":"b","left":1}', "json_invalid", ""),
        (b'{"name":"a","left":NaN}', "json_invalid", ""),
        (b'{"name":"a","left":1e999}', "json_invalid", ""),
        (b'[{"left":1e999}]', "json_invalid", ""),
        (b'{"name":"\\ud800","left":1}', "json_invalid", ""),
        (b"[" * 500 + b"]" * 500, "json_invalid", ""),
        (b'{"name":"a"}', "missing", "/left"),
        (b'{"name":"a","left":1,"more":1}', "extra_forbidden", "/more"),
        (b'{"name":"a","left":1,"a/b~c":1}', "extra_forbidden", "/a~1b~0c"),
        (b'{"name":"a","left":"1"}', "int_type", "/left"),
        (b'{"name":"a","left":true}', "int_type", "/left"),
        (b'{"name":"a","left":0.5}', "int_type", "/left"),
        (b'{"name":"a","left":1e300}', "less_than_equal", "/left"),
        (b'{"name":"a","left":' + b"9" * 400 + b"}", "less_than_equal", "/left"),
        (b'{"name":" a","left":1}', "string_pattern_mismatch", "/name"),
        (b"[]", "model_attributes_type", ""),
        (b"null", "model_attributes_type", ""),
    ],
)
async def test_a_malformed_body_is_refused_with_its_place(
    http: httpx.AsyncClient, body: bytes, code: str, pointer: str
) -> None:
    answer = await http.put("/v2/toys/Bear", content=body, headers=JSON)

    said = answer.json()
    assert (answer.status_code, said["code"]) == (422, "malformed")
    assert (said["errors"][0]["code"], said["errors"][0]["pointer"]) == (code, pointer)
    assert said["errors"][0]["place"] == "body"
    assert said["detail"].startswith("body ")


async def test_a_refusal_never_repeats_what_was_sent(http: httpx.AsyncClient) -> None:
    answer = await http.put("/v2/toys/Bear", json={"name": " hunter2", "left": "hunter2"})

    assert "hunter2" not in answer.text


async def test_several_faults_are_all_told(http: httpx.AsyncClient) -> None:
    said = (await http.put("/v2/toys/Bear", json={})).json()

    assert said["detail"] == "body /name: Field required (and 1 more)"
    assert [issue["pointer"] for issue in said["errors"]] == ["/name", "/left"]


async def test_malformed_paths_and_queries_say_where(http: httpx.AsyncClient) -> None:
    path, query = await http.get("/v2/toys/%20"), await http.get("/v2/toys", params={"left": "x"})

    assert (path.status_code, path.json()["errors"][0]["place"]) == (422, "path")
    assert (query.status_code, query.json()["errors"][0]["place"]) == (422, "query")


async def test_unparseable_form_data_is_malformed(http: httpx.AsyncClient) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}

    answer = await http.put("/v2/toys/Bear/picture", content=b"nonsense", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


@pytest.mark.parametrize("sent", [{"content-type": "text/plain"}, {"content-type": "application/xml"}, {}])
async def test_a_body_of_another_type_is_refused(http: httpx.AsyncClient, sent: Headers) -> None:
    answer = await http.put("/v2/toys/Bear", content=b"{}", headers=sent)

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


async def test_a_body_that_is_too_large_is_refused_announced_or_not(http: httpx.AsyncClient, staff: Toys) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b" " * 64

    announced = await http.post("/v2/toys", content=b" " * 2000, headers=JSON)
    streamed = await http.post("/v2/toys", content=chunks(), headers=JSON)

    assert [answer.status_code for answer in (announced, streamed)] == [413, 413]
    with pytest.raises(PayloadTooLarge):
        await staff.make_toy(NewToy.model_construct(name="x" * 2000, left=1))


async def test_an_unknown_path_or_method_is_refused_in_the_apis_words(http: httpx.AsyncClient) -> None:
    lost, wrong = await http.get("/v2/nowhere"), await http.patch("/v2/toys/Bear")

    assert (lost.status_code, lost.json()["code"]) == (404, "not_found")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert wrong.headers["allow"] == "DELETE, GET, HEAD, PUT"


async def test_a_literal_path_is_no_name_of_something_whatever_the_method(toys: Toys, http: httpx.AsyncClient) -> None:
    wrong = await http.put("/v2/toys/latest", json={"name": "Bear", "left": 1})

    assert (await toys.get_latest()).name == "Latest"
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD")


async def test_pages_beside_the_api_know_their_methods_too(http: httpx.AsyncClient) -> None:
    answer = await http.post("/livez")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ToyNotFound("gone"), 404, "toy_not_found"),
        (HTTPException(400, "odd"), 400, "bad_request"),
        (
            RequestValidationError([{"type": "missing", "loc": ("query", "q"), "msg": "Field required"}]),
            400,
            "bad_request",
        ),
    ],
)
async def test_pages_beside_the_api_refuse_in_the_same_words(
    app: FastAPI, http: httpx.AsyncClient, error: Exception, status: int, code: str
) -> None:
    async def page() -> None:
        raise error

    app.add_api_route("/page", page)

    answer = await http.get("/page")

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_router_serves_in_any_application() -> None:
    bare = FastAPI()
    bare.include_router(new)

    with pytest.raises(ToyNotFound):
        await Toys(AsgiTransport(bare)).get_toy("nobody")


async def test_on_postgresql_a_job_migrates_before_the_service_starts(
    tmp_path: Path, postgres_url: str, issuer: Issuer, shelf: Shelf
) -> None:
    app = build(settings(tmp_path, database_url=postgres_url), issuer, shelf, "there/is/none")

    async with running(app):
        assert (await Toys(AsgiTransport(app)).get_toy("Bear")).left == 1


async def test_head_is_get_without_the_body(http: httpx.AsyncClient) -> None:
    head, get = await http.head("/v2/toys/Bear"), await http.get("/v2/toys/Bear")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == get.headers["etag"]
    assert head.headers["content-length"] == get.headers["content-length"]


async def test_who_has_no_token_or_too_small_a_one_does_not_pass(app: FastAPI, toys: Toys, issuer: Issuer) -> None:
    small = Toys(AsgiTransport(app, token=issuer.person(Scope.USERS_READ)))
    peer = Toys(AsgiTransport(app, token=issuer.service("orders", Scope.CATALOG_ADMIN, audience="catalog")))
    stranger = Toys(AsgiTransport(app, token=issuer.service("orders", Scope.CATALOG_ADMIN, audience="users")))

    assert (await peer.make_toy(NewToy(name="Bear", left=1))).name == "Bear None"
    for caller, error in ((toys, Unauthenticated), (small, Forbidden), (stranger, Unauthenticated)):
        with pytest.raises(error):
            await caller.make_toy(NewToy(name="Bear", left=1))


async def test_who_calls_too_often_waits(toys: Toys) -> None:
    toy = NewToy(name="Bear", left=1)
    for _ in range(2):
        await toys.change_toy("Bear", toy, if_match="*")

    with pytest.raises(RateLimited) as raised:
        await toys.change_toy("Bear", toy, if_match="*")

    assert raised.value.retry_after
    assert raised.value.retry_after > 0


async def test_a_service_lives_starts_and_stops(tmp_path: Path, toy_schema: str, issuer: Issuer, shelf: Shelf) -> None:
    app = build(settings(tmp_path), issuer, shelf, toy_schema)
    inside = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=inside, base_url="http://toys") as http:
        before = await http.get("/readyz")
        async with running(app):
            during = [(await http.get(path)).status_code for path in ("/livez", "/readyz", "/startupz")]
            assert shelf.events == ["started"]
        after = await http.get("/readyz")

    assert (before.status_code, during, after.status_code) == (503, [200, 200, 200], 503)
    assert (tmp_path / "toys.db").exists()


async def test_a_page_of_another_origin_may_call_where_settings_say_so(
    tmp_path: Path, toy_schema: str, issuer: Issuer, shelf: Shelf
) -> None:
    open_to = settings(
        tmp_path, cors_origins="https://shop.example", trusted_hosts="toys", https_redirect=True, gzip=False
    )
    async with running(build(open_to, issuer, shelf, toy_schema)) as app:
        inside = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=inside, base_url="https://toys") as http:
            seen = await http.get("/v2/toys/Bear", headers={"origin": "https://shop.example"})
            moved = await http.get("http://toys/v2/toys/Bear")
            other = await http.get("https://evil/v2/toys/Bear")

    assert seen.headers["access-control-allow-origin"] == "https://shop.example"
    assert "ETag" in seen.headers["access-control-expose-headers"]
    assert (moved.status_code, moved.headers["location"]) == (307, "https://toys/v2/toys/Bear")
    assert other.status_code == 400


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("toys", True),
        ("TOYS:8443", True),
        ("www.shop.example", True),
        ("[::1]:8000", True),
        ("shop.example", False),
        ("toys.evil", False),
        ("evil/toys", False),
        ("evil@toys", False),
        ("toys:port", False),
        ("[toys", False),
        ("", False),
    ],
)
async def test_a_service_answers_to_its_own_names_only(
    tmp_path: Path, toy_schema: str, issuer: Issuer, shelf: Shelf, host: str, is_ours: bool
) -> None:
    named = settings(tmp_path, trusted_hosts="toys, *.shop.example, [::1]")
    async with (
        running(build(named, issuer, shelf, toy_schema)) as app,
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://toys") as http,
    ):
        new, old = [await http.get(f"/{version}/toys/Bear", headers={"host": host}) for version in ("v2", "v1")]

    assert new.is_success == old.is_success == is_ours
    assert is_ours or (new.status_code, new.json()["code"]) == (400, "bad_request")
    assert is_ours or old.json() | {"msg": ""} == {"code": 400, "msg": "", "data": None}
    assert {"x-request-id", "x-process-time"} <= set(new.headers)


async def test_a_query_that_is_no_text_is_answered_all_the_same(app: FastAPI) -> None:
    async def with_a_bad_query(scope: StarletteScope, receive: Receive, send: Send) -> None:
        await app({**scope, "query_string": b"q=\xff"}, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(with_a_bad_query), base_url="http://toys") as http:
        answers = [await http.get(path) for path in ("/v2/nothing", "/v2/toys/nobody")]

    assert [answer.status_code for answer in answers] == [404, 404]


async def test_large_answers_are_compressed_for_who_accepts_it(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v2/openapi.json", headers={"accept-encoding": "gzip"})

    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("version", ["v1", "v2", "wishes"])
async def test_each_version_has_its_own_document_and_pages(http: httpx.AsyncClient, version: str) -> None:
    document = (await http.get(f"/{version}/openapi.json")).json()
    pages = [(await http.get(f"/{version}/{page}")).text for page in ("docs", "redoc")]

    assert document["info"]["version"] == version
    assert all(f"/{version}/openapi.json" in page for page in pages)
    assert all("https://" not in page for page in pages)


async def test_a_loop_runs_while_the_service_does(
    tmp_path: Path, toy_schema: str, issuer: Issuer, shelf: Shelf
) -> None:
    ran = asyncio.Event()

    async def run() -> None:
        ran.set()

    async with running(build(settings(tmp_path), issuer, shelf, toy_schema, (Loop("tidy", 60, run),))):
        async with asyncio.timeout(5):
            await ran.wait()


async def test_a_loop_that_fails_rests_no_longer_than_the_settings_say(
    tmp_path: Path, toy_schema: str, issuer: Issuer, shelf: Shelf
) -> None:
    tries = asyncio.Semaphore(0)

    async def fail() -> None:
        tries.release()
        raise LookupError

    impatient = settings(tmp_path, loop_rest_seconds=0.001)
    async with running(build(impatient, issuer, shelf, toy_schema, (Loop("tidy", 3600, fail),))):
        async with asyncio.timeout(5):
            for _ in range(3):
                await tries.acquire()


async def test_other_protocols_are_not_ours(app: FastAPI) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    scope: dict[str, Any] = {
        "type": "websocket",
        "path": "/v1/toys",
        "headers": [],
        "subprotocols": [],
        "query_string": b"",
    }
    await app(scope, receive, send)

    assert json.dumps(sent[0]["type"]) == '"websocket.close"'


async def test_a_client_that_leaves_while_it_sends_is_no_failure_of_ours(app: FastAPI, issuer: Issuer) -> None:
    token = issuer.person(Scope.CATALOG_ADMIN)
    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {token}".encode())]
    scope = {"type": "http", "method": "POST", "path": "/v2/toys", "query_string": b"", "headers": headers}
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    with capture_logs() as logs:
        await app(scope, receive, send)

    (access,) = [line for line in logs if line["event"] == "request"]
    assert sent == []
    assert "client_left" in [line["event"] for line in logs]
    assert "unhandled_error" not in [line["event"] for line in logs]
    assert (access["log_level"], access["status"], access["complete"]) == ("info", 499, False)


async def test_a_client_that_leaves_while_it_is_told_of_events_is_no_failure_of_ours(app: FastAPI) -> None:
    path = "/v2/toys/Bear/events"
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    begun = asyncio.Event()

    async def receive() -> Message:
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            begun.set()
            await asyncio.Event().wait()  # nobody takes it

    with capture_logs() as logs:
        await app(scope, receive, send)

    (access,) = [line for line in logs if line["event"] == "request"]
    assert (access["log_level"], access["status"], access["complete"]) == ("info", 200, False)
