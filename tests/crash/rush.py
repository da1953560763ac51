"""A thousand orders by two hundred clients for three hundred pieces, and a random service dies every second."""

import asyncio
from random import Random
from time import perf_counter

import httpx

from .people import Person
from .report import Row
from .stack import NAMES, Stack
from .verdict import Verdict, judge
from .visit import Office, Visit

__all__ = ["PATIENT", "rush"]

PATIENT = {"CONCORD_LEASE_SECONDS": "4"}
"""What a stack for this run is set to: longer than an order takes when so many come at once, or all is done twice."""

_PIECES = 300
_CLIENTS = 200
_ORDERS = 5  # of each client
_PATIENCE = 200.0  # seconds for all of it
_SIDE_BY_SIDE = 20


async def rush(stack: Stack, http: httpx.AsyncClient, database: str, seed: int) -> Row:
    """Let everybody buy while the services die; report what is left."""
    office = await Office.open(http, stack)
    visit = await office.receive(_PIECES)
    crowd = await _crowd(office)
    began, deaths = perf_counter(), stack.deaths
    try:
        async with asyncio.timeout(_PATIENCE), asyncio.TaskGroup() as group:
            killer = group.create_task(_kill(stack, Random(seed)))
            async with asyncio.TaskGroup() as shopping:
                for person in crowd:
                    shopping.create_task(_shop(visit, person))
            killer.cancel()
    except TimeoutError:
        visit.complaints.append(f"not everybody had an answer after {_PATIENCE:.0f} s")
    verdict = await judge(visit)
    sold = sum(purchase.confirmed is not None for purchase in visit.purchases)
    refused = len(visit.purchases) - sold
    if (sold, refused) != (_PIECES, _CLIENTS * _ORDERS - _PIECES):
        fault = f"{_PIECES} of {_CLIENTS * _ORDERS} orders should be confirmed; {sold} were, and {refused} were not"
        verdict = Verdict((*verdict.violations, fault), verdict.lost, verdict.doubled, verdict.stuck)
    outcome = "; ".join(verdict.violations) or f"{sold} sold, {refused} refused"
    what = f"{_CLIENTS * _ORDERS} orders, {_CLIENTS} clients, {_PIECES} pieces, a kill every second (seed {seed})"
    return Row(what, database, stack.deaths - deaths, outcome, verdict, perf_counter() - began)


async def _crowd(office: Office) -> list[Person]:
    turns = asyncio.Semaphore(_SIDE_BY_SIDE)

    async def join() -> Person:
        async with turns:
            person, _ = await office.join()
            return person

    return await asyncio.gather(*(join() for _ in range(_CLIENTS)))


async def _shop(visit: Visit, person: Person) -> None:
    for _ in range(_ORDERS):
        await visit.buy(1, by=person)


async def _kill(stack: Stack, chance: Random) -> None:
    while True:
        await asyncio.sleep(1)
        stack.services[chance.choice(NAMES)].kill()
