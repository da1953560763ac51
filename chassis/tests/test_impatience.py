"""Whoever needs a database that cannot be used hears so before the loop has counted a second (case 24).

Nothing here is measured: a call and a second race on one event loop, which wakes them in the order in which they are
due, however slowly it runs.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Generator
from contextlib import closing
from pathlib import Path
from socket import create_server
from typing import TypeVar

import pytest
from chassis.database import Database
from contracts.errors import Unavailable
from sqlalchemy import Connection, text

pytestmark = pytest.mark.anyio

T = TypeVar("T")
TURNS = 200  # of the loop, in which whoever was due before the second is through


@pytest.fixture
def gate() -> Generator[threading.Event]:
    """Hold a unit in its thread until set; set at the end, lest a failed test waits for ever."""
    event = threading.Event()
    yield event
    event.set()


async def within_a_second(call: Awaitable[T]) -> T:
    """Return or raise what a call does; fail when a second is over first."""
    second = asyncio.create_task(a_second())
    answer = asyncio.ensure_future(call)
    await asyncio.wait((answer, second), return_when=asyncio.FIRST_COMPLETED)
    assert not second.done(), "a second passed, and nothing was heard"
    second.cancel()
    return await answer


async def a_second() -> None:
    await asyncio.sleep(1)
    for _ in range(TURNS):
        await asyncio.sleep(0)


def look(tx: Connection) -> object:
    return tx.execute(text("SELECT 1")).scalar()


async def test_a_write_that_gets_no_turn_is_refused_in_time(sqlite_url: str, gate: threading.Event) -> None:
    database = Database.open(sqlite_url)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(database.write(lambda tx: gate.wait()))
        await asyncio.sleep(0)  # lets it reach the thread first

        with pytest.raises(Unavailable, match="busy"):
            await within_a_second(database.write(look))

        gate.set()
    await database.close()


async def test_a_read_that_gets_no_turn_is_refused_in_time(sqlite_url: str, gate: threading.Event) -> None:
    database = Database.open(sqlite_url, pool=1)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(database.read(lambda tx: gate.wait()))
        await asyncio.sleep(0)

        with pytest.raises(Unavailable, match="busy"):
            await within_a_second(database.read(look))

        gate.set()
    await database.close()


async def test_a_write_is_refused_in_time_while_another_process_holds_the_lock(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    await database.write(look)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(Unavailable):
            await within_a_second(database.write(look))

    await database.close()


async def test_a_unit_that_gets_no_connection_is_refused_in_time(postgres_url: str) -> None:
    database = Database.open(postgres_url, pool=1)
    await database.ping()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(database.read(lambda tx: tx.execute(text("SELECT pg_sleep(2)")) and None))
        await asyncio.sleep(0)  # lets it take the one connection

        with pytest.raises(Unavailable, match="busy"):
            await within_a_second(database.write(look))

    await database.close()


async def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    with create_server(("127.0.0.1", 0)) as silent:  # which the system connects to, and nobody speaks for
        database = Database.open(f"postgresql://concord@127.0.0.1:{silent.getsockname()[1]}/none")

        with pytest.raises(Unavailable):
            await within_a_second(database.ping())

        await database.close()
