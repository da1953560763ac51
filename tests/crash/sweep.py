"""Every fault at every point, one after the other, on several stacks side by side."""

import asyncio
from collections.abc import Callable
from time import perf_counter

import httpx
from chassis.faults import Faults

from .points import Case
from .report import Row
from .stack import Stack
from .stories import STORIES
from .verdict import judge
from .visit import Office

__all__ = ["sweep"]

_PATIENCE = 60.0  # seconds for one story
_LATENESS = 5.0  # seconds in which a service can still meet its fault: some do when the customer has gone
_PAUSE = 0.02
_PIECES = 10


async def sweep(
    stack: Stack, http: httpx.AsyncClient, database: str, queue: "asyncio.Queue[Case]", report: Callable[[Row], None]
) -> None:
    """Take cases until there are none left, and report what came of each."""
    office = await Office.open(http, stack)
    while not queue.empty():
        report(await _run(office, queue.get_nowait(), database))


async def _run(office: Office, case: Case, database: str) -> Row:
    began, deaths = perf_counter(), office.stack.deaths
    faults = office.stack.faults[case.point.service]
    visit = await office.receive(_PIECES)
    armed = faults.arm(case.fault)
    try:
        async with asyncio.timeout(_PATIENCE):
            await STORIES[case.point.story](visit, lambda: faults.has_struck(armed))
    except TimeoutError:
        visit.complaints.append(f"the customer has no answer after {_PATIENCE:.0f} s")
    if not await _has_struck(faults, armed):
        visit.complaints.append("the fault was never met: is the point still what the service does?")
        faults.disarm(armed)
    verdict = await judge(visit)
    outcome = "as it should be" if verdict.is_good else "; ".join(verdict.violations) or "see the counts"
    return Row(str(case), database, office.stack.deaths - deaths, outcome, verdict, perf_counter() - began)


async def _has_struck(faults: Faults, armed: str) -> bool:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _LATENESS
    while not faults.has_struck(armed) and loop.time() < deadline:  # noqa: ASYNC110 (as in the stories)
        await asyncio.sleep(_PAUSE)
    return faults.has_struck(armed)
