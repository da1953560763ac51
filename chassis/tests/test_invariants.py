"""Invariants: what breaks one is named, logged and counted, and what cannot be looked at is passed over."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import pytest
from chassis.database import Database
from chassis.ids import new_id
from chassis.invariants import Invariant, Invariants, Violation
from contracts.errors import Unavailable
from structlog.testing import capture_logs

pytestmark = pytest.mark.anyio


async def holds() -> Sequence[UUID]:
    return []


async def is_out_of_reach() -> Sequence[UUID]:
    raise Unavailable("nobody answers")


def broken_by(*ids: UUID) -> Invariant:
    async def find() -> Sequence[UUID]:
        return ids

    return Invariant("sums_add_up", find)


async def test_a_check_tells_only_what_is_broken_and_by_what() -> None:
    culprit = new_id()

    found = await Invariants(Invariant("stock_is_kept", holds), broken_by(culprit)).check()

    assert found == [Violation("sums_add_up", (culprit,))]


async def test_a_check_says_when_it_cannot_look() -> None:
    with pytest.raises(Unavailable):
        await Invariants(Invariant("peers_agree", is_out_of_reach)).check()


async def test_what_is_broken_is_logged_with_examples_and_counted_each_time() -> None:
    culprits = [new_id() for _ in range(7)]
    invariants = Invariants(broken_by(*culprits), Invariant("stock_is_kept", holds))

    with capture_logs() as lines:
        await invariants.report()
        await invariants.report()

    assert [line["event"] for line in lines] == ["invariant_violated"] * 2
    assert lines[0] == {
        "event": "invariant_violated",
        "log_level": "error",
        "invariant": "sums_add_up",
        "count": 7,
        "examples": [str(culprit) for culprit in culprits[:5]],
    }
    assert invariants.violations == {"sums_add_up": 14}


async def test_what_cannot_be_looked_at_hides_nothing_else() -> None:
    invariants = Invariants(Invariant("peers_agree", is_out_of_reach), broken_by(new_id()))

    with capture_logs() as lines:
        await invariants.report()

    assert [line["event"] for line in lines] == ["invariant_not_checked", "invariant_violated"]


async def test_a_running_service_looks_by_itself() -> None:
    looked = asyncio.Event()

    async def look() -> Sequence[UUID]:
        looked.set()
        return []

    async with Invariants(Invariant("stock_is_kept", look)).loop(3600), asyncio.timeout(20):
        await looked.wait()


async def test_one_look_at_the_database_settles_an_invariant_of_it(database: Database) -> None:
    invariants = Invariants(Invariant.of("nothing_is_there", database, lambda tx: []))

    assert await invariants.check() == []
