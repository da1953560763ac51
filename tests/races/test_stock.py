"""Races for stock: what is sold is what was there, whoever is faster."""

import asyncio
import random
from collections import Counter
from uuid import UUID

import pytest
from chassis.database import Database
from chassis.ids import new_id
from contracts.catalog.errors import ReservationExpired
from contracts.catalog.v2 import (
    Catalog,
    NewReservation,
    Product,
    Reservation,
    ReservationLine,
    ReservationStatus,
    Stock,
)
from contracts.orders.errors import OutOfStock
from contracts.orders.v2 import Order, OrderStatus
from sqlalchemy import text

from .world import Urls, World, order_of, running_world, until

pytestmark = pytest.mark.anyio

BUYERS = 200


async def shelf(world: World, product: Product) -> Stock:
    return (await world.call(Catalog).get_product(product.id)).stock


async def test_of_more_buyers_than_pieces_exactly_as_many_get_one(world: World) -> None:
    account, product = await world.join(), await world.stock(50)

    answers = await asyncio.gather(
        *(world.place(account, order_of(product.id)) for _ in range(BUYERS)), return_exceptions=True
    )

    await world.settle()
    ends = Counter(order.status for order in await world.orders())
    assert all(isinstance(answer, Order | OutOfStock) for answer in answers), answers
    assert ends == {OrderStatus.CONFIRMED: 50, OrderStatus.REJECTED: BUYERS - 50}
    assert await shelf(world, product) == Stock(on_hand=0, reserved=0, available=0)
    assert await world.violations() == []


async def test_orders_of_many_lines_in_any_order_neither_block_each_other_nor_take_a_part(world: World) -> None:
    account = await world.join()
    products = [await world.stock(60) for _ in range(5)]
    wanted = [order_of(*(product.id for product in random.sample(products, 3))) for _ in range(300)]

    answers = await asyncio.gather(*(world.place(account, new) for new in wanted), return_exceptions=True)

    await world.settle()
    sold = Counter[UUID]()
    for order in await world.orders(OrderStatus.CONFIRMED):
        sold.update(line.product_id for line in order.lines)
    assert all(isinstance(answer, Order | OutOfStock) for answer in answers), answers
    assert {product.id: 60 - (await shelf(world, product)).on_hand for product in products} == dict(sold)
    assert sum(sold.values()) > 200  # most of what there was, and nobody was kept from it
    assert await world.violations() == []


async def test_orders_of_many_lines_never_wait_for_each_other_in_a_circle(postgresql_urls: Urls) -> None:
    async with running_world(postgresql_urls) as world:
        account, products = await world.join(), [await world.stock(BUYERS) for _ in range(3)]
        wanted = [order_of(*(product.id for product in random.sample(products, 3))) for _ in range(BUYERS)]

        await asyncio.gather(*(world.place(account, new) for new in wanted))

        await world.settle()

    assert await deadlocks(postgresql_urls["catalog"]) == 0  # which the database layer would have hidden


async def test_a_reservation_that_is_sold_as_it_expires_is_either_sold_or_back_on_the_shelf(world: World) -> None:
    product, orders = await world.stock(BUYERS), world.service(Catalog)
    reservations = [await orders.reserve(new_id(), lines(product)) for _ in range(BUYERS)]

    async def sell(reservation: Reservation) -> bool:
        try:
            return (await orders.commit_reservation(reservation.order_id)).status == "committed"
        except ReservationExpired:
            return False

    async def expire() -> None:
        await world.execute("catalog", "UPDATE reservations SET expires_at = created_at WHERE status = 'held'")

    *sold, _ = await asyncio.gather(*map(sell, reservations), expire())

    await until(lambda: nothing_held(world))
    left = BUYERS - sum(filter(None, sold))
    assert await shelf(world, product) == Stock(on_hand=left, reserved=0, available=left)


async def deadlocks(url: str) -> int:
    """Ask the server how many it has broken, once all who may tell have told it, as they do when they leave."""
    database = Database.open(url, pool=1)

    async def is_alone() -> bool:
        others = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return await database.read(lambda tx: tx.execute(others).scalar_one()) == 1

    try:
        await until(is_alone)
        counted = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return await database.read(lambda tx: tx.execute(counted).scalar_one())
    finally:
        await database.close()


async def nothing_held(world: World) -> bool:
    return not (await world.service(Catalog).list_reservations(status=ReservationStatus.HELD, limit=1)).items


def lines(product: Product) -> NewReservation:
    return NewReservation(lines=[ReservationLine(product_id=product.id, quantity=1)])
