"""Units of work on both databases: whole or nothing, and a quick refusal when the database is away."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, closing
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Protocol

import pytest
from chassis.columns import UtcDateTime
from chassis.database import Database
from chassis.ids import new_id
from chassis.postgres import PostgresUnits
from contracts.errors import Unavailable
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    make_url,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

pytestmark = pytest.mark.anyio

metadata = MetaData()
counters = Table("counters", metadata, Column("id", Integer, primary_key=True), Column("n", Integer, nullable=False))
notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("counter", Integer, ForeignKey("counters.id", deferrable=True, initially="DEFERRED")),
    Column("text", String),
    Column("at", UtcDateTime),
)


class Server(Protocol):
    port: int

    def start(self) -> None: ...
    def stop(self) -> None: ...


@pytest.fixture
async def shop(database: Database) -> Database:
    """A database of either kind with the tables and one counter at zero."""
    await make_tables(database)
    return database


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncGenerator[Database]:
    database = Database.open(sqlite_url)
    await make_tables(database)
    yield database
    await database.close()


@pytest.fixture
async def postgres(postgres_url: str) -> AsyncGenerator[Database]:
    database = Database.open(postgres_url)
    await make_tables(database)
    yield database
    await database.close()


@pytest.fixture
def file(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


@pytest.fixture
def gate() -> Generator[threading.Event]:
    """Hold a unit in its thread until set; set at the end, lest a failed test waits for ever."""
    event = threading.Event()
    yield event
    event.set()


async def make_tables(database: Database) -> None:
    def unit(tx: Connection) -> None:
        metadata.create_all(tx)
        tx.execute(insert(counters).values([{"id": 1, "n": 0}, {"id": 2, "n": 0}]))

    await database.write(unit)


def count(tx: Connection) -> int:
    return tx.execute(select(counters.c.n).where(counters.c.id == 1)).scalar_one()


def increment(tx: Connection) -> None:
    tx.execute(update(counters).where(counters.c.id == 1).values(n=counters.c.n + 1))


async def test_a_write_is_committed_when_it_returns(shop: Database, elsewhere: Callable[[str], None]) -> None:
    await shop.write(increment)

    elsewhere("UPDATE counters SET n = n + 10 WHERE n = 1")
    assert await shop.read(count) == 11


async def test_a_unit_that_raises_leaves_nothing_and_its_error_reaches_the_caller(shop: Database) -> None:
    def unit(tx: Connection) -> None:
        increment(tx)
        raise LookupError("no such product")

    with pytest.raises(LookupError, match="no such product"):
        await shop.write(unit)

    assert await shop.read(count) == 0


async def test_a_commit_that_fails_is_heard_and_leaves_nothing(shop: Database) -> None:
    def unit(tx: Connection) -> None:
        increment(tx)
        tx.execute(insert(notes).values(id=1, counter=99))  # refused only when the transaction ends

    with pytest.raises(IntegrityError):
        await shop.write(unit)

    await shop.write(increment)
    assert await shop.read(count) == 1


async def test_a_read_sees_one_moment(shop: Database, elsewhere: Callable[[str], None]) -> None:
    def unit(tx: Connection) -> tuple[int, int]:
        before = count(tx)
        elsewhere("UPDATE counters SET n = n + 1")
        return before, count(tx)

    before, after = await shop.read(unit)

    assert before == after == 0
    assert await shop.read(count) == 1


async def test_a_read_can_change_nothing_and_that_is_not_the_databases_fault(shop: Database) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"):
        await shop.read(increment)

    await shop.ping()
    assert await shop.read(count) == 0


async def test_no_update_is_lost_among_many_writers(shop: Database, database_url: str) -> None:
    replica = Database.open(database_url)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(50):
            tasks.create_task(shop.write(increment))
            tasks.create_task(replica.write(increment))

    await replica.close()
    assert await shop.read(count) == 100


async def test_a_unit_runs_in_the_context_of_its_caller(shop: Database) -> None:
    request_id = ContextVar("request_id", default="none")
    request_id.set("r-1")

    assert await shop.read(lambda tx: request_id.get()) == "r-1"
    assert await shop.write(lambda tx: request_id.get()) == "r-1"


async def test_moments_come_back_aware_and_in_utc_to_the_microsecond(shop: Database) -> None:
    paris = datetime(2026, 11, 21, 10, 0, 0, 123456, timezone(timedelta(hours=1)))

    def unit(tx: Connection) -> None:
        tx.execute(insert(notes), [{"id": 1, "at": paris}, {"id": 2, "at": None}])

    await shop.write(unit)
    first, second = await shop.read(lambda tx: tx.execute(select(notes.c.at).order_by(notes.c.id)).scalars().all())

    assert first == paris
    assert first is not None
    assert first.tzinfo is UTC or first.utcoffset() == timedelta(0)
    assert second is None


async def test_a_moment_without_a_zone_is_refused(shop: Database) -> None:
    with pytest.raises(StatementError, match="wants an aware datetime"):
        await shop.write(lambda tx: tx.execute(insert(notes).values(id=1, at=datetime(2026, 11, 21))) and None)  # noqa: DTZ001


def test_ids_sort_by_when_they_were_made() -> None:
    ids = [new_id() for _ in range(1000)]

    assert ids == sorted(set(ids))
    assert {made.version for made in ids} == {7}


@pytest.mark.parametrize(
    "url",
    ["sqlite://", "sqlite:///:memory:", "mysql://bob:s3cret@host/x", "postgresql+psycopg://h/x", "bob:s3cret@host", ""],
)
def test_other_databases_are_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(ValueError, match="should be sqlite:///") as refused:
        Database.open(url)

    assert "s3cret" not in str(refused.value)


# SQLite


@pytest.mark.parametrize(("synchronous", "level"), [("FULL", 2), ("NORMAL", 1)])
async def test_sqlite_keeps_what_it_promised_of_the_file(sqlite_url: str, synchronous: str, level: int) -> None:
    database = Database.open(sqlite_url, synchronous="FULL" if synchronous == "FULL" else "NORMAL")

    def settings(tx: Connection) -> list[object]:
        names = ("synchronous", "journal_mode", "foreign_keys")
        return [tx.execute(text(f"PRAGMA {name}")).scalar_one() for name in names]

    assert await database.write(settings) == [level, "wal", 1]
    await database.close()


async def test_a_closed_sqlite_database_leaves_one_file(sqlite: Database, file: Path) -> None:
    await sqlite.write(increment)
    await sqlite.read(count)

    await sqlite.close()

    assert [path.name for path in file.parent.iterdir()] == [file.name]


async def test_writers_are_refused_while_another_process_holds_the_lock_and_readers_are_not(
    sqlite: Database, file: Path
) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = await asyncio.gather(*(sqlite.write(increment) for _ in range(4)), return_exceptions=True)
        seen = await sqlite.read(count)

    assert [type(error) for error in refused] == [Unavailable] * 4
    assert seen == 0
    await sqlite.write(increment)
    assert await sqlite.read(count) == 1


async def test_what_a_write_has_read_no_other_process_changes_before_its_end(sqlite: Database, file: Path) -> None:
    def unit(tx: Connection) -> None:
        seen = count(tx)
        other = sqlite3.connect(file, isolation_level=None, timeout=0)
        with closing(other), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("UPDATE counters SET n = n + 1")
        tx.execute(update(counters).where(counters.c.id == 1).values(n=seen + 1))

    await sqlite.write(unit)

    assert await sqlite.read(count) == 1


async def test_a_write_waits_for_a_lock_that_is_soon_released(sqlite: Database, file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(0.05, other.close)

    await sqlite.write(increment)

    assert await sqlite.read(count) == 1


async def test_a_write_that_finds_no_turn_is_refused_and_never_runs(sqlite: Database, gate: threading.Event) -> None:
    async with asyncio.TaskGroup() as tasks:
        slow = tasks.create_task(sqlite.write(lambda tx: gate.wait()))
        await asyncio.sleep(0)  # lets it reach the thread first
        with pytest.raises(Unavailable, match="busy"):
            await sqlite.write(increment)
        gate.set()

    assert slow.result() is True
    assert await sqlite.read(count) == 0


async def test_a_unit_whose_caller_is_cancelled_is_still_done_whole(sqlite: Database, gate: threading.Event) -> None:
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def unit(tx: Connection) -> None:
        increment(tx)
        loop.call_soon_threadsafe(begun.set)
        gate.wait()
        increment(tx)

    async with asyncio.TaskGroup() as tasks:
        caller = tasks.create_task(sqlite.write(unit))
        await begun.wait()
        caller.cancel()
    gate.set()

    await sqlite.write(increment)  # in the same thread, so after it
    assert await sqlite.read(count) == 3


async def test_a_unit_whose_caller_is_cancelled_in_the_queue_is_never_begun(
    sqlite: Database, gate: threading.Event
) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(sqlite.write(lambda tx: gate.wait()))
        queued = tasks.create_task(sqlite.write(increment))
        await asyncio.sleep(0)  # lets both reach the queue
        queued.cancel()
        await asyncio.wait({queued})
        gate.set()

    assert queued.cancelled()
    assert await sqlite.read(count) == 0


async def together(database: Database, gate: threading.Event, *units: Callable[[Connection], object]) -> list[object]:
    """Let units wait for one another in the queue; give what becomes of each."""

    def hold(tx: Connection) -> None:
        gate.wait()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(database.write(hold))
        waiting = [asyncio.gather(database.write(unit), return_exceptions=True) for unit in units]
        await asyncio.sleep(0)  # lets all reach the queue
        gate.set()
    return [outcome for (outcome,) in [await answer for answer in waiting]]


async def test_units_that_wait_together_are_committed_together(
    sqlite: Database, gate: threading.Event, file: Path
) -> None:
    def look(tx: Connection) -> tuple[int, int]:
        with closing(sqlite3.connect(file)) as other:
            return count(tx), other.execute("SELECT n FROM counters WHERE id = 1").fetchone()[0]

    assert await together(sqlite, gate, increment, increment, look) == [None, None, (2, 0)]

    assert await sqlite.read(count) == 2


async def test_of_units_that_are_committed_together_one_that_is_refused_leaves_nothing(
    sqlite: Database, gate: threading.Event
) -> None:
    def refuse(tx: Connection) -> None:
        increment(tx)
        raise LookupError("no such product")

    _, refused, _ = await together(sqlite, gate, increment, refuse, increment)

    assert isinstance(refused, LookupError)
    assert await sqlite.read(count) == 2


@pytest.mark.parametrize("counter", ["1", "99"], ids=["at once", "at the end"])
async def test_of_units_that_are_committed_together_what_the_database_refuses_one_hurts_no_other(
    sqlite: Database, gate: threading.Event, counter: str
) -> None:
    def write(tx: Connection) -> None:
        increment(tx)
        tx.execute(insert(notes).values(id=1, counter=int(counter)))
        if counter == "1":
            tx.execute(insert(notes).values(id=1))

    _, refused, _ = await together(sqlite, gate, increment, write, increment)

    assert isinstance(refused, IntegrityError)
    assert await sqlite.read(count) == 2


async def test_so_many_units_and_no_more_are_committed_together(sqlite: Database, gate: threading.Event) -> None:
    outcomes = await together(sqlite, gate, *[increment] * 120)

    assert outcomes == [None] * 120
    assert await sqlite.read(count) == 120


async def test_a_full_disk_is_unavailable_until_there_is_room(sqlite: Database) -> None:
    def unit(tx: Connection) -> None:
        pages = tx.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        tx.execute(insert(notes), [{"text": "x" * 4000} for _ in range(20)])

    with pytest.raises(Unavailable, match="nothing was changed"):
        await sqlite.write(unit)

    await sqlite.write(lambda tx: tx.execute(insert(notes), [{"text": "x" * 4000} for _ in range(20)]) and None)


async def test_a_file_that_became_read_only_is_unavailable_until_it_is_writable_again(sqlite: Database) -> None:
    def unit(tx: Connection) -> None:
        tx.exec_driver_sql("PRAGMA query_only = ON")
        increment(tx)

    with pytest.raises(Unavailable):
        await sqlite.write(unit)

    await sqlite.write(increment)
    assert await sqlite.read(count) == 1


async def test_a_folder_that_is_not_there_yet_is_unavailable_and_then_not(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/later/data.db")

    with pytest.raises(Unavailable) as refused:
        await database.ping()
    (tmp_path / "later").mkdir()
    await database.ping()

    assert refused.value.retry_after == 1
    await database.close()


# PostgreSQL


async def test_a_unit_that_deadlocks_is_run_again(postgres: Database) -> None:
    def unit(*order: int) -> Callable[[Connection], None]:
        def work(tx: Connection) -> None:
            for row in order:
                tx.execute(update(counters).where(counters.c.id == row).values(n=counters.c.n + 1))
                tx.execute(text("SELECT pg_sleep(0.2)"))

        return work

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(postgres.write(unit(1, 2)))
        tasks.create_task(postgres.write(unit(2, 1)))

    assert await postgres.read(lambda tx: tx.execute(select(counters.c.n)).scalars().all()) == [2, 2]


async def test_a_unit_that_always_loses_is_given_up(postgres: Database) -> None:
    runs: list[None] = []

    def unit(tx: Connection) -> None:
        runs.append(None)
        tx.execute(text("DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$"))

    with pytest.raises(Unavailable):
        await postgres.write(unit)

    assert len(runs) == 4


async def test_a_server_that_restarts_is_unavailable_meanwhile_and_needs_no_restart_of_ours(
    postgres: Database, postgres_cluster: Server
) -> None:
    await asyncio.gather(*(postgres.read(count) for _ in range(5)))  # so that the pool holds several connections

    await asyncio.to_thread(postgres_cluster.stop)
    with pytest.raises(Unavailable):
        await postgres.write(increment)
    await asyncio.to_thread(postgres_cluster.start)

    await asyncio.gather(*(postgres.write(increment) for _ in range(5)))
    assert await postgres.read(count) == 5


async def test_a_connection_lost_amid_a_unit_is_unavailable(postgres: Database) -> None:
    with pytest.raises(Unavailable, match="nothing was changed"):
        await postgres.write(lambda tx: tx.execute(text("SELECT pg_terminate_backend(pg_backend_pid())")) and None)

    await postgres.ping()


async def test_a_server_that_became_read_only_is_unavailable(postgres: Database) -> None:
    def unit(tx: Connection) -> None:
        tx.execute(text("SET TRANSACTION READ ONLY"))
        increment(tx)

    with pytest.raises(Unavailable):
        await postgres.write(unit)

    await postgres.write(increment)
    assert await postgres.read(count) == 1


async def test_a_statement_that_takes_too_long_is_unavailable(postgres: Database, postgres_url: str) -> None:
    impatient = Database("postgresql", PostgresUnits(make_url(postgres_url), pool=1, statement=0.1))

    with pytest.raises(Unavailable, match="nothing was changed"):
        await impatient.write(lambda tx: tx.execute(text("SELECT pg_sleep(5)")) and None)

    await impatient.ping()
    await impatient.close()


async def test_a_unit_that_finds_every_connection_taken_is_refused(postgres_url: str) -> None:
    small = Database.open(postgres_url, pool=1)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(small.read(lambda tx: tx.execute(text("SELECT pg_sleep(1.5)")) and None))
        await asyncio.sleep(0)  # lets it take the one connection
        with pytest.raises(Unavailable, match="busy"):
            await small.ping()

    await small.close()


async def test_a_server_that_never_answers_is_unavailable() -> None:
    async with asyncio.timeout(10), silent_server() as port:
        database = Database.open(f"postgresql://concord@127.0.0.1:{port}/none")

        with pytest.raises(Unavailable):
            await database.ping()

        await database.close()


async def test_a_server_that_falls_silent_is_unavailable_until_it_speaks_again(
    postgres: Database, postgres_cluster: Server, postgres_url: str
) -> None:
    line = Line(postgres_cluster.port)
    async with line.open() as port:
        database = Database.open(str(make_url(postgres_url).set(port=port)))
        await database.write(increment)

        line.mute_at = b""
        with pytest.raises(Unavailable, match="nothing was changed"):
            await database.write(increment)
        line.mute_at = None

        await database.write(increment)
        await database.close()
    assert await postgres.read(count) == 2


@pytest.mark.parametrize("hangs_up", [True, False])
async def test_a_connection_lost_amid_the_commit_leaves_the_outcome_open(
    postgres: Database, postgres_cluster: Server, postgres_url: str, hangs_up: bool
) -> None:
    line = Line(postgres_cluster.port, hangs_up=hangs_up)
    async with line.open() as port:
        units = PostgresUnits(make_url(postgres_url).set(port=port), pool=1, statement=0.2)
        database = Database("postgresql", units)
        await database.ping()

        line.mute_at = b"COMMIT;"
        with pytest.raises(Unavailable, match="whole, or it is absent"):
            await database.write(increment)

        await database.close()
    assert await postgres.read(count) == 0


@asynccontextmanager
async def silent_server() -> AsyncGenerator[int]:
    """A port that takes connections and says nothing, as a host behind a dead route seems to."""
    quiet = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await quiet.wait()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1")
    yield server.sockets[0].getsockname()[1]
    quiet.set()
    server.close()


class Line:
    """A wire to the server that goes dead, or breaks, as soon as certain bytes are sent through it."""

    def __init__(self, port: int, *, hangs_up: bool = False) -> None:
        self.port = port
        self.hangs_up = hangs_up
        self.mute_at: bytes | None = None

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[int]:
        server = await asyncio.start_server(self.connect, "127.0.0.1")
        yield server.sockets[0].getsockname()[1]
        server.close()

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.forward(reader, far_writer))
            tasks.create_task(self.forward(far_reader, writer))

    async def forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if self.mute_at is not None and self.mute_at in data:
                if self.hangs_up:
                    break
                continue
            writer.write(data)
        writer.close()
