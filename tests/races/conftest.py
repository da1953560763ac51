"""The services of the races, on a database of each kind."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
from chassis.testing_postgres import PostgresCluster

from .world import NAMES, Urls, World, running_world


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest) -> Urls:
    return request.getfixturevalue(f"urls_of_{request.param}")


@pytest.fixture
def urls_of_sqlite(tmp_path: Path) -> Urls:
    return {name: f"sqlite:///{tmp_path}/{name}.db" for name in NAMES}


@pytest.fixture
def urls_of_postgresql(postgres_cluster: PostgresCluster) -> Generator[Urls]:
    databases = {name: postgres_cluster.make_database(f"{name}/migrations") for name in NAMES}
    yield {name: postgres_cluster.url(database) for name, database in databases.items()}
    for database in databases.values():
        postgres_cluster.drop_database(database)


@pytest.fixture
async def world(urls: Urls) -> AsyncGenerator[World]:
    async with running_world(urls) as world:
        yield world
