"""What the chassis' own tests share: a database, a way to reach it from elsewhere, and a service without a schema."""

import sqlite3
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from chassis.database import Database
from chassis.testing_postgres import PostgresCluster
from sqlalchemy import make_url


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, database_url: str) -> Callable[[str], None]:
    """Execute a statement as another program would, at once and without an event loop."""
    url = make_url(database_url)
    assert url.database is not None
    if url.drivername == "sqlite":
        return partial(_execute_on_sqlite, url.database)
    cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
    return partial(cluster.execute, url.database)


def _execute_on_sqlite(path: str, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    database = Database.open(database_url)
    yield database
    await database.close()


@pytest.fixture
def toy_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The scripts of a service whose schema is empty."""
    scripts = tmp_path / "toyschema" / "migrations"
    (scripts / "versions").mkdir(parents=True)
    (tmp_path / "toyschema" / "__init__.py").touch()
    env = "from chassis.migrating import run_scripts\nfrom sqlalchemy import MetaData\nrun_scripts(MetaData())\n"
    (scripts / "env.py").write_text(env)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.delitem(sys.modules, "toyschema", raising=False)
    return "toyschema/migrations"
