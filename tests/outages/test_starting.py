"""Replicas of a service that start at the same moment on a database in which there is nothing yet."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import httpx
import pytest
from chassis.testing_postgres import PostgresCluster

from demo.ports import HOST, free_ports
from tests.crash.process import Service
from tests.crash.stack import NAMES

pytestmark = [pytest.mark.anyio, pytest.mark.crowd]

REPLICAS = 4


@pytest.mark.parametrize("name", NAMES)
async def test_replicas_on_an_empty_file_make_its_schema_once(
    name: str, sqlite_url: str, tmp_path: Path, http: httpx.AsyncClient
) -> None:
    replicas = await live(name, sqlite_url, tmp_path, http)
    told = "".join(replica.log.read_text() for replica in replicas)

    assert [replica.exit_code for replica in replicas] == [0] * REPLICAS
    assert told.count("Running upgrade  -> 0001") == 1


async def test_of_many_who_migrate_an_empty_database_one_does_and_replicas_start_on_it(
    postgres_cluster: PostgresCluster, tmp_path: Path, http: httpx.AsyncClient
) -> None:
    database = postgres_cluster.make_database()
    url = postgres_cluster.url(database)

    told = await asyncio.gather(*(migrate("orders", url) for _ in range(REPLICAS)))
    replicas = await live("orders", url, tmp_path, http)
    postgres_cluster.drop_database(database)

    assert sorted(told, key=len)[:-1] == [[]] * (REPLICAS - 1)
    assert max(told, key=len)[0] == "0001"
    assert [replica.exit_code for replica in replicas] == [0] * REPLICAS


async def live(name: str, url: str, folder: Path, http: httpx.AsyncClient) -> list[Service]:
    """Start replicas at once, wait until all are ready, and stop them."""
    ports = free_ports(REPLICAS)
    replicas = [Service(name, settings(url, port), folder / f"{port}.log") for port in ports]
    for replica in replicas:
        replica.start()
    try:
        async with asyncio.timeout(60):
            for replica, port in zip(replicas, ports, strict=True):
                await until_ready(replica, port, http)
    finally:
        for replica in replicas:
            await replica.stop()
    return replicas


async def until_ready(replica: Service, port: int, http: httpx.AsyncClient) -> None:
    while not await is_ready(port, http):
        assert replica.exit_code is None, replica.tail()
        await asyncio.sleep(0.05)


async def is_ready(port: int, http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get(f"http://{HOST}:{port}/readyz")).is_success
    except httpx.TransportError:
        return False


async def migrate(name: str, url: str) -> list[str]:
    """Migrate as the job before the services does; return what it says it did."""
    program, quiet = (sys.executable, "-m", name, "migrate"), settings(url, 0) | {"CONCORD_LOG_LEVEL": "warning"}
    process = await asyncio.create_subprocess_exec(*program, env=os.environ | quiet, stdout=PIPE)
    said, _ = await process.communicate()
    assert process.returncode == 0
    return said.decode().splitlines()


def settings(url: str, port: int) -> dict[str, str]:
    return {
        "CONCORD_ENV": "test",
        "CONCORD_HOST": HOST,
        "CONCORD_PORT": str(port),
        "CONCORD_OPERATIONS_PORT": "0",
        "CONCORD_DATABASE_URL": url,
        "CONCORD_LOG_FORMAT": "json",
        "CONCORD_PASSWORD_MEMORY_KIB": "1024",
    }
