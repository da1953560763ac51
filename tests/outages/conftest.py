"""The three services as processes that are started again when they end."""

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from tests.crash.stack import Stack, open_stack


@pytest.fixture
async def http() -> AsyncGenerator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=None, keepalive_expiry=4)
    async with httpx.AsyncClient(limits=limits, trust_env=False, timeout=30) as http:
        yield http


@pytest.fixture
async def stack(urls: dict[str, str], tmp_path: Path, http: httpx.AsyncClient) -> AsyncGenerator[Stack]:
    async with open_stack(tmp_path / "stack", urls, http, CONCORD_LEASE_SECONDS="4") as stack:
        yield stack
