"""Services whose database goes away, or is locked, and comes back: they say so, live on, and need no restart."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Generator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from chassis.testing_postgres import PostgresCluster
from contracts.errors import Unavailable

from tests.crash.stack import NAMES, Stack, open_stack
from tests.crash.verdict import Verdict, judge
from tests.crash.visit import Office

pytestmark = [pytest.mark.anyio, pytest.mark.crowd]

READS = {"users": "/v2/users/me", "catalog": "/v2/products", "orders": "/v2/orders"}
PROBES = ("/livez", "/readyz", "/startupz")


@pytest.fixture
def server(postgres_cluster: PostgresCluster) -> Generator[PostgresCluster]:
    """A server that this test may stop, beside the one of all others."""
    with PostgresCluster.running(postgres_cluster.programs) as server:
        for name in NAMES:
            server.make_database(f"{name}/migrations")  # now: where there is a loop, migrations cannot run
        yield server


@pytest.fixture
async def on_server(server: PostgresCluster, tmp_path: Path, http: httpx.AsyncClient) -> AsyncGenerator[Stack]:
    urls = {name: server.url(server.make_database(f"{name}/migrations")) for name in NAMES}
    async with open_stack(tmp_path / "stack", urls, http, CONCORD_LEASE_SECONDS="4") as stack:
        yield stack


async def test_services_without_their_database_say_so_and_are_well_again_when_it_is_back(
    on_server: Stack, server: PostgresCluster, http: httpx.AsyncClient
) -> None:
    office = await Office.open(http, on_server)
    visit = await office.receive(pieces=10)
    wanted = visit.want()
    ask = {name: f"{on_server.urls[name]}{path}" for name, path in READS.items()}
    processes = [service.pid for service in on_server.services.values()]

    await asyncio.to_thread(server.stop)
    refused = [await http.get(url, headers=visit.customer.headers) for url in ask.values()]
    probed = [(await http.get(f"{url}{path}")).status_code for url in on_server.urls.values() for path in PROBES]
    with pytest.raises(Unavailable) as not_placed:
        await wanted.by.orders.place_order(wanted.asked, idempotency_key=wanted.key)
    await asyncio.to_thread(server.start)
    await on_server.wait_until_ready(http)
    async with asyncio.timeout(30):
        for url in ask.values():
            while (await http.get(url, headers=visit.customer.headers)).status_code == 503:  # noqa: ASYNC110 (its pool)
                await asyncio.sleep(0.05)
    served = [(await http.get(url, headers=visit.customer.headers)).status_code for url in ask.values()]
    await visit.buy()

    assert [(answer.status_code, answer.headers["retry-after"]) for answer in refused] == [(503, "1")] * len(NAMES)
    assert probed == [200, 503, 200] * len(NAMES)
    assert not_placed.value.retry_after == 1
    assert served == [200] * len(NAMES)
    assert [service.pid for service in on_server.services.values()] == processes
    assert await judge(visit) == Verdict()


async def test_services_whose_file_is_locked_refuse_to_write_and_go_on_to_read(
    sqlite_urls: dict[str, str], tmp_path: Path, http: httpx.AsyncClient
) -> None:
    async with open_stack(tmp_path / "stack", sqlite_urls, http, CONCORD_LEASE_SECONDS="4") as stack:
        office = await Office.open(http, stack)
        visit = await office.receive(pieces=10)
        wanted = visit.want()

        with closing(sqlite3.connect(tmp_path / "orders.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(Unavailable) as not_placed:
                await wanted.by.orders.place_order(wanted.asked, idempotency_key=wanted.key)
            probed = [(await http.get(f"{stack.urls['orders']}{path}")).status_code for path in PROBES]
            read = await http.get(f"{stack.urls['orders']}{READS['orders']}", headers=visit.customer.headers)
        await visit.buy()

        assert not_placed.value.retry_after == 1
        assert probed == [200, 200, 200]
        assert read.status_code == 200
        assert stack.deaths == 0
        assert await judge(visit) == Verdict()
