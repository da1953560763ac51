"""Units of work on SQLite: all writes in one thread, reads in a few others, on connections that stay open."""

import asyncio
import sqlite3
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from time import monotonic
from typing import Literal, TypeVar

from contracts.errors import Unavailable
from sqlalchemy import Connection, Engine, Pool, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from chassis.glances import BlockedGlance, Glances
from chassis.sqlite_writer import SqliteWriter

__all__ = ["SqliteUnits", "Synchronous"]

T = TypeVar("T")
Synchronous = Literal["FULL", "NORMAL"]

_PATIENCE = 0.9  # seconds from asking to having begun; a caller is to hear "not now" in under one
_BUSY_TIMEOUT = 0.4  # seconds of that which one unit may spend on the lock of another process

_READERS = 2  # threads; more of them fight over the interpreter: measured, four read half as much as two

_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_BROKEN = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY}
_UNWRITABLE = _LOCKED | _BROKEN
_UNREADABLE = _UNWRITABLE - {sqlite3.SQLITE_READONLY}  # in a read unit that is our own attempt to write


class SqliteUnits:
    """Run units on one file, which other processes may share."""

    def __init__(self, url: URL, synchronous: Synchronous, pool: int) -> None:
        threads = min(pool, _READERS)
        self._writer = _engine(url, 1, f"PRAGMA synchronous = {synchronous}")
        self._readers = _engine(url, threads, "PRAGMA query_only = ON")
        self._glances = Glances(_engine(url, 1, "PRAGMA query_only = ON", _busy_timeout(0)))
        self._writing = SqliteWriter(lambda unit, deadline: _run(self._writer, _locking(deadline), unit, _UNWRITABLE))
        self._reading = ThreadPoolExecutor(threads, "sqlite-reader")

    @property
    def pools(self) -> tuple[Pool, ...]:
        return self._writer.pool, self._readers.pool

    async def read(self, unit: Callable[[Connection], T]) -> T:
        """Run the unit on one snapshot."""
        run = copy_context().run
        return await _in_turn(self._reading.submit(run, _run, self._readers, ("BEGIN",), unit, _UNREADABLE))

    async def glance(self, unit: Callable[[Connection], T]) -> T:
        """Run the unit here and now; where that would be to wait, as any other."""
        try:
            return self._glances.take(unit)
        except BlockedGlance:
            return await self.read(self._opening(unit))

    async def write(self, unit: Callable[[Connection], T]) -> T:
        """Run the unit in one transaction, locked from its start: an upgrade later on could only fail."""
        return await _in_turn(self._writing.submit(unit, monotonic() + _PATIENCE))

    async def close(self) -> None:
        """Let the units in flight finish, then close the file."""
        await asyncio.to_thread(self._close)

    def _opening(self, unit: Callable[[Connection], T]) -> Callable[[Connection], T]:
        def read(tx: Connection) -> T:
            result = unit(tx)
            self._glances.open()
            return result

        return read

    def _close(self) -> None:
        self._reading.shutdown()
        self._writing.close()
        self._glances.close()
        self._readers.dispose()
        self._writer.dispose()  # last, for the last to leave empties the write-ahead log


def _engine(url: URL, connections: int, *pragmas: str) -> Engine:
    engine = create_engine(url, pool_size=connections, max_overflow=0, pool_timeout=_PATIENCE)

    def configure(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # or the driver begins transactions of its own, and too late
        cursor = connection.cursor()
        cursor.execute(_busy_timeout(_BUSY_TIMEOUT))
        for pragma in ("PRAGMA journal_mode = WAL", "PRAGMA foreign_keys = ON", *pragmas):
            cursor.execute(pragma)
        cursor.close()

    event.listen(engine, "connect", configure)
    return engine


async def _in_turn(job: Future[T]) -> T:
    """Wait for a job unless its turn does not come in time; what has begun always ends, whoever still waits."""
    answer = asyncio.wrap_future(job)
    try:
        await asyncio.wait((answer,), timeout=_PATIENCE)
    except asyncio.CancelledError:
        answer.cancel()
        raise
    if not answer.done() and job.cancel():
        raise Unavailable("The database is busy; nothing was changed. Try again in a moment.", retry_after=1)
    return await answer


def _locking(deadline: float) -> tuple[str, str]:
    return _busy_timeout(min(_BUSY_TIMEOUT, deadline - monotonic())), "BEGIN IMMEDIATE"


def _busy_timeout(seconds: float) -> str:
    return f"PRAGMA busy_timeout = {max(0, int(seconds * 1000))}"


def _run(engine: Engine, opening: Sequence[str], unit: Callable[[Connection], T], unavailable: set[int]) -> T:
    try:
        with engine.connect() as connection, _renewed_when_broken(connection), connection.begin():
            for statement in opening:
                connection.exec_driver_sql(statement)
            return unit(connection)
    except DBAPIError as error:
        if _code(error) in unavailable:
            raise Unavailable(
                "The database cannot be used at the moment; nothing was changed. Try again shortly.", retry_after=1
            ) from error
        raise


@contextmanager
def _renewed_when_broken(connection: Connection) -> Generator[None]:
    # A connection remembers the file as it was: only a new one sees that it was put back or made writable.
    try:
        yield
    except DBAPIError as error:
        if _code(error) in _BROKEN:
            connection.invalidate()
        raise


def _code(error: DBAPIError) -> int | None:
    """Return SQLite's primary result code: the low byte, the rest only refines it."""
    return error.orig.sqlite_errorcode & 0xFF if isinstance(error.orig, sqlite3.Error) else None
