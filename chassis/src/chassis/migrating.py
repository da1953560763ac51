"""The schema of a service's database, brought up to date by its Alembic scripts.

The `env.py` of a service's `migrations` folder is three lines:

    from chassis.migrating import run_scripts
    from users.tables import metadata
    run_scripts(metadata)
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from threading import Lock
from typing import TypeVar

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, NullPool, create_engine, func, select
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.database import dialect_of, parse_url

__all__ = ["config_of", "current", "migrate", "revision_of", "revisions", "run_scripts"]

T = TypeVar("T")

_ADVISORY_LOCK = 0x636F6E636F7264  # "concord", for whoever reads pg_locks
_LOCK_PATIENCE = 60_000  # milliseconds that a process waits while another one migrates the same file
_ALEMBIC = Lock()  # Alembic keeps the migration that is running in module globals


def migrate(database_url: str, scripts: str) -> list[str]:
    """Bring the schema up to date and return the revisions applied; wait while another process does so.

    `scripts` is a package's folder such as `users/migrations`. All revisions are applied in one transaction.
    This blocks, and on PostgreSQL needs a thread without an event loop: `await asyncio.to_thread(migrate, ...)`.
    """
    config = config_of(scripts)
    applied: list[str] = []

    def upgrade(connection: Connection) -> list[str]:
        _lock(connection)
        config.attributes.update(connection=connection, applied=applied)
        command.upgrade(config, "head")
        return applied

    with _ALEMBIC:
        return _connected(parse_url(database_url), upgrade)


def current(database_url: str, scripts: str) -> str | None:
    """Return the revision that the database is at, None before the first; refuse one the scripts do not know."""
    revision = _connected(
        parse_url(database_url), lambda connection: MigrationContext.configure(connection).get_current_revision()
    )
    if revision is not None:
        ScriptDirectory.from_config(config_of(scripts)).get_revision(revision)
    return revision


def revision_of(tx: Connection) -> str | None:
    """Read the revision that a database is at, None before the first."""
    return MigrationContext.configure(tx).get_current_revision()


def revisions(scripts: str) -> list[str]:
    """List the revisions that there are, oldest first; this reads files."""
    found = [script.revision for script in ScriptDirectory.from_config(config_of(scripts)).walk_revisions()]
    return list(reversed(found))


def config_of(scripts: str) -> Config:
    """Describe the scripts to Alembic; a test may give this to pytest-alembic as its `alembic_config`."""
    config = Config()
    config.set_main_option("script_location", scripts.replace("/", ":", 1))
    config.set_main_option("path_separator", "os")
    return config


def run_scripts(metadata: MetaData) -> None:
    """Do what Alembic was asked for, on the connection or engine that the caller put into its configuration."""
    connectable = context.config.attributes.get("connection")
    if isinstance(connectable, Connection):
        _run_on(connectable, metadata)
    elif isinstance(connectable, Engine):
        with connectable.connect() as connection:
            _lock(connection)
            _run_on(connection, metadata)
            connection.commit()
    else:
        raise RuntimeError(
            f"the migrations want a connection from their caller, found {connectable!r}: "
            "run them with `python -m <service> migrate`, not with the alembic command"
        )


def _run_on(connection: Connection, metadata: MetaData) -> None:
    applied: list[str] = context.config.attributes.get("applied", [])

    def note(
        ctx: MigrationContext, step: MigrationInfo, heads: Collection[str], run_args: Mapping[str, object]
    ) -> None:
        applied.extend(step.up_revision_ids)

    context.configure(
        connection=connection,
        target_metadata=metadata,
        transactional_ddl=True,
        render_as_batch=connection.dialect.name == "sqlite",  # it alters most of a table by copying it
        on_version_apply=note,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite":
        _check_references(connection)


def _lock(connection: Connection) -> None:
    """Keep other processes out until the transaction ends, and begin it."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_LOCK_PATIENCE}")
    connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")  # or copying a table deletes what refers to it
    connection.exec_driver_sql("BEGIN EXCLUSIVE")


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(
            f"the migrations should leave every foreign key whole, found {len(broken)} rows that refer to nothing, "
            f"the first in table {broken[0][0]!r}: nothing was migrated; mend the rows in the script"
        )


def _connected(url: URL, work: Callable[[Connection], T]) -> T:
    if dialect_of(url) == "postgresql":
        return asyncio.run(_connected_to_postgres(url, work))
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        result = work(connection)
        connection.commit()
        return result


async def _connected_to_postgres(url: URL, work: Callable[[Connection], T]) -> T:
    engine = create_async_engine(url.set(drivername="postgresql+asyncpg"), poolclass=NullPool)
    async with engine.begin() as connection:
        return await connection.run_sync(work)
