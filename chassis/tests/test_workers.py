"""Several processes that serve one port: what they tell is added up, and they live and end together."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import anyio
import httpx
import pytest
from chassis.fleet import fleet
from chassis.telemetry.instruments import Label, counter, gauge, histogram
from chassis.telemetry.merging import Memory
from chassis.testing_telemetry import SentryServer, listening
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from .serving import GREETER, Running, environment, fail, running

pytestmark = [pytest.mark.anyio, pytest.mark.crowd]

CREW = Path(__file__).with_name("crew.py")
WORKERS = 3
REQUESTS = 60
GREETINGS = "http_server_request_duration_seconds_count"


@asynccontextmanager
async def several() -> AsyncGenerator[tuple[Running, httpx.AsyncClient]]:
    async with running(workers=str(WORKERS)) as (greeter, http):
        await until_ready(greeter, http)
        yield greeter, http


async def until_ready(greeter: Running, http: httpx.AsyncClient) -> None:
    """Wait until all of them are there."""
    with anyio.fail_after(60):
        while not await are_ready(greeter, http):  # noqa: ASYNC110 (processes tell nobody when they are there)
            await anyio.sleep(0.02)


async def are_ready(greeter: Running, http: httpx.AsyncClient) -> bool:
    try:
        workers = (await http.get(f"{greeter.operations}/readyz")).json()["workers"]
    except httpx.TransportError:
        return False
    return len(workers) == WORKERS and all(worker and worker["status"] == "ready" for worker in workers)


async def figures(greeter: Running, http: httpx.AsyncClient, name: str) -> float:
    """Add up the figures of a name, over all labels."""
    text = (await http.get(f"{greeter.operations}/metrics")).text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return sum(sample.value for sample in samples if sample.name == name)


async def ask(greeter: Running, http: httpx.AsyncClient) -> set[int]:
    """Ask often, each time over a connection of its own; return who answered."""
    pids = set[int]()
    for _ in range(REQUESTS):
        pids.add((await http.get("/pid", headers={"connection": "close"})).json())
    return pids


def lives(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


async def until(holds: Callable[[], bool]) -> None:
    with anyio.fail_after(60):
        while not holds():  # noqa: ASYNC110 (processes of others tell us nothing)
            await anyio.sleep(0.02)


async def test_figures_are_added_up_over_all_processes() -> None:
    async with several() as (greeter, http):
        pids = await ask(greeter, http)

        counted = await figures(greeter, http, GREETINGS)

    assert counted == REQUESTS
    assert greeter.process.pid not in pids


async def test_a_process_that_dies_is_replaced_and_what_it_told_stays() -> None:
    async with several() as (greeter, http):
        victim = (await http.get("/pid", headers={"connection": "close"})).json()
        before = await figures(greeter, http, GREETINGS)
        os.kill(victim, signal.SIGKILL)
        line = await greeter.line("worker_ended")
        await until_ready(greeter, http)
        pids = await ask(greeter, http)
        after = await figures(greeter, http, GREETINGS)

    assert (line["pid"], line["code"]) == (victim, -signal.SIGKILL)
    assert victim not in pids
    assert after == before + REQUESTS


async def test_all_finish_what_they_have_begun_when_the_service_is_stopped() -> None:
    answers: list[httpx.Response] = []

    async def ask_last(http: httpx.AsyncClient) -> None:
        answers.append(await http.get("/last-words"))

    async with several() as (greeter, http):
        pids = await ask(greeter, http)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask_last, http)
            await greeter.line("waiting")
            greeter.process.terminate()
        code = await greeter.process.wait()

    assert [answer.json() for answer in answers] == ["goodbye"]
    assert code == 0
    assert [pid for pid in pids if lives(pid)] == []


async def test_nobody_stays_behind_when_the_process_that_started_them_is_killed() -> None:
    async with several() as (greeter, http):
        pids = await ask(greeter, http)
        greeter.process.kill()
        await greeter.process.wait()

        await until(lambda: not any(lives(pid) for pid in pids))


async def test_the_level_of_logs_is_changed_in_all_of_them() -> None:
    async with several() as (greeter, http):
        changed = await http.put(f"{greeter.operations}/loggers", json={"level": "debug"})
        refused = await http.put(f"{greeter.operations}/loggers", json={"level": "loud"})
        shown = await http.get(f"{greeter.operations}/loggers")

    assert (changed.status_code, refused.status_code) == (200, 400)
    assert shown.json() == {"workers": [{"level": "debug"}] * WORKERS}


async def test_all_of_them_can_be_asked_what_one_can_be_asked() -> None:
    async with several() as (greeter, http):
        index = (await http.get(greeter.operations)).text
        paths = index.partition(";")[0].split()[1:]
        statuses = {path: (await http.get(greeter.operations + path)).status_code for path in paths}

    assert set(statuses.values()) == {200}


async def test_a_service_that_cannot_start_is_not_tried_for_ever() -> None:
    settings = environment(workers="2", is_broken="true")

    ended = await anyio.run_process(GREETER, env=settings, check=False)

    assert ended.returncode == 3
    assert b"worker_ended" not in ended.stdout


async def crew(how: str, word: str, times: int, **settings: str) -> tuple[int | None, str]:
    """Stop a crew once one of it has said a word so often; return the exit code, and all that was said."""
    command = [sys.executable, str(CREW), how]
    async with await anyio.open_process(command, env=environment(**settings), stderr=None) as process:
        assert process.stdout is not None
        said = ""
        with anyio.fail_after(60):
            while said.count(word) < times:
                said += (await process.stdout.receive()).decode()
            process.terminate()
            return await process.wait(), said


async def test_a_worker_that_fails_says_why_and_is_tried_again_after_a_pause() -> None:
    code, said = await crew("fail", "failing\n", 2)

    assert code == 0
    assert "worker_failed" in said
    assert "this worker fails" in said
    assert said.count("worker_ended") >= 1


async def test_a_worker_that_ends_late_is_replaced_at_once() -> None:
    code, said = await crew("late", "begun\n", 2)

    assert code == 0
    assert "worker_ended" in said


async def test_a_replacement_that_cannot_start_is_tried_again_and_ends_nobody_else() -> None:
    code, said = await crew("relapse", "there\n", 3)

    assert code == 0
    assert said.count("cannot start\n") == 1


async def test_a_service_that_is_stopped_in_the_pause_starts_nobody() -> None:
    code, said = await crew("fail", "worker_ended", 1)

    assert code == 0
    assert said.count("failing\n") == 1


async def test_the_end_of_a_process_that_is_no_worker_ends_nobody_else() -> None:
    code, said = await crew("adopt", "there\n", 3)

    assert code == 0
    assert "worker_ended" not in said


async def test_what_a_worker_fails_of_is_reported() -> None:
    sentry = SentryServer()
    with listening(sentry):
        await crew("fail", "worker_ended", 1, sentry_dsn=sentry.dsn)

    assert [event["tags"]["event"] for event in sentry.events] == ["worker_failed"]


async def test_several_processes_refuse_the_settings_that_one_refuses() -> None:
    alone, several = [await fail(is_refused="true", workers=workers) for workers in ("1", "3")]

    assert several == alone == (1, ["this greeter wants other settings"])


def families(*samples: tuple[str, str, dict[str, str], float]) -> list[Metric]:
    """Tell what a process tells: kind, name, labels and value of each."""
    told: dict[str, Metric] = {}
    for kind, name, labels, value in samples:
        family = told.setdefault(name, Metric(name, "Something.", kind))
        family.add_sample(f"{name}_total" if kind == "counter" else name, labels, value)
    return list(told.values())


MADE = counter("toys_total", "Toys that were made.", Label("colour", "what it looks like"))
LEFT = gauge("toys_left", "Toys that are left.")
WAIT = gauge("toys_wait_seconds", "How long the oldest waits.", unit="seconds", merged="max")
SPARE = gauge("toys_spare", "The least there is.", merged="min")
PAINTING = histogram("toy_painting_seconds", "How long painting took.")


def read(told: list[Metric]) -> dict[str, float]:
    return {sample.name + "".join(sample.labels.values()): sample.value for family in told for sample in family.samples}


def process(made: float, left: float, wait: float, spare: float) -> list[Metric]:
    return families(
        ("counter", "toys", {"colour": "red"}, made),
        ("gauge", "toys_left", {}, left),
        ("gauge", "toys_wait_seconds", {}, wait),
        ("gauge", "toys_spare", {}, spare),
    )


def test_each_figure_becomes_one_as_its_declaration_says() -> None:
    memory = Memory([MADE, LEFT, WAIT, SPARE, PAINTING])
    memory.note("one", "1", process(3, 4, 5, 6))
    memory.note("other", "2", process(10, 20, 30, 40))

    told = memory.total(["one", "other"])

    assert read(told) == {"toys_totalred": 13, "toys_left": 24, "toys_wait_seconds": 30, "toys_spare": 6}
    assert {family.name: family.unit for family in told}["toys_wait_seconds"] == "seconds"


def test_of_a_process_that_is_gone_only_what_grows_is_kept() -> None:
    memory = Memory([MADE, LEFT, WAIT, SPARE])
    memory.note("one", "1", process(3, 4, 5, 6))
    silent = read(memory.total([]))
    for _ in range(2):
        memory.note("one", "2", process(1, 2, 3, 4))

    told = read(memory.total(["one"]))

    assert silent == {"toys_totalred": 3}
    assert told == {"toys_totalred": 4, "toys_left": 2, "toys_wait_seconds": 3, "toys_spare": 4}


async def test_a_process_that_does_not_answer_is_shown_as_nobody() -> None:
    app = fleet(["http://127.0.0.1:1"], [])

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://operations") as http:
        ready, metrics = await http.get("/readyz"), await http.get("/metrics")

    assert (ready.status_code, ready.json()) == (503, {"workers": [None]})
    assert (metrics.status_code, metrics.text) == (200, "")


class Oddity:
    """A worker that tells rubbish at first, and then its figures; of all else it fails."""

    def __init__(self) -> None:
        self.looks = 0

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.looks += head.startswith(b"GET /metrics")
        writer.write(self.answer(head))
        writer.close()

    def answer(self, head: bytes) -> bytes:
        if not head.startswith(b"GET /metrics"):
            return b"HTTP/1.1 500 Oh\r\ncontent-length: 4\r\n\r\noops"
        if self.looks == 1:
            return b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nrubbish"
        return b"HTTP/1.1 200 OK\r\nx-process: 1\r\ncontent-length: 36\r\n\r\n# TYPE toys counter\ntoys_total 1.0\n\n\n"


@pytest.fixture
async def odd() -> AsyncGenerator[tuple[Oddity, httpx.AsyncClient]]:
    """A worker, and the application that asks it."""
    worker = Oddity()
    listener = await asyncio.start_server(worker.meet, "127.0.0.1", 0)
    app = fleet([f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"], [])
    inside = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=inside, base_url="http://ops") as http:
        yield worker, http
    listener.close()


async def test_figures_that_cannot_be_read_once_are_looked_at_again(odd: tuple[Oddity, httpx.AsyncClient]) -> None:
    worker, http = odd

    with anyio.fail_after(30):
        while worker.looks < 2:  # noqa: ASYNC110 (who looks tells nobody)
            await anyio.sleep(0.01)
    told = await http.get("/metrics")

    assert "toys_total 1.0" in told.text


async def test_of_a_worker_that_fails_it_is_said_that_it_does(odd: tuple[Oddity, httpx.AsyncClient]) -> None:
    _, http = odd

    told = await http.get("/info")

    assert (told.status_code, told.json()) == (500, {"workers": [None]})
