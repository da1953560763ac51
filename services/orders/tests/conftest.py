"""The service under test, with a catalog in memory and a stub of users beside it."""

from collections.abc import AsyncIterator

import pytest
from chassis.testing import running
from orders.settings import Settings
from pydantic import SecretStr

from .shop import Shop


@pytest.fixture
def migrations() -> str:
    return "orders/migrations"


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Settings under which everything that waits waits briefly."""
    return Settings(
        env="test",
        database_url=SecretStr(database_url),
        rate_limit="off",
        lease_seconds=5,
        retry_seconds=0.01,
        retry_longest_seconds=0.05,
        recovery_seconds=0.02,
        include_seconds=0.5,
        reread_seconds=0.05,
    )


@pytest.fixture
async def shop(settings: Settings) -> AsyncIterator[Shop]:
    """The running service."""
    shop = Shop(settings)
    async with running(shop.app):
        yield shop
