"""The catalog as a process of its own, over real sockets."""

import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from subprocess import PIPE

import httpx
import pytest
from anyio import fail_after, open_process
from anyio.abc import Process
from anyio.streams.text import TextReceiveStream
from contracts.catalog import v2
from contracts.client import HttpTransport

pytestmark = pytest.mark.anyio


@pytest.fixture
async def catalog(database_url: str, tmp_path: Path) -> AsyncGenerator[Process]:
    """Run `python -m catalog` on a free port."""
    told = {
        "CONCORD_DATABASE_URL": database_url,
        "CONCORD_PORT": "0",
        "CONCORD_OPERATIONS_PORT": "0",
        "CONCORD_LOG_FORMAT": "json",
    }
    command = [sys.executable, "-m", "catalog"]
    async with await open_process(command, stdout=PIPE, stderr=None, cwd=tmp_path, env=os.environ | told) as process:
        yield process
        if process.returncode is None:
            process.kill()


async def test_a_process_serves_its_products_until_it_is_asked_to_stop(catalog: Process) -> None:
    async with httpx.AsyncClient(base_url=await address(catalog)) as http:
        page = await v2.Catalog(HttpTransport(http)).list_products(v2.ProductQuery(q="kettle", limit=1))

    catalog.send_signal(signal.SIGTERM)

    with fail_after(60):
        assert await catalog.wait() == 0
    assert [product.name for product in page.items] == ["Gooseneck kettle, 1.0 l"]


async def address(process: Process) -> str:
    """Read from its log where a process listens."""
    assert process.stdout is not None
    said = ""
    with fail_after(60):
        async for text in TextReceiveStream(process.stdout):
            said += text
            for line in said.splitlines():
                if '"listening"' in line and line.endswith("}"):
                    return json.loads(line)["url"]
    raise AssertionError(f"the process ended before it listened: {said}")
