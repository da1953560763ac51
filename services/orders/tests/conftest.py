"""The service under test, with a catalog in memory and a stub of users beside it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chassis.testing import running
from orders.settings import Settings
from pydantic import SecretStr

from .shop import Shop


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings under which everything that waits waits briefly."""
    return Settings(
        env="test",
        database_url=SecretStr(f"sqlite:///{tmp_path / 'orders.db'}"),
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
