"""Units of work on PostgreSQL, over asyncpg: bounded waits, and a second try where that is safe."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from random import uniform
from typing import TypeVar

from contracts.errors import Unavailable
from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

__all__ = ["PostgresUnits", "engine"]

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

    def __init__(self, url: URL, pool: int) -> None:
        self._writes = engine(url, pool_size=pool, max_overflow=0)
        self._reads = self._writes.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    async def read(self, unit: Callable[[Connection], T]) -> T:
        """Run the unit on one snapshot."""
        return await _run(self._reads, unit, unavailable=_UNAVAILABLE)

    async def write(self, unit: Callable[[Connection], T]) -> T:
        """Run the unit in one transaction, again when it lost a race or its connection before the commit."""
        return await _run(self._writes, unit, unavailable=_UNAVAILABLE | {_READ_ONLY})

    async def close(self) -> None:
        """Close the pool."""
        await self._writes.dispose()


def engine(url: URL, **options: object) -> AsyncEngine:
    """Make an engine whose connections speak asyncpg; it connects to nothing yet."""
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        connect_args={
            "command_timeout": _STATEMENT,
            # just-in-time compilation costs short statements, and asyncpg's own look at types, more than it saves
            "server_settings": {"application_name": "concord", "jit": "off"},
        },
        **options,
    )


async def _run(engine: AsyncEngine, unit: Callable[[Connection], T], *, unavailable: set[str]) -> T:
    try:
        return await _persevere(engine, unit)
    except DBAPIError as error:
        state = _sqlstate(error)
        if error.connection_invalidated or state in unavailable or state[:2] in _UNAVAILABLE_CLASSES:
            raise _refusal() from error
        raise


async def _persevere(engine: AsyncEngine, unit: Callable[[Connection], T]) -> T:
    pauses = iter(_PAUSES)
    while True:
        try:
            return await _attempt(engine, unit)
        except DBAPIError as error:
            pause = next(pauses, None)
            if pause is None or not (error.connection_invalidated or _sqlstate(error) in _LOST_RACES):
                raise
        await asyncio.sleep(uniform(0, pause))  # noqa: S311 (spreads the tries, guards nothing)


async def _attempt(engine: AsyncEngine, unit: Callable[[Connection], T]) -> T:
    async with _connected(engine) as connection:
        try:
            result = await connection.run_sync(unit)
        except TimeoutError as error:
            await _hang_up(connection)
            raise _refusal() from error
        await _commit(connection)
        return result


@asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    connection = engine.connect()
    try:
        async with asyncio.timeout(_CONTACT):
            await connection.start()
    except (TimeoutError, OSError, DBAPIError) as error:
        raise _refusal() from error
    try:
        yield connection
    finally:
        await connection.close()


async def _commit(connection: AsyncConnection) -> None:
    try:
        await connection.commit()
    except (TimeoutError, DBAPIError) as error:
        if isinstance(error, DBAPIError) and not error.connection_invalidated:
            raise
        await _hang_up(connection)
        raise Unavailable(
            "The database was lost while it saved; the change is whole or absent. Look before you repeat it.",
            retry_after=1,
        ) from error


async def _hang_up(connection: AsyncConnection) -> None:
    """Drop a connection that no longer answers, without the goodbye it would not answer either."""
    raw = await connection.get_raw_connection()
    if raw.driver_connection is not None:
        raw.driver_connection.terminate()
    await connection.invalidate()


def _refusal() -> Unavailable:
    return Unavailable(
        "The database cannot be used at the moment; nothing was changed. Try again shortly.", retry_after=1
    )


def _sqlstate(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""
