"""The service under test."""

from collections.abc import AsyncIterator

import pytest
from chassis.testing import running
from users.settings import Settings

from .shop import Shop, settings_at


@pytest.fixture
def migrations() -> str:
    return "users/migrations"


@pytest.fixture
def settings(database_url: str) -> Settings:
    return settings_at(database_url)


@pytest.fixture
async def shop(settings: Settings) -> AsyncIterator[Shop]:
    """The running service."""
    shop = Shop(settings)
    async with running(shop.app):
        yield shop
