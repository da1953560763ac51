"""Services that are sent away, or killed, while people buy; and people who go away while services work."""

import asyncio
from random import Random

import httpx
import pytest
from chassis.faults import Fault
from contracts.catalog.v2 import Catalog
from contracts.errors import NoAnswer, Unreachable
from contracts.orders.v2 import Orders, OrderStatus

from tests.crash.people import Person
from tests.crash.stack import NAMES, Stack
from tests.crash.verdict import Verdict, judge
from tests.crash.visit import Office, Purchase, Visit

pytestmark = [pytest.mark.anyio, pytest.mark.crowd]

PLACE = f"{Orders.place_order.method} {Orders.place_order.path}"
COMMIT = f"{Catalog.commit_reservation.method} {Catalog.commit_reservation.path}"
BUYERS = 12
LEAVERS = 60


async def test_no_accepted_order_fails_when_services_are_sent_away_under_load(
    stack: Stack, http: httpx.AsyncClient
) -> None:
    office = await Office.open(http, stack)
    visit = await office.receive(pieces=10_000)
    crowd = [(await office.join())[0] for _ in range(BUYERS)]

    closing = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for person in crowd:
            group.create_task(keep_buying(visit, person, closing))
        for name in NAMES:
            await some_orders(visit)
            await stack.send_away(name)  # which raises when it does not end cleanly and in time
            await stack.wait_until_ready(http)
        await some_orders(visit)
        closing.set()
    verdict = await judge(visit)

    assert stack.deaths == len(NAMES)
    assert verdict == Verdict()  # an order for which nobody was answered would be one too many


async def test_an_order_that_was_answered_as_pending_is_finished_though_its_service_dies_at_once(
    stack: Stack, http: httpx.AsyncClient
) -> None:
    office = await Office.open(http, stack)
    visit = await office.receive(pieces=10)
    faults = stack.faults["orders"]
    silence = faults.arm(Fault(place="call", name=COMMIT, moment="before", kind="refuse", stays=True))
    death = faults.arm(Fault(place="answer", name=PLACE, moment="after", kind="kill"))
    purchase = visit.want(2)

    answer = await visit.customer.orders.place_order.answer(purchase.asked, idempotency_key=purchase.key)
    await until_struck(stack, "orders", death)
    faults.disarm(silence)
    await purchase.follow(answer.value)

    assert (answer.status, answer.value.status) == (202, OrderStatus.PENDING)
    assert purchase.confirmed is not None
    assert stack.deaths == 1


async def test_an_order_whose_customer_goes_away_at_any_moment_is_whole_or_absent_and_found_by_its_key(
    stack: Stack, http: httpx.AsyncClient
) -> None:
    office = await Office.open(http, stack)
    visit = await office.receive(pieces=10_000)
    patience = Random(38)

    visit.purchases += [visit.want(2) for _ in range(LEAVERS)]
    for purchase in visit.purchases:
        await leave(purchase, after=patience.uniform(0, 0.06))
    async with asyncio.TaskGroup() as group:
        for purchase in visit.purchases:
            group.create_task(purchase.settle())
    verdict = await judge(visit)

    assert all(purchase.confirmed for purchase in visit.purchases)
    assert verdict == Verdict()


async def keep_buying(visit: Visit, person: Person, closing: asyncio.Event) -> None:
    """Order again and again, each time once, and keep what was answered."""
    while not closing.is_set():
        purchase = visit.want(1, by=person)
        try:
            answer = await person.orders.place_order.answer(purchase.asked, idempotency_key=purchase.key)
        except NoAnswer:
            continue
        purchase.ids.add(answer.value.id)
        purchase.is_answered = True
        visit.purchases.append(purchase)


async def some_orders(visit: Visit) -> None:
    """Wait until more has been bought."""
    wanted = len(visit.purchases) + 3 * BUYERS
    async with asyncio.timeout(60):
        while len(visit.purchases) < wanted:  # noqa: ASYNC110 (the crowd tells nobody)
            await asyncio.sleep(0.02)


async def until_struck(stack: Stack, name: str, fault: str) -> None:
    async with asyncio.timeout(30):
        while not (stack.faults[name].has_struck(fault) and stack.deaths):  # noqa: ASYNC110 (another process knows)
            await asyncio.sleep(0.02)


async def leave(purchase: Purchase, after: float) -> None:
    """Send an order, and hang up."""
    try:
        async with asyncio.timeout(after):
            await purchase.by.orders.place_order.answer(purchase.asked, idempotency_key=purchase.key)
    except (TimeoutError, Unreachable):
        return
