"""The context of a request: ids, trace and deadline go in, out and onward, and one line is logged."""

import json
import re

import httpx
import pytest
from chassis.boundary import FailureMiddleware, Paths
from chassis.context import begin, current, hurry, outgoing_headers, remaining
from chassis.recording import ContextMiddleware
from fastapi import FastAPI, HTTPException
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.testing import capture_logs
from structlog.types import EventDict

pytestmark = pytest.mark.anyio

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

app = FastAPI()


@app.get("/seen/{name}")
async def see(name: str) -> dict[str, object]:
    serving = current()
    assert serving is not None
    serving.operation, serving.principal = "Tests.see", name
    return {"headers": outgoing_headers(), "left": remaining(), "operation": serving.operation}


@app.get("/stream")
async def stream() -> StreamingResponse:
    async def parts():
        for _ in range(3):
            yield b"four"

    return StreamingResponse(parts())


@app.get("/livez")
async def livez() -> None: ...


@app.get("/broken")
async def broken() -> None:
    raise RuntimeError("broken")


@app.get("/gone")
async def gone() -> None:
    raise HTTPException(410)


async def ask(
    path: str, *headers: tuple[str, str], method: str = "GET", of: ASGIApp = app
) -> tuple[httpx.Response, EventDict]:
    """Send a request and return its answer and its line in the access log."""
    transport = httpx.ASGITransport(ContextMiddleware(of, quiet=["/livez"]), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        with capture_logs() as lines:
            answer = await http.request(
                method, path, headers=[(name.encode(), value.encode("latin-1")) for name, value in headers]
            )
    (line,) = lines
    return answer, line


async def test_a_sane_request_id_is_kept_and_answered() -> None:
    answer, _ = await ask("/seen/ada", ("X-Request-Id", "cart-7.b_1"))

    assert answer.headers["X-Request-Id"] == "cart-7.b_1"
    assert answer.json()["headers"]["X-Request-Id"] == "cart-7.b_1"


@pytest.mark.parametrize("wrong", ["", "a" * 65, "two words", "a\tb", "né", "<script>"])
async def test_a_strange_request_id_is_replaced(wrong: str) -> None:
    answer, _ = await ask("/seen/ada", ("X-Request-Id", wrong))

    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-Id"])


async def test_two_request_ids_are_none() -> None:
    answer, _ = await ask("/seen/ada", ("X-Request-Id", "one"), ("X-Request-Id", "two"))

    assert answer.headers["X-Request-Id"] not in {"one", "two", "one, two"}


async def test_a_request_is_a_new_step_in_its_callers_trace() -> None:
    answer, _ = await ask("/seen/ada", ("traceparent", PARENT))

    _, trace, span, flags = answer.headers["traceparent"].split("-")
    assert (trace, flags) == ("0af7651916cd43dd8448eb211c80319c", "01")
    assert span != "b7ad6b7169203331"
    assert answer.json()["headers"]["traceparent"] == answer.headers["traceparent"]


async def test_a_later_version_of_the_trace_header_is_read_as_far_as_it_is_known() -> None:
    answer, _ = await ask("/seen/ada", ("traceparent", PARENT.replace("00-", "cc-", 1) + "-what-comes-later"))

    assert answer.headers["traceparent"].split("-")[1] == "0af7651916cd43dd8448eb211c80319c"


async def test_flags_that_nobody_has_defined_are_not_passed_on() -> None:
    answer, _ = await ask("/seen/ada", ("traceparent", PARENT[:-2] + "fd"))

    assert answer.headers["traceparent"].endswith("-01")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        PARENT.upper(),
        PARENT + "-more",
        PARENT + "f",
        PARENT.replace("00-", "ff-", 1),
        PARENT.replace("00-", "cc-", 1) + "x",
        PARENT.replace("0af7651916cd43dd8448eb211c80319c", "0" * 32),
        PARENT.replace("b7ad6b7169203331", "0" * 16),
        PARENT[:-3],
    ],
)
async def test_a_malformed_trace_header_starts_a_new_trace(wrong: str) -> None:
    answer, _ = await ask("/seen/ada", ("traceparent", wrong))

    version, trace, span, flags = answer.headers["traceparent"].split("-")
    assert (version, len(trace), len(span), flags) == ("00", 32, 16, "02")
    assert trace.strip("0") != ""
    assert trace != "0af7651916cd43dd8448eb211c80319c"


