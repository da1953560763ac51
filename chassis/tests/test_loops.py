"""Background loops: they outlive their failures, wake early, and end when the service does."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from chassis.loops import Loop, pause
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

pytestmark = pytest.mark.anyio

NEVER = 1e6  # seconds between runs: what runs again was woken


class Work:
    """Counts its runs, and lets a test wait for one of them."""

    def __init__(self, run: Callable[[int], Awaitable[None]] | None = None) -> None:
        self.runs = 0
        self._run = run
        self._moved = asyncio.Condition()

    async def __call__(self) -> None:
        async with self._moved:
            self.runs += 1
            self._moved.notify_all()
        if self._run is not None:
            await self._run(self.runs)

    async def until(self, runs: int) -> None:
        async with asyncio.timeout(20), self._moved:
            await self._moved.wait_for(lambda: self.runs >= runs)


async def test_the_work_is_done_at_once_and_again_and_again() -> None:
    work = Work()

    async with Loop("work", 0.001, work):
        await work.until(3)

    assert work.runs >= 3


async def test_a_loop_that_is_woken_does_not_wait() -> None:
    work = Work()

    async with Loop("work", NEVER, work) as loop:
        await work.until(1)
        loop.wake()
        await work.until(2)

    assert work.runs == 2


async def test_a_wake_during_a_run_is_not_lost() -> None:
    async def wake(run: int) -> None:
        if run == 1:
            loop.wake()

    work = Work(wake)

    loop = Loop("work", NEVER, work)
    async with loop:
        await work.until(2)

    assert work.runs == 2


async def test_a_run_that_fails_is_logged_and_the_next_one_comes() -> None:
    async def fail_twice(run: int) -> None:
        if run == 1:
            raise LookupError("no such order")
        if run == 2:
            raise asyncio.CancelledError  # as when something that the run awaited was cancelled

    work = Work(fail_twice)

    with capture_logs() as logs:
        async with Loop("recovery", 0.001, work):
            await work.until(4)

    failures = [entry for entry in logs if entry["event"] == "loop_run_failed"]
    assert [(entry["loop"], entry["failures"], entry["exc_info"]) for entry in failures] == [
        ("recovery", 1, True),
        ("recovery", 2, True),
    ]


async def test_work_that_is_seldom_done_is_soon_tried_again_when_it_failed() -> None:
    async def fail_once(run: int) -> None:
        if run == 1:
            raise LookupError("no such order")

    work = Work(fail_once)
    loop = Loop("work", NEVER, work)
    loop.rest_at_most(0.001)

    with capture_logs():
        async with loop:
            await work.until(2)

    assert work.runs == 2


async def test_work_goes_on_after_a_cancellation_that_was_taken_back() -> None:
    async def leave_one_behind(run: int) -> None:
        task = asyncio.current_task()
        if run == 1 and task:  # as a group of tasks does, one of which fails while the group is not waiting
            task.cancel()
            task.uncancel()

    work = Work(leave_one_behind)

    async with Loop("recovery", 0.001, work):
        await work.until(3)

    assert work.runs >= 3


async def test_the_end_waits_for_the_run_in_flight() -> None:
    done: list[int] = []
    go_on = asyncio.Event()

    async def run(number: int) -> None:
        await go_on.wait()
        done.append(number)

    work = Work(run)

    async with Loop("work", 0.001, work):
        await work.until(1)
        asyncio.get_running_loop().call_soon(go_on.set)

    assert done == [1]


async def test_a_run_that_does_not_end_is_cut_short() -> None:
    cut: list[int] = []

    async def run(number: int) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cut.append(number)

    work = Work(run)

    with capture_logs() as logs:
        async with Loop("work", NEVER, work, grace=0.01):
            await work.until(1)

    assert cut == [1]
    assert [entry["event"] for entry in logs] == ["loop_cut_short"]


async def test_a_service_that_is_cancelled_takes_its_loops_along() -> None:
    ended = asyncio.Event()

    async def run(number: int) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    work = Work(run)

    async def serve() -> None:
        async with Loop("work", NEVER, work):
            await asyncio.Event().wait()

    async with asyncio.TaskGroup() as tasks:
        service = tasks.create_task(serve())
        await work.until(1)
        service.cancel()
        await asyncio.sleep(0)  # lets it reach the end of the loop, where the second one finds it
        service.cancel()

    await asyncio.wait_for(ended.wait(), 20)
    assert service.cancelled()


async def test_a_loop_can_be_started_again() -> None:
    work = Work()
    loop = Loop("work", NEVER, work)

    async with loop:
        await work.until(1)
    async with loop:
        await work.until(2)

    assert work.runs == 2


@given(every=st.floats(0.01, 3600), jitter=st.floats(0, 0.5))
def test_after_success_replicas_drift_apart_by_the_jitter(every: float, jitter: float) -> None:
    assert every * (1 - jitter) <= pause(every, jitter, 0, longest=60) <= every * (1 + jitter)


@given(every=st.floats(0.01, 3600), failures=st.integers(1, 10_000), longest=st.floats(0.01, 3600))
def test_after_failures_the_pause_grows_to_a_bound(every: float, failures: int, longest: float) -> None:
    assert 0 <= pause(every, 0.1, failures, longest) <= min(every * 2.0 ** min(failures, 100), longest)
