"""The services of the races, on a database of each kind."""

from collections.abc import AsyncGenerator

import pytest

from .world import Urls, World, running_world


@pytest.fixture
async def world(urls: Urls) -> AsyncGenerator[World]:
    async with running_world(urls) as world:
        yield world