async def test_what_tracing_systems_tell_each_other_is_passed_on() -> None:
    said = ("traceparent", PARENT), ("tracestate", "rojo=00f067aa0ba902b7"), ("tracestate", "congo=t61rcWkgMzE")

    answer, _ = await ask("/seen/ada", *said)

    assert answer.json()["headers"]["tracestate"] == "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"


@pytest.mark.parametrize(
    "said",
    [
        [("tracestate", "rojo=1")],
        [("traceparent", PARENT[:-3]), ("tracestate", "rojo=1")],
        [("traceparent", PARENT), ("tracestate", "")],
        [("traceparent", PARENT), ("tracestate", "rojo=\x80")],
        [("traceparent", PARENT), ("tracestate", "rojo=" + "1" * 512)],
        [("traceparent", PARENT), ("tracestate", ",".join(f"a{number}=1" for number in range(33)))],
    ],
)
async def test_what_is_told_of_no_trace_or_cannot_be_read_is_not_passed_on(said: list[tuple[str, str]]) -> None:
    answer, _ = await ask("/seen/ada", *said)

    assert "tracestate" not in answer.json()["headers"]


async def test_two_trace_headers_start_a_new_trace() -> None:
    answer, _ = await ask("/seen/ada", ("traceparent", PARENT), ("traceparent", PARENT))

    assert "0af7651916cd43dd8448eb211c80319c" not in answer.headers["traceparent"]


async def test_a_deadline_shrinks_on_its_way() -> None:
    answer, _ = await ask("/seen/ada", ("X-Deadline-Ms", "2000"))

    assert 0 < answer.json()["left"] < 2
    assert 0 < int(answer.json()["headers"]["X-Deadline-Ms"]) < 2000


@pytest.mark.parametrize(("said", "understood"), [("999999999", 60), ("0", 0), ("-5", 0)])
async def test_a_deadline_is_clamped(said: str, understood: float) -> None:
    answer, _ = await ask("/seen/ada", ("X-Deadline-Ms", said))

    assert answer.json()["left"] == pytest.approx(understood, abs=1)


@pytest.mark.parametrize("wrong", ["soon", "1e3", "", "9" * 10, "٣"])
async def test_a_deadline_that_is_no_number_is_none(wrong: str) -> None:
    answer, _ = await ask("/seen/ada", (b"X-Deadline-Ms".decode(), wrong.encode().decode("latin-1")))

    assert answer.json()["left"] is None
    assert "X-Deadline-Ms" not in answer.json()["headers"]


async def test_the_answer_says_how_long_it_took_in_seconds() -> None:
    answer, _ = await ask("/seen/ada")

    assert re.fullmatch(r"[0-9]+\.[0-9]{6}", answer.headers["X-Process-Time"])


async def test_one_line_is_logged_for_a_request() -> None:
    _, line = await ask("/seen/ada?token=canary")

    assert line["event"] == "request"
    assert (line["method"], line["route"], line["status"]) == ("GET", "/seen/{name}", 200)
    assert (line["log_level"], line["complete"], line["address"]) == ("info", True, "127.0.0.1")
    assert line["bytes"] > 0
    assert line["duration_ms"] > 0
    assert "canary" not in json.dumps(line)


async def test_a_stream_is_counted_whole() -> None:
    answer, line = await ask("/stream")

    assert answer.content == b"fourfourfour"
    assert (line["bytes"], line["complete"]) == (12, True)


async def test_a_path_that_no_route_has_is_not_logged() -> None:
    answer, line = await ask("/canary", method="BREW")

    assert answer.status_code == 404
    assert (line["route"], line["method"]) == (None, "_OTHER")


