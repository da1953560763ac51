"""Units of work on PostgreSQL, over asyncpg: bounded waits, and a second try where that is safe."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from random import uniform
from typing import Any, TypeVar

from asyncpg import InterfaceError, PostgresError  # pyright: ignore[reportMissingTypeStubs] (it has none)
from contracts.errors import Unavailable
from sqlalchemy import Connection, Pool
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

__all__ = ["PostgresUnits"]

T = TypeVar("T")

_CONTACT = 0.9  # seconds to get a connection that answers; a caller is to hear "not now" in under one
_STATEMENT = 5.0  # seconds for one statement: long enough for the server to find a deadlock, which takes it one
_PAUSES = (0.02, 0.05, 0.1)  # seconds at most before each further try

_LOST_RACES = {"40001", "40P01"}  # serialization failure, deadlock: rolled back by the server, safe to repeat
_UNAVAILABLE_CLASSES = {"08", "53", "57", "58"}  # connection, resources, operator intervention, system
_UNAVAILABLE = _LOST_RACES | {"55P03"}  # lock not available
_READ_ONLY = "25006"


class PostgresUnits:
    """Run units on one PostgreSQL database."""

    def __init__(self, url: URL, pool: int, statement: float = _STATEMENT) -> None:
        self._writes = _engine(url, pool, statement)
        self._reads = self._writes.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._turns = asyncio.Semaphore(pool)  # first come, first served, which the pool's own queue is not

    @property
    def pools(self) -> tuple[Pool, ...]:
        return (self._writes.pool,)

    async def read(self, unit: Callable[[Connection], T]) -> T:
        """Run the unit on one snapshot."""
        with _reported(_UNAVAILABLE):
            return await self._persevere(self._reads, unit)

    async def glance(self, unit: Callable[[Connection], T]) -> T:
        """Run the unit as any other that reads: to ask a server takes its time."""
        return await self.read(unit)

    async def write(self, unit: Callable[[Connection], T]) -> T:
        """Run the unit in one transaction, again when it lost a race."""
        with _reported(_UNAVAILABLE | {_READ_ONLY}):
            return await self._persevere(self._writes, unit)

    async def close(self) -> None:
        """Close the pool."""
        await self._writes.dispose()

    async def _persevere(self, engine: AsyncEngine, unit: Callable[[Connection], T]) -> T:
        pauses = iter(_PAUSES)
        while True:
            try:
                return await self._attempt(engine, unit)
            except DBAPIError as error:
                pause = next(pauses, None)
                if pause is None or _sqlstate(error) not in _LOST_RACES:
                    raise
            await asyncio.sleep(uniform(0, pause))  # noqa: S311 (spreads the tries, guards nothing)

    async def _attempt(self, engine: AsyncEngine, unit: Callable[[Connection], T]) -> T:
        deadline = asyncio.get_running_loop().time() + _CONTACT
        async with _turn(self._turns, deadline), _connected(engine, deadline) as connection:
            try:
                result = await connection.run_sync(unit)
            except TimeoutError as error:
                await _hang_up(connection)
                raise _refusal() from error
            await _commit(connection)
            return result


def _engine(url: URL, pool: int, statement: float) -> AsyncEngine:
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        pool_size=pool,
        max_overflow=0,
        connect_args={
            "command_timeout": statement,
            # just-in-time compilation costs short statements, and asyncpg's own look at types, more than it saves
            "server_settings": {"application_name": "concord", "jit": "off"},
        },
    )


@contextmanager
def _reported(unavailable: set[str]) -> Generator[None]:
    try:
        yield
    except DBAPIError as error:
        state = _sqlstate(error)
        if error.connection_invalidated or state in unavailable or state[:2] in _UNAVAILABLE_CLASSES:
            raise _refusal() from error
        raise


@asynccontextmanager
async def _turn(turns: asyncio.Semaphore, deadline: float) -> AsyncGenerator[None]:
    try:
        async with asyncio.timeout_at(deadline):
            await turns.acquire()
    except TimeoutError as error:
        raise Unavailable("The database is busy; nothing was changed. Try again in a moment.", retry_after=1) from error
    try:
        yield
    finally:
        turns.release()


@asynccontextmanager
async def _connected(engine: AsyncEngine, deadline: float) -> AsyncGenerator[AsyncConnection]:
    try:
        connection = await _answering(engine, deadline)
    except (TimeoutError, OSError, DBAPIError) as error:
        raise _refusal() from error
    try:
        yield connection
    finally:
        await connection.close()


async def _answering(engine: AsyncEngine, deadline: float) -> AsyncConnection:
    """Take a connection that answers, and drop those that a restart of the server left behind."""
    while True:
        async with asyncio.timeout_at(deadline):
            connection = await engine.connect()
        answers = False
        try:
            answers = await _answers(connection, deadline)
        finally:
            if not answers:
                await _hang_up(connection)
        if answers:  # pragma: no branch (coverage loses sight behind greenlets; a test restarts the server)
            return connection


async def _answers(connection: AsyncConnection, deadline: float) -> bool:
    patience = max(0.1, deadline - asyncio.get_running_loop().time())
    driver = await _driver(connection)
    try:
        await driver.execute("SELECT", timeout=patience)  # this wait is short, the unit's may be long
    except (TimeoutError, OSError, PostgresError, InterfaceError):
        return False
    return True


async def _commit(connection: AsyncConnection) -> None:
    try:
        await connection.commit()
    except TimeoutError as error:  # pragma: no cover (as above; tests break the connection amid a commit)
        await _hang_up(connection)
        raise _doubt() from error
    except DBAPIError as error:  # pragma: no cover (as above)
        if error.connection_invalidated:
            raise _doubt() from error
        raise


async def _hang_up(connection: AsyncConnection) -> None:
    """Drop a connection that no longer answers, without the goodbye that it would not answer either."""
    if not connection.invalidated:
        (await _driver(connection)).terminate()
        await connection.invalidate()
    await connection.close()


async def _driver(connection: AsyncConnection) -> Any:
    return (await connection.get_raw_connection()).driver_connection


def _refusal() -> Unavailable:
    return Unavailable(
        "The database cannot be used at the moment; nothing was changed. Try again shortly.", retry_after=1
    )


def _doubt() -> Unavailable:
    return Unavailable(
        "The database was lost while it saved: the change is whole, or it is absent. Look before you repeat it.",
        retry_after=1,
    )


def _sqlstate(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""
