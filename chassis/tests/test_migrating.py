"""Migrations: applied once, whole or not at all, by whoever starts first."""

import asyncio
import os
import sqlite3
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from chassis.database import Database
from chassis.migrating import config_of, current, migrate
from pytest_alembic.tests import (
    test_model_definitions_match_ddl,
    test_single_head_revision,
    test_up_down_consistency,
    test_upgrade,
)
from sqlalchemy import Engine, create_engine, text

__all__ = [
    "test_model_definitions_match_ddl",
    "test_single_head_revision",
    "test_up_down_consistency",
    "test_upgrade",
]

pytestmark = pytest.mark.anyio

TABLES = """
    from chassis.columns import UtcDateTime
    from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, Uuid

    metadata = MetaData()
    Table("parents", metadata, Column("id", Uuid, primary_key=True), Column("name", String(20), nullable=False))
    Table(
        "children",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("parent", Uuid, ForeignKey("parents.id", ondelete="CASCADE"), nullable=False),
        Column("born", UtcDateTime),
    )
"""
ENV = """
    from chassis.migrating import run_scripts
    from {package}.tables import metadata
    run_scripts(metadata)
"""
TOP = """
    import time

    import sqlalchemy as sa
    from alembic import op
    from chassis.columns import UtcDateTime

    revision, down_revision = "{revision}", {before!r}
"""
FIRST = """
    def upgrade():
        op.create_table("parents", sa.Column("id", sa.Uuid, primary_key=True), sa.Column("name", sa.String(10)))
        op.create_table(
            "children",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("parent", sa.Uuid, sa.ForeignKey("parents.id", ondelete="CASCADE"), nullable=False),
            sa.Column("born", UtcDateTime),
        )
        op.execute("INSERT INTO parents (id, name) VALUES ('0199b2a07c1e7d6a9a553f2d1c0b9a87', 'Ada')")
        op.execute("INSERT INTO children (id, parent) VALUES (1, '0199b2a07c1e7d6a9a553f2d1c0b9a87')")


    def downgrade():
        op.drop_table("children")
        op.drop_table("parents")
"""
SECOND = """
    def upgrade():
        with op.batch_alter_table("parents") as parents:
            parents.alter_column("name", type_=sa.String(20), existing_type=sa.String(10), nullable=False)


    def downgrade():
        with op.batch_alter_table("parents") as parents:
            parents.alter_column("name", type_=sa.String(10), existing_type=sa.String(20), nullable=True)
"""
LASTING = """
    def upgrade():
        time.sleep(0.3)  # the others look at the schema meanwhile, unless they are kept out
        with op.batch_alter_table("parents") as parents:
            parents.alter_column("name", type_=sa.String(20), existing_type=sa.String(10), nullable=False)
"""
FAILING = """
    def upgrade():
        raise LookupError("no such plan")
"""
DANGLING = """
    def upgrade():
        op.execute("INSERT INTO children (id, parent) VALUES (2, 'nobody')")
"""
MIGRATE_WHEN_TOLD = """
    import sys
    from chassis.migrating import migrate
    print("ready", flush=True)
    sys.stdin.readline()
    print(migrate(sys.argv[1], "lasting/migrations"))
"""


@pytest.fixture(scope="module", autouse=True)
def packages(tmp_path_factory: pytest.TempPathFactory) -> Generator[Path]:
    """Little services: one in order, and those whose second script takes its time, fails, or breaks rows."""
    root = tmp_path_factory.mktemp("packages")
    for package, second in (
        ("plain", SECOND),
        ("lasting", LASTING),
        ("failing", FAILING),
        ("dangling", DANGLING),
    ):
        write(root / package / "__init__.py", "")
        write(root / package / "tables.py", TABLES)
        write(root / package / "migrations" / "env.py", ENV.format(package=package))
        versions = root / package / "migrations" / "versions"
        write(versions / "first.py", TOP.format(revision="0001", before=None) + FIRST)
        write(versions / "second.py", TOP.format(revision="0002", before="0001") + second)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(root), *sys.path])
        yield root


@pytest.fixture
def alembic_config() -> Config:
    """What a service hands to pytest-alembic."""
    return config_of("plain/migrations")


@pytest.fixture
def alembic_engine(sqlite_url: str) -> Generator[Engine]:
    engine = create_engine(sqlite_url)
    yield engine
    engine.dispose()


def write(path: Path, source: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(source))


async def children(database: Database) -> int:
    return await database.read(lambda tx: tx.execute(text("SELECT count(*) FROM children")).scalar_one())


async def test_all_scripts_are_applied_once_and_told(database: Database, database_url: str) -> None:
    before = await asyncio.to_thread(current, database_url, "plain/migrations")
    applied = await asyncio.to_thread(migrate, database_url, "plain/migrations")
    again = await asyncio.to_thread(migrate, database_url, "plain/migrations")

    assert before is None
    assert applied == ["0001", "0002"]
    assert again == []
    assert await asyncio.to_thread(current, database_url, "plain/migrations") == "0002"
    assert await children(database) == 1  # though its parent's table was copied and dropped


async def test_of_four_processes_that_start_at_once_one_makes_the_schema(database: Database, database_url: str) -> None:
    program = [sys.executable, "-c", dedent(MIGRATE_WHEN_TOLD), database_url]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    processes = [
        await asyncio.create_subprocess_exec(*program, env=environment, stdin=PIPE, stdout=PIPE) for _ in range(4)
    ]

    for process in processes:
        assert process.stdout is not None
        await process.stdout.readline()
    answers = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    told = sorted(answer.decode().strip() for answer, _ in answers)

    assert told == ["['0001', '0002']", "[]", "[]", "[]"]
    assert await children(database) == 1


async def test_scripts_that_fail_leave_nothing(database_url: str, elsewhere: Callable[[str], None]) -> None:
    with pytest.raises(LookupError, match="no such plan"):
        await asyncio.to_thread(migrate, database_url, "failing/migrations")

    assert await asyncio.to_thread(current, database_url, "failing/migrations") is None
    elsewhere("CREATE TABLE parents (id integer)")  # the name is free


def test_scripts_that_leave_rows_referring_to_nothing_are_refused_on_sqlite(sqlite_url: str) -> None:
    with pytest.raises(RuntimeError, match="found 1 rows that refer to nothing, the first in table 'children'"):
        migrate(sqlite_url, "dangling/migrations")

    assert current(sqlite_url, "dangling/migrations") is None


def test_a_database_that_is_newer_than_the_scripts_is_refused(sqlite_url: str) -> None:
    migrate(sqlite_url, "plain/migrations")
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as newer, newer:
        newer.execute("UPDATE alembic_version SET version_num = '0003'")

    with pytest.raises(CommandError, match="0003"):
        current(sqlite_url, "plain/migrations")


def test_the_alembic_command_is_told_where_the_migrations_run() -> None:
    with pytest.raises(RuntimeError, match="python -m <service> migrate"):
        command.upgrade(config_of("plain/migrations"), "head")
