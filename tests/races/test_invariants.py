"""The invariants notice what breaks them, and nothing else."""

import pytest
from chassis.ids import new_id
from chassis.invariants import Invariants
from contracts.catalog.v2 import Catalog, NewReservation, Product, ReservationLine
from contracts.orders.v2 import Order, Orders

from .world import Urls, World, order_of, running_world

pytestmark = pytest.mark.anyio

ANOTHER_KEY = (
    "INSERT INTO idempotency_keys SELECT principal, operation, 'another', fingerprint, resource, status, body, headers,"
    " created_at, expires_at FROM idempotency_keys"
)
LONG_AGO, FAR_AHEAD = "2020-01-01 00:00:00.000000", "2099-01-01 00:00:00.000000"


async def broken(world: World, service: str) -> set[str]:
    return {violation.invariant for violation in await world.rule(service, Invariants).check()}


@pytest.fixture
async def product(world: World) -> Product:
    return await world.stock(10)


@pytest.fixture
async def order(world: World, product: Product) -> Order:
    """A confirmed order for two pieces, placed under a key."""
    return await world.place(await world.join(), order_of(product.id, quantity=2), "key")


@pytest.mark.usefixtures("order")
async def test_a_shop_that_sold_took_back_and_refused_breaks_no_invariant(world: World, product: Product) -> None:
    account = await world.join()
    cancelled = await world.place(account, order_of(product.id))
    await world.customer(Orders, account).cancel_order(cancelled.id)

    assert await world.violations() == []


@pytest.mark.usefixtures("order")
async def test_pieces_that_no_reservation_holds_are_noticed(world: World) -> None:
    await world.execute("catalog", "UPDATE products SET reserved = 1, available = available - 1")

    assert await broken(world, "catalog") == {"reserved_is_what_reservations_hold"}


async def test_a_reservation_of_no_order_is_noticed(world: World, product: Product) -> None:
    lines = [ReservationLine(product_id=product.id, quantity=1)]
    await world.service(Catalog).reserve(new_id(), NewReservation(lines=lines))

    assert await broken(world, "catalog") == {"reservations_belong_to_orders"}


async def test_pieces_sold_to_an_order_that_came_to_nothing_are_noticed(world: World, order: Order) -> None:
    await world.execute("orders", "UPDATE orders SET status = 'cancelled'")

    assert await broken(world, "catalog") == {"reservations_belong_to_orders"}
    assert await broken(world, "orders") == set()


async def test_a_reservation_that_nobody_gives_back_is_noticed(urls: Urls) -> None:
    async with running_world(urls, idle=True) as world:
        lines = [ReservationLine(product_id=(await world.stock(1)).id, quantity=1)]
        await world.service(Catalog).reserve(new_id(), NewReservation(lines=lines))

        await world.execute("catalog", f"UPDATE reservations SET expires_at = '{LONG_AGO}'")

        assert await broken(world, "catalog") == {"reservations_expire_in_time"}


async def test_an_order_whose_pieces_were_given_back_is_noticed(world: World, order: Order) -> None:
    await world.service(Catalog).release_reservation(order.id)

    assert await broken(world, "orders") == {"confirmed_orders_are_sold"}


async def test_an_order_whose_pieces_nobody_ever_put_aside_is_noticed(world: World, order: Order) -> None:
    await world.execute("catalog", "DELETE FROM reservation_lines")
    await world.execute("catalog", "DELETE FROM reservations")

    assert await broken(world, "orders") == {"confirmed_orders_are_sold"}


@pytest.mark.parametrize(
    ("statement", "invariant"),
    [
        ("UPDATE orders SET total_cents = total_cents + 1", "total_is_the_sum_of_lines"),
        ("UPDATE idempotency_keys SET status = 409", "each_key_has_one_order"),
        ("UPDATE idempotency_keys SET status = NULL", "each_key_has_one_order"),
        (
            ANOTHER_KEY,
            "each_key_has_one_order",
        ),
    ],
)
@pytest.mark.usefixtures("order")
async def test_an_order_that_does_not_add_up_is_noticed(world: World, statement: str, invariant: str) -> None:
    await world.execute("orders", statement)

    assert await broken(world, "orders") == {invariant}


@pytest.mark.parametrize(
    ("statement", "invariant"),
    [
        (f"created_at = '{LONG_AGO}'", "no_order_is_pending_too_long"),
        (f"due_at = '{LONG_AGO}'", "work_that_is_due_is_taken_up"),
    ],
)
async def test_an_order_that_nobody_finishes_is_noticed(urls: Urls, statement: str, invariant: str) -> None:
    async with running_world(urls, idle=True) as world:
        await world.place(await world.join(), order_of((await world.stock(1)).id))

        await world.execute("orders", f"UPDATE orders SET status = 'pending', due_at = '{FAR_AHEAD}'")
        await world.execute("orders", f"UPDATE orders SET {statement}")

        assert await broken(world, "orders") == {invariant, "each_key_has_one_order"}  # which has answered already
