"""The service under test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chassis.testing import running
from users.settings import Settings

from .shop import Shop, settings_at


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_at(tmp_path)


@pytest.fixture
async def shop(settings: Settings) -> AsyncIterator[Shop]:
    """The running service."""
    shop = Shop(settings)
    async with running(shop.app):
        yield shop