async def test_a_refusal_has_ids_as_well() -> None:
    answer, line = await ask("/gone", ("X-Request-Id", "one"))

    assert (answer.status_code, answer.headers["X-Request-Id"]) == (410, "one")
    assert (line["status"], line["log_level"]) == (410, "info")


async def test_a_failure_has_ids_and_is_logged_as_an_error() -> None:
    answer, line = await ask("/broken", ("X-Request-Id", "one"))

    assert (answer.status_code, answer.headers["X-Request-Id"]) == (500, "one")
    assert (line["status"], line["log_level"], line["route"]) == (500, "error", "/broken")


async def test_probes_are_logged_for_debugging_only() -> None:
    _, line = await ask("/livez")

    assert line["log_level"] == "debug"


async def test_an_answer_that_breaks_off_is_logged_as_an_error() -> None:
    async def break_off(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError("broken")

    _, line = await ask("/", of=break_off)

    assert (line["status"], line["bytes"], line["complete"]) == (200, 4, False)
    assert line["log_level"] == "error"


async def test_an_operation_that_is_known_by_its_contract_gives_the_route() -> None:
    async def known(scope: Scope, receive: Receive, send: Send) -> None:
        serving = current()
        assert serving is not None
        serving.route = "/v2/users/{user_id}"
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    _, line = await ask("/v2/users/17", of=known)

    assert line["route"] == "/v2/users/{user_id}"


async def test_what_is_no_request_passes_untouched() -> None:
    seen: list[str] = []

    async def note(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])
        assert current() is None

    async def nothing(*_: object) -> None: ...

    await ContextMiddleware(note)({"type": "lifespan"}, nothing, nothing)  # pyright: ignore[reportArgumentType]

    assert seen == ["lifespan"]


async def test_messages_of_other_kinds_are_passed_on() -> None:
    sent: list[str] = []

    async def push(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.push"})

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message["type"])

    scope: Scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "client": None}
    with capture_logs() as lines:
        await ContextMiddleware(push)(scope, receive, send)

    assert sent == ["http.response.push"]
    assert lines[0]["address"] is None


async def test_what_fails_where_nobody_opened_a_context_is_answered_all_the_same() -> None:
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("broken")

    transport = httpx.ASGITransport(FailureMiddleware(fail, Paths([])))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        answer = await http.get("/")

    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_a_client_that_leaves_where_nobody_opened_a_context_is_let_go() -> None:
    sent: list[Message] = []

    async def leave(scope: Scope, receive: Receive, send: Send) -> None:
        raise ClientDisconnect

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await FailureMiddleware(leave, Paths([]))({"type": "http"}, receive, send)

    assert sent == []


def test_outside_of_requests_there_is_no_context() -> None:
    assert current() is None
    assert remaining() is None
    assert outgoing_headers() == {}


def test_work_of_our_own_has_a_trace_and_a_deadline_of_its_own() -> None:
    with begin("orders.recover", seconds=5) as working:
        headers = outgoing_headers()

    assert headers["traceparent"] == working.trace.traceparent
    assert 0 < int(headers["X-Deadline-Ms"]) <= 5000
    assert current() is None


def test_work_of_our_own_may_take_its_time() -> None:
    with begin("orders.recover"):
        headers = outgoing_headers()

    assert sorted(headers) == ["X-Request-Id", "traceparent"]


def test_haste_shortens_a_deadline_and_never_lengthens_it() -> None:
    with begin("recover", seconds=20), hurry(30):
        unhurried = remaining() or 0
        with hurry(10):
            hurried = remaining() or 0
            told = int(outgoing_headers()["X-Deadline-Ms"])
        after = remaining() or 0

    assert hurried <= 10 < after <= unhurried <= 20
    assert 0 < told <= 10_000


def test_haste_is_told_to_peers_where_no_request_is_served() -> None:
    with hurry(10):
        told = outgoing_headers()

    assert list(told) == ["X-Deadline-Ms"]


def test_work_of_its_own_is_not_hurried_by_who_began_it() -> None:
    with hurry(1), begin("fetch", seconds=20):
        left = remaining() or 0

    assert 10 < left <= 20
