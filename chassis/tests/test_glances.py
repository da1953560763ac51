"""Hot reads take a shorter way, and find and refuse what the long one does."""

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from chassis.columns import UtcDateTime
from chassis.database import Database
from chassis.faults import Faults
from chassis.ids import new_id
from chassis.prepared import Prepared
from contracts.errors import Unavailable
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Update,
    Uuid,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

pytestmark = pytest.mark.anyio

metadata = MetaData()
toys = Table(
    "toys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", String(20)),
    Column("left", Integer),
    Column("made_at", UtcDateTime),
)
ONE = Prepared(select(toys).where(toys.c.id == bindparam("toy_id", type_=Uuid)))
SOME = Prepared(
    select(toys.c.name).where(toys.c.left > 1).order_by(toys.c.name).limit(bindparam("most", type_=Integer))
)
MAKE = Prepared(insert(toys))


def _take() -> Update:
    taken = {"left": toys.c.left - bindparam("taken", type_=Integer)}
    return update(toys).where(toys.c.id == bindparam("toy_id", type_=Uuid)).values(taken)


TAKE = Prepared(_take())
LOOK = Prepared(_take().returning(toys.c.left))
_MADE_AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


async def _fill(database: Database, *names: str) -> list[UUID]:
    ids = [new_id() for _ in names]
    rows = [{"id": at, "name": name, "left": 2, "made_at": _MADE_AT} for at, name in zip(ids, names, strict=True)]

    def fill(tx: Connection) -> None:
        metadata.create_all(tx)
        tx.execute(insert(toys), rows)

    await database.write(fill)
    return ids


async def test_a_prepared_query_finds_what_any_query_finds(database: Database) -> None:
    bear, _ = await _fill(database, "Bear", "Duck")

    found = await database.read(lambda tx: ONE.first(tx, toy_id=bear))
    nothing = await database.read(lambda tx: ONE.first(tx, toy_id=new_id()))
    names = await database.read(lambda tx: SOME.all(tx, most=2))

    assert (found.id, found.name, found.left, found.made_at) == (bear, "Bear", 2, _MADE_AT)
    assert nothing is None
    assert [row.name for row in names] == ["Bear", "Duck"]


async def test_a_prepared_change_changes_what_any_change_does(database: Database) -> None:
    bear, duck = await _fill(database, "Bear", "Duck")
    taken = [{"toy_id": duck, "taken": 1}, {"toy_id": bear, "taken": 2}]

    await database.write(lambda tx: TAKE.change_each(tx, taken))
    counts = [
        await database.write(lambda tx, toy=toy: TAKE.change(tx, toy_id=toy, taken=0)) for toy in (bear, new_id())
    ]
    (left,) = await database.write(lambda tx: LOOK.all(tx, toy_id=bear, taken=0))

    assert counts == [1, 0]
    assert left.left == 0
    assert (await database.read(lambda tx: ONE.first(tx, toy_id=duck))).left == 1


async def test_a_change_that_is_refused_undoes_those_before_it(database: Database) -> None:
    (bear,) = await _fill(database, "Bear")
    rows = [{"id": at, "name": "Duck", "left": 1, "made_at": None} for at in (new_id(), bear)]

    with pytest.raises(IntegrityError):
        await database.write(lambda tx: MAKE.change_each(tx, rows))

    assert [row.name for row in await database.read(lambda tx: SOME.all(tx, most=9))] == ["Bear"]
    assert await database.read(lambda tx: ONE.first(tx, toy_id=rows[0]["id"])) is None


async def test_a_glance_sees_what_was_just_written(database: Database) -> None:
    (bear,) = await _fill(database, "Bear")
    before = await database.glance(lambda tx: ONE.first(tx, toy_id=bear))

    (duck,) = await _fill(database, "Duck")
    after = [await database.glance(lambda tx, toy=toy: ONE.first(tx, toy_id=toy).name) for toy in (bear, duck)]

    assert (before.name, after) == ("Bear", ["Bear", "Duck"])


async def test_a_glance_changes_nothing(database: Database) -> None:
    (bear,) = await _fill(database, "Bear")
    await database.glance(lambda tx: ONE.first(tx, toy_id=bear))

    with pytest.raises(DBAPIError):
        await database.glance(lambda tx: tx.execute(toys.delete()))

    assert (await database.glance(lambda tx: ONE.first(tx, toy_id=bear))).name == "Bear"


async def test_a_glance_meets_no_faults_as_it_changes_nothing(database: Database, tmp_path: Path) -> None:
    (bear,) = await _fill(database, "Bear")
    database.sabotage(Faults(tmp_path))

    assert (await database.glance(lambda tx: ONE.first(tx, toy_id=bear))).name == "Bear"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_glance_stays_on_its_thread_once_the_file_is_open(database: Database) -> None:
    await _fill(database, "Bear")

    threads = [await database.glance(lambda tx: threading.get_ident()) for _ in range(3)]

    assert [thread == threading.get_ident() for thread in threads] == [False, True, True]


async def test_a_broken_query_breaks_the_same_way_at_every_turn(database: Database) -> None:
    await _fill(database, "Bear")
    lost = Prepared(select(Table("lost", MetaData(), Column("id", Integer))))

    for _ in range(3):
        with pytest.raises(DBAPIError, match="lost"):
            await database.glance(lost.all)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_statement_for_which_the_disk_has_no_room_is_not_saved_without_the_rest_of_its_unit(
    database: Database,
) -> None:
    await _fill(database, "Bear")
    big: dict[str, Any] = {"name": "x" * 30_000, "left": 2, "made_at": _MADE_AT}

    def make_two(tx: Connection) -> None:
        pages = tx.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.exec_driver_sql(f"PRAGMA max_page_count = {pages + 12}")  # room for one of them
        MAKE.change(tx, id=new_id(), **big)
        MAKE.change(tx, id=new_id(), **big)

    with pytest.raises(Unavailable, match="nothing was changed"):
        await database.write(make_two)

    assert await database.read(lambda tx: [toy.name for toy in SOME.all(tx, most=5)]) == ["Bear"]


async def test_what_a_glance_raises_reaches_the_caller(database: Database) -> None:
    await _fill(database, "Bear")

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await database.glance(lambda tx: 1 / 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_glance_sees_what_another_program_did(database: Database, elsewhere: Callable[[str], None]) -> None:
    (bear,) = await _fill(database, "Bear")
    await database.glance(lambda tx: ONE.first(tx, toy_id=bear))
    elsewhere("DROP TABLE toys")

    with pytest.raises(DBAPIError, match="no such table"):
        await database.glance(lambda tx: ONE.first(tx, toy_id=bear))


async def test_first_glances_that_come_together_share_one_opening(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'toys.db'}")
    together = threading.Barrier(2)

    async with asyncio.TaskGroup() as group:
        first, second = (group.create_task(database.glance(lambda _: together.wait(30) >= 0)) for _ in range(2))
    await database.close()

    assert first.result()
    assert second.result()
