"""The one writer of an SQLite file: units that come while it is busy are committed together, and then answered.

A commit costs a flush of the disk, however much it holds. Each unit but the first has a savepoint, so one that is
refused leaves nothing behind; and when anything breaks a transaction of several, each has one of its own.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

__all__ = ["SqliteWriter"]

T = TypeVar("T")
Unit = Callable[[Connection], Any]
Run = Callable[[Unit, float], Any]
"""Runs a unit in a transaction that begins before a moment of the monotonic clock."""

_MOST = 50  # units in one transaction
_LONGEST = 0.01  # seconds after which it takes in no more of them: the first one waits for its answer


class SqliteWriter:
    """Runs units in its thread, in the order in which they come."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._queue = deque[_Job]()
        self._thread = ThreadPoolExecutor(1, "sqlite-writer")

    def submit(self, unit: Callable[[Connection], T], deadline: float) -> Future[T]:
        """Put a unit into the queue; its future ends after its commit."""
        job = _Job(unit, deadline)
        self._queue.append(job)
        self._thread.submit(self._work)
        return job.future

    def close(self) -> None:
        """Wait for all that is in the queue."""
        self._thread.shutdown()

    def _work(self) -> None:
        """Run the next units of the queue; each came with a call of this, so that none is left behind."""
        first = self._next()
        if first is None:
            return
        jobs = [first]
        try:
            self._run(lambda connection: self._run_together(connection, jobs), first.deadline)
        except BaseException as failure:  # noqa: BLE001 -- whatever it is, it is the caller's, who waits for it
            if len(jobs) == 1:
                first.future.set_exception(failure)
                return
            for job in jobs:
                self._run_alone(job)
            return
        for job in jobs:
            job.answer()

    def _next(self) -> "_Job | None":
        while self._queue:
            job = self._queue.popleft()
            if job.future.set_running_or_notify_cancel():
                return job
        return None

    def _run_together(self, connection: Connection, jobs: "list[_Job]") -> None:
        """Run the first unit, and all that wait by then."""
        end = monotonic() + _LONGEST
        jobs[0].run(connection)
        while len(jobs) < _MOST and monotonic() < end and (job := self._next()):
            jobs.append(job)
            job.run_within(connection)

    def _run_alone(self, job: "_Job") -> None:
        job.failure = None
        try:
            self._run(job.run, job.deadline)
        except BaseException as failure:  # noqa: BLE001 -- as above
            job.failure = failure
        job.answer()


class _Job:
    """A unit of work, and what comes of it."""

    def __init__(self, unit: Unit, deadline: float) -> None:
        self.future = Future[Any]()
        self.deadline = deadline
        self.failure: BaseException | None = None
        self._unit = unit
        self._context = copy_context()
        self._result: Any = None

    def run(self, connection: Connection) -> None:
        self._result = self._context.run(self._unit, connection)

    def run_within(self, connection: Connection) -> None:
        """Run in a transaction that others are in; what the database itself refuses may have ended it for all."""
        connection.exec_driver_sql("SAVEPOINT unit")
        try:
            self.run(connection)
        except DBAPIError:
            raise
        except Exception as refusal:  # noqa: BLE001 -- it is the caller's
            self.failure = refusal
            connection.exec_driver_sql("ROLLBACK TO unit")
        connection.exec_driver_sql("RELEASE unit")

    def answer(self) -> None:
        if self.failure:
            self.future.set_exception(self.failure)
        else:
            self.future.set_result(self._result)
