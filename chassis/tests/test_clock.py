"""What is due is decided by one clock: the database's."""

from datetime import UTC, datetime, timedelta

import pytest
from chassis.clock import now
from chassis.database import Database

pytestmark = pytest.mark.anyio


async def test_the_database_tells_the_time_in_utc(database: Database) -> None:
    before = datetime.now(UTC)

    told = await database.read(now)

    assert told.tzinfo is UTC
    assert abs(told - before) < timedelta(minutes=1)


async def test_time_does_not_run_backwards(database: Database) -> None:
    first, second = await database.write(now), await database.write(now)

    assert first <= second
