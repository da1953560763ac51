"""What every test of the repository shares: its event loop, a database of each kind, how hard Hypothesis looks."""

import os
from collections.abc import Generator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import settings

if TYPE_CHECKING:
    from chassis.testing_postgres import PostgresCluster

SERVICES = ("users", "catalog", "orders")

for package in ("contracts", "chassis"):  # now, or pytest takes the folders of these names for the packages
    import_module(package)

structlog.configure(  # its default draws each traceback in colours, which takes seconds
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ]
)

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("glance", deadline=None, derandomize=True, max_examples=10)
settings.register_profile("fuzz", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if "CI" in os.environ else "dev"))


@pytest.fixture
def anyio_backend() -> str:
    """Run asynchronous tests on asyncio, as the services do."""
    return "asyncio"


@pytest.fixture
def migrations() -> str | None:
    """Name the scripts that have made the tests' databases; a service's tests name their own."""
    return None


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Make a database of each kind, so that every test that uses one runs on both."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Name a file that is not there yet: services migrate theirs when they start."""
    return f"sqlite:///{tmp_path}/data.db"


@pytest.fixture
def postgres_url(postgres_cluster: "PostgresCluster", migrations: str | None) -> Generator[str]:
    """Make a database, migrated as it is before a service starts on PostgreSQL."""
    name = postgres_cluster.make_database(migrations)
    yield postgres_cluster.url(name)
    postgres_cluster.drop_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest) -> dict[str, str]:
    """Make a database for each of the three services, of each kind."""
    return request.getfixturevalue(f"{request.param}_urls")


@pytest.fixture
def sqlite_urls(tmp_path: Path) -> dict[str, str]:
    """Name a file for each service."""
    return {name: f"sqlite:///{tmp_path}/{name}.db" for name in SERVICES}


@pytest.fixture
def postgresql_urls(postgres_cluster: "PostgresCluster") -> Generator[dict[str, str]]:
    """Make a database for each service, migrated as it is before services start on PostgreSQL."""
    databases = {name: postgres_cluster.make_database(f"{name}/migrations") for name in SERVICES}
    yield {name: postgres_cluster.url(database) for name, database in databases.items()}
    for database in databases.values():
        postgres_cluster.drop_database(database)


@pytest.fixture(scope="session")
def postgres_cluster() -> Generator["PostgresCluster"]:
    """Start one server a process of the test run."""
    from chassis.testing_postgres import PostgresCluster, find_programs  # noqa: PLC0415 (the contracts' tests need none)

    programs = find_programs()
    if programs is None:
        missing = "PostgreSQL is not installed: `apt-get install postgresql` brings the initdb that its tests want"
        pytest.fail(missing) if "CI" in os.environ else pytest.skip(missing)
    with PostgresCluster.running(programs) as cluster:
        yield cluster
