"""What the chassis' own tests share: a database of each kind, PostgreSQL from a cluster made for the run."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from chassis.database import Database
from sqlalchemy import make_url


@dataclass(frozen=True)
class PostgresCluster:
    """A PostgreSQL server of our own, run by somebody who is not root, as it insists."""

    programs: Path
    folder: Path
    port: int

    def run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.programs / program, "-D", self.folder / "data", *arguments],
            user="postgres" if os.geteuid() == 0 else None,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def run_client(self, program: str, *arguments: str) -> None:
        server = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "concord"]
        subprocess.run([self.programs / program, *server, *arguments], check=True, capture_output=True)

    def start(self) -> None:
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} -F -c deadlock_timeout=50ms"
        self.run("pg_ctl", "start", "-w", "-s", "-l", f"{self.folder}/log", "-o", options)

    def stop(self) -> None:
        self.run("pg_ctl", "stop", "-w", "-s", "-m", "immediate")

    def url(self, database: str) -> str:
        return f"postgresql://concord@127.0.0.1:{self.port}/{database}"

    def execute(self, database: str, statement: str) -> None:
        self.run_client("psql", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, database)

    def make_database(self) -> str:
        name = f"t{uuid4().hex}"
        self.run_client("createdb", name)
        return name


@pytest.fixture(scope="session")
def postgres_cluster() -> Generator[PostgresCluster]:
    found = shutil.which("initdb") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), None)
    if found is None:
        pytest.skip("PostgreSQL is not installed here: `apt-get install postgresql` brings the initdb this test wants")
    folder = Path(tempfile.mkdtemp(prefix="concord-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    cluster = PostgresCluster(Path(found).resolve().parent, folder, port)
    cluster.run("initdb", "-U", "concord", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    cluster.start()
    yield cluster
    cluster.stop()
    shutil.rmtree(folder)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/data.db"


@pytest.fixture
def postgres_url(postgres_cluster: PostgresCluster) -> str:
    return postgres_cluster.url(postgres_cluster.make_database())


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


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
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "toyschema", raising=False)
    return "toyschema/migrations"
