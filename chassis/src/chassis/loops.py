"""Work that a service does again and again in the background, such as finishing what a crash left undone."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import uniform
from time import perf_counter
from types import TracebackType
from typing import Self

from structlog import get_logger

from chassis.context import RequestContext, begin
from chassis.telemetry.metrics import Metrics
from chassis.telemetry.working import LoopFigures

__all__ = ["Loop", "pause"]

_REST = 60.0  # seconds between tries of work that keeps failing, at most
_LAST_GRACE = 1.0  # seconds for a run to obey being cancelled

_log = get_logger(__name__)


class Loop:
    """Runs `run` at once and then `every` so many seconds, from `async with` to its end.

    A run that raises is logged and tried again, ever later. `jitter` is the part of `every` by which replicas
    drift apart, `grace` the seconds that a run in flight has to finish at the end.
    """

    _task: asyncio.Task[None]

    def __init__(
        self,
        name: str,
        every: float,
        run: Callable[[], Awaitable[None]],
        *,
        jitter: float = 0.1,
        grace: float = 10.0,
    ) -> None:
        self.name = name
        self.every = every
        self._run = run
        self._jitter = jitter
        self._grace = grace
        self._rest = _REST
        self._failures = 0
        self._stopping = False
        self._woken = asyncio.Event()
        self._figures = LoopFigures(Metrics(), name)

    def measure(self, metrics: Metrics) -> None:
        """Count runs from now on."""
        self._figures = LoopFigures(metrics, self.name)

    def rest_at_most(self, seconds: float) -> None:
        """Try work that keeps failing again after so many seconds at the latest, however seldom it is done."""
        self._rest = seconds

    def wake(self) -> None:
        """Run now instead of after the pause; during a run, once more after it."""
        self._woken.set()

    async def __aenter__(self) -> Self:
        self._stopping = False
        self._task = asyncio.get_running_loop().create_task(self._go_on(), name=self.name)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping = True
        self.wake()
        try:
            _, late = await asyncio.wait({self._task}, timeout=self._grace)
            if late:
                _log.warning("loop_cut_short", loop=self.name, grace=self._grace)
        finally:
            self._task.cancel()  # which a task that is done ignores
        await asyncio.wait({self._task}, timeout=_LAST_GRACE)

    async def _go_on(self) -> None:
        while not (self._stopping or _is_being_cancelled()):
            self._woken.clear()
            await self._run_once()
            # Before Python 3.13 a group of tasks that failed may leave behind a cancellation that nobody wants now.
            with suppress(TimeoutError, asyncio.CancelledError):
                async with asyncio.timeout(pause(self.every, self._jitter, self._failures, self._rest)):
                    await self._woken.wait()

    async def _run_once(self) -> None:
        began, failures = perf_counter(), self._failures
        with begin(self.name) as work:
            try:
                await self._run()
            except asyncio.CancelledError as error:
                if _is_being_cancelled():
                    raise
                self._note_failure(work, error)  # something that the run awaited was cancelled, not the loop
            except Exception as error:  # noqa: BLE001 (a loop outlives whatever its work raises; logged with its trace)
                self._note_failure(work, error)
            else:
                self._failures = 0
        self._figures.end(perf_counter() - began, has_failed=self._failures > failures)

    def _note_failure(self, work: RequestContext, error: BaseException) -> None:
        self._failures += 1
        work.error = type(error).__name__
        _log.exception("loop_run_failed", loop=self.name, failures=self._failures)


def pause(every: float, jitter: float, failures: int, longest: float) -> float:
    """Say how long to rest: about `every` after success, after failures anything up to a bound that doubles."""
    if failures == 0:
        return every * uniform(1 - jitter, 1 + jitter)  # noqa: S311 (spreads the replicas, guards nothing)
    return uniform(0, min(longest, every * 2.0 ** min(failures, 32)))  # noqa: S311


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
