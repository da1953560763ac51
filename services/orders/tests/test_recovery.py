"""Orders that were left undone: whoever comes next finishes them, and what always fails is put aside."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from chassis.database import Database
from chassis.testing import running
from contracts.catalog.errors import ReservationExpired
from contracts.errors import ContractViolated, Internal
from contracts.orders.errors import AccountClosed, OrderCancelled, PriceChanged
from contracts.orders.v2 import OrderStatus
from contracts.users.v2 import AccountStatus
from contracts.wire import Money
from orders.backlog import Backlog
from orders.placing import Placing
from orders.settings import Settings
from orders.store.work import Parked

from .shelf import Gate
from .shop import Shop, order_of, until

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def opened(shop: Shop) -> AsyncGenerator[Backlog]:
    """See what an operator sees of the work that is left."""
    database = Database.open(shop.settings.database_url.get_secret_value())
    yield Backlog(database, shop.settings.terms)
    await database.close()


async def parked(backlog: Backlog) -> list[Parked]:
    """Wait until something is parked."""

    async def is_there() -> bool:
        return bool(await backlog.parked())

    await until(is_there)
    return await backlog.parked()


@pytest.mark.parametrize("step", ["reserve", "commit_reservation"])
@pytest.mark.parametrize("is_done", [False, True])
async def test_an_order_whose_process_died_waiting_for_the_catalog_is_finished_by_the_next(
    settings: Settings, step: str, is_done: bool
) -> None:
    shop = Shop(settings.model_copy(update={"lease_seconds": 0.1}))
    product = shop.product(stock=5)
    gates = shop.shelf.after if is_done else shop.shelf.gates
    gates[step] = Gate()
    async with running(shop.app):
        call = asyncio.create_task(shop.customer().place_order(order_of(product), "k"))
        await gates[step].reached.wait()
        call.cancel()
        await asyncio.wait([call])
    gates.clear()
    another = Shop(shop.settings, shop)

    async with running(another.app):
        (left,) = (await another.customer().list_orders()).items
        finished = await another.settled(left.id)
        again = await another.customer().place_order(order_of(product), "k")

    assert finished.status == OrderStatus.CONFIRMED
    assert again == finished
    assert shop.shelf.stock(product) == [4]


async def test_two_who_set_out_for_one_order_sell_it_once(settings: Settings) -> None:
    """The lease ends while the first still waits for the catalog, so that a second sets out too."""
    shop = Shop(settings.model_copy(update={"lease_seconds": 0.05}))
    product = shop.product(stock=5)
    gate = shop.shelf.after["commit_reservation"] = Gate()

    async with running(shop.app), asyncio.TaskGroup() as group:
        first = group.create_task(shop.customer().place_order.answer(order_of(product), "k"))
        await gate.reached.wait()
        shop.shelf.after.clear()
        (left,) = (await shop.customer().list_orders()).items
        finished = await shop.settled(left.id)
        gate.open()

    assert finished.status == OrderStatus.CONFIRMED
    assert (first.result().status, first.result().value) == (201, finished)
    assert shop.shelf.stock(product) == [4]


async def test_who_is_late_hears_how_the_other_was_refused(settings: Settings) -> None:
    """The first waits for the catalog; meanwhile the account closes, the second is refused, and stock is given back."""
    shop = Shop(settings.model_copy(update={"lease_seconds": 0.05}))
    product = shop.product(stock=5)
    gate = shop.shelf.after["reserve"] = Gate()

    async with running(shop.app):
        first = asyncio.create_task(shop.customer().place_order(order_of(product), "k"))
        await gate.reached.wait()
        shop.stand(AccountStatus.CLOSING)
        (left,) = (await shop.customer().list_orders()).items
        finished = await shop.settled(left.id)
        gate.open()
        await asyncio.wait([first])

    assert finished.reason == "account_closed"
    assert isinstance(first.exception(), AccountClosed)
    assert shop.shelf.stock(product) == [5]
    assert shop.shelf.reservations[left.id].status == "released"


@pytest.mark.parametrize("key", ["k", None])
async def test_two_who_are_refused_hear_the_same(settings: Settings, key: str | None) -> None:
    """The first has reserved and waits for the answer; meanwhile the second finds the price too high."""
    shop = Shop(settings.model_copy(update={"lease_seconds": 0.05}))
    product = shop.product(cents=2000, stock=5)
    wanted = order_of(product, expected=Money.of(1000))
    gate = shop.shelf.after["reserve"] = Gate()

    async with running(shop.app):
        first = asyncio.create_task(shop.rule(Placing).place(wanted, key, shop.principal()))
        await gate.reached.wait()
        shop.shelf.after.clear()
        (left,) = (await shop.customer().list_orders()).items
        finished = await shop.settled(left.id)
        gate.open()
        await asyncio.wait([first])

    assert (finished.status, finished.reason) == (OrderStatus.REJECTED, "price_changed")
    assert isinstance(first.exception(), PriceChanged)
    assert shop.shelf.stock(product) == [5]


async def test_who_placed_without_a_key_hears_of_a_cancellation_too(shop: Shop) -> None:
    product = shop.product(stock=5)
    gate = shop.shelf.gates["reserve"] = Gate()
    placing = asyncio.create_task(shop.rule(Placing).place(order_of(product), None, shop.principal()))
    await gate.reached.wait()
    (order,) = (await shop.customer().list_orders()).items
    await shop.customer().cancel_order(order.id)

    gate.open()
    await asyncio.wait([placing])

    assert isinstance(placing.exception(), OrderCancelled)
    assert shop.shelf.stock(product) == [5]


async def test_an_order_at_which_the_service_tripped_is_finished_later(settings: Settings) -> None:
    shop = Shop(settings.model_copy(update={"lease_seconds": 0.1}))
    product = shop.product(stock=5)
    shop.shelf.poison.add(product)

    async with running(shop.app):
        with pytest.raises(Internal):
            await shop.customer().place_order(order_of(product), "k")
        shop.shelf.poison.clear()
        (left,) = (await shop.customer().list_orders()).items
        finished = await shop.settled(left.id)
        again = await shop.customer().place_order(order_of(product), "k")

    assert finished.status == OrderStatus.CONFIRMED
    assert again == finished


async def test_a_refusal_after_an_earlier_try_gives_back_what_that_one_may_have_reserved(shop: Shop) -> None:
    product = shop.product(stock=5)
    shop.shelf.away.add("commit_reservation")
    accepted = await shop.customer().place_order(order_of(product), "k")
    shop.stand(AccountStatus.CLOSED)

    finished = await shop.settled(accepted.id)

    assert finished.reason == "account_closed"
    assert shop.shelf.stock(product) == [5]


async def test_a_reservation_that_expired_on_the_way_is_made_again(shop: Shop) -> None:
    product = shop.product(stock=5)
    shop.shelf.broken["commit_reservation"] = ReservationExpired("too late")

    accepted = await shop.customer().place_order(order_of(product), "k")
    shop.shelf.broken.clear()
    finished = await shop.settled(accepted.id)

    assert accepted.status == OrderStatus.PENDING
    assert finished.status == OrderStatus.CONFIRMED


async def test_a_catalog_that_answers_nonsense_leaves_the_order_pending(shop: Shop) -> None:
    shop.shelf.broken["reserve"] = ContractViolated("nonsense")

    accepted = await shop.customer().place_order(order_of(shop.product()), "k")

    assert accepted.status == OrderStatus.PENDING


async def test_a_catalog_that_reserves_something_else_sells_nothing(shop: Shop) -> None:
    product = shop.product(stock=5)
    shop.shelf.is_greedy = True

    accepted = await shop.customer().place_order(order_of(product), "k")

    assert accepted.status == OrderStatus.PENDING
    assert "commit_reservation" not in shop.shelf.calls


async def test_what_always_fails_is_parked_and_holds_up_no_other(settings: Settings) -> None:
    idle = Shop(settings.model_copy(update={"recovery_seconds": 3600}))
    good, bad = idle.product(stock=100), idle.product(stock=100)
    idle.shelf.away.add("reserve")
    async with running(idle.app):
        poison = await idle.customer().place_order(order_of(bad), "bad")
        others = [await idle.customer().place_order(order_of(good), f"{number}") for number in range(30)]
    idle.shelf.away.clear()
    idle.shelf.poison.add(bad)
    shop = Shop(settings.model_copy(update={"retry_attempts": 3}), idle)

    async with running(shop.app), opened(shop) as backlog:
        finished = [await shop.settled(order.id) for order in others]
        (left,) = await parked(backlog)

    assert {order.status for order in finished} == {OrderStatus.CONFIRMED}
    assert (left.id, left.status, left.failure) == (poison.id, "pending", "RuntimeError: tripped over a product")
    assert shop.shelf.stock(good) == [70]


async def test_a_parked_order_is_tried_again_when_somebody_says_so(settings: Settings) -> None:
    shop = Shop(settings.model_copy(update={"retry_attempts": 1}))
    shop.shelf.away.add("reserve")

    async with running(shop.app), opened(shop) as backlog:
        order = await shop.customer().place_order(order_of(shop.product()), "k")
        await parked(backlog)
        shop.shelf.away.clear()
        count = await backlog.replay()
        finished = await shop.settled(order.id)
        left = await backlog.parked()

    assert count == 1
    assert finished.status == OrderStatus.CONFIRMED
    assert left == []


async def test_a_parked_order_can_be_cancelled_and_is_parked_no_more(settings: Settings) -> None:
    shop = Shop(settings.model_copy(update={"retry_attempts": 1}))
    shop.shelf.away.add("reserve")

    async with running(shop.app), opened(shop) as backlog:
        order = await shop.customer().place_order(order_of(shop.product()), "k")
        await parked(backlog)
        cancelled = await shop.customer().cancel_order(order.id)
        left = await backlog.parked()

    assert cancelled.status == OrderStatus.CANCELLED
    assert left == []
