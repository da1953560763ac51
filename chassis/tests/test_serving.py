"""Serving: a real process that listens, finishes what it has begun, and says plainly why it cannot."""

import signal
import socket
from contextlib import suppress

import anyio
import httpx
import pytest

from .serving import fail, running

pytestmark = pytest.mark.anyio


async def test_a_service_says_where_it_listens_and_answers_there() -> None:
    async with running() as (_, http):
        answer = await http.get("/greeting")

    assert answer.json() == "hello"
    assert "server" not in answer.headers


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
async def test_a_service_that_is_stopped_ends_cleanly(stop: signal.Signals) -> None:
    async with running() as (greeter, http):
        await http.get("/readyz")
        greeter.process.send_signal(stop)
        code = await greeter.process.wait()

    assert code == 0


async def test_a_request_that_has_begun_is_finished_and_hears_that_the_service_stops() -> None:
    answers: list[httpx.Response] = []

    async def ask(http: httpx.AsyncClient) -> None:
        answers.append(await http.get("/last-words"))

    async with running() as (greeter, http):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask, http)
            await greeter.line("waiting")
            greeter.process.terminate()
        code = await greeter.process.wait()

    assert [answer.json() for answer in answers] == ["goodbye"]
    assert code == 0


async def test_a_request_that_never_ends_is_cut_off() -> None:
    outcomes: list[str] = []

    async def ask(http: httpx.AsyncClient) -> None:
        try:
            outcomes.append(str((await http.get("/forever")).status_code))
        except httpx.RemoteProtocolError:
            outcomes.append("broken off")

    async with running(shutdown_seconds="1") as (greeter, http):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask, http)
            await greeter.line("stalling")
            greeter.process.terminate()
        code = await greeter.process.wait()

    assert outcomes == ["500"]
    assert code == 0


async def test_whoever_presses_ctrl_c_twice_does_not_wait() -> None:
    async def ask(http: httpx.AsyncClient) -> None:
        with suppress(httpx.RemoteProtocolError):
            await http.get("/forever")

    async with running(shutdown_seconds="3600") as (greeter, http):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask, http)
            await greeter.line("stalling")
            greeter.process.send_signal(signal.SIGINT)
            await greeter.line("Shutting down")
            greeter.process.send_signal(signal.SIGINT)
        code = await greeter.process.wait()

    assert code == 0


async def test_an_application_that_does_not_close_is_ended_all_the_same() -> None:
    async with running(is_stuck="true", shutdown_seconds="1") as (greeter, _):
        greeter.process.terminate()
        line = await greeter.line("shutdown_forced")
        code = await greeter.process.wait()

    assert line["level"] == "error"
    assert code == 1


async def test_a_service_whose_lines_nobody_takes_ends_all_the_same() -> None:
    async with running(shutdown_seconds="1") as (greeter, http):
        await http.get("/chat")
        greeter.process.terminate()
        with anyio.fail_after(30):
            code = await greeter.process.wait()

    assert code == 1


@pytest.mark.parametrize(("trusted", "seen"), [("127.0.0.1", "203.0.113.7"), ("", "127.0.0.1")])
async def test_only_a_trusted_proxy_says_who_is_calling(trusted: str, seen: str) -> None:
    async with running(trusted_proxies=trusted) as (greeter, http):
        await http.get("/greeting", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.7"})
        line = await greeter.line("request")

    assert line["address"] == seen


async def test_the_operations_port_answers_until_the_last_request_is_finished() -> None:
    shown: list[str] = []

    async def ask(http: httpx.AsyncClient) -> None:
        await http.get("/last-words")

    async with running(operations_host="127.0.0.1") as (greeter, http):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask, http)
            await greeter.line("waiting")
            shown.append((await http.get(f"{greeter.operations}/metrics")).text)
            greeter.process.terminate()
        code = await greeter.process.wait()

    assert "http_server_active_requests 1.0" in shown[0]
    assert code == 0


async def test_a_service_listens_on_ipv6_too() -> None:
    async with running(host="::1") as (_, http):
        answer = await http.get("/greeting")

    assert http.base_url.host == "::1"
    assert answer.json() == "hello"


async def test_a_taken_port_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        code, complaint = await fail(port=str(port))

    assert code == 1
    assert "\n".join(complaint) == (
        f"Cannot listen on 127.0.0.1 port {port}: address already in use. "
        "Stop what listens there, or set CONCORD_HOST and CONCORD_PORT."
    )


async def test_a_taken_operations_port_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        code, complaint = await fail(operations_port=str(port))

    assert code == 1
    assert "\n".join(complaint) == (
        f"Cannot listen on 127.0.0.1 port {port}: address already in use. "
        "Stop what listens there, or set CONCORD_OPERATIONS_HOST and CONCORD_OPERATIONS_PORT."
    )


async def test_settings_that_are_refused_are_said_without_a_traceback() -> None:
    code, complaint = await fail(port="eighty")

    assert code == 1
    assert complaint[0].startswith("These settings are refused")
    assert complaint[2].split()[0] == "CONCORD_PORT"
