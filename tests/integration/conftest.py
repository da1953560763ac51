"""A stack that `python -m tests.integration` keeps running, as each test finds it: whole."""

import os
from collections.abc import AsyncGenerator

import httpx
import pytest

from tests.crash.people import sign_in
from tests.crash.stack import NAMES

from .compose import Compose
from .shop import STAFF, Shop


@pytest.fixture(scope="session")
def compose() -> Compose:
    if "CONCORD_COMPOSE" not in os.environ:
        pytest.fail("These tests want the containers running: start them with `nox -s integration`")
    return Compose(os.environ["CONCORD_COMPOSE"].split(), os.environ["COMPOSE_PROJECT_NAME"])


@pytest.fixture
def urls() -> dict[str, str]:
    return {name: f"http://127.0.0.1:{os.environ[f'CONCORD_{name.upper()}_PORT']}" for name in NAMES}


@pytest.fixture
async def shop(compose: Compose, urls: dict[str, str]) -> AsyncGenerator[Shop]:
    limits = httpx.Limits(max_connections=None, keepalive_expiry=4)
    async with httpx.AsyncClient(limits=limits, trust_env=False, timeout=30) as http:
        shop = Shop(compose, http, urls, await sign_in(http, urls, STAFF))
        yield shop
        watching = ("collector",) if "CONCORD_OBSERVE" in os.environ else ()
        await compose.revive("database", "limits", *NAMES, "edge", *watching)
        await shop.until_ready()
