"""Reservations that nobody finishes: they expire, and their pieces come back exactly once."""

from uuid import UUID

import pytest
from anyio import create_task_group, fail_after
from chassis.ids import new_id
from contracts.catalog.errors import ReservationDiffers, ReservationExpired, ReservationNotFound
from contracts.catalog.v2 import Catalog, Price, ProductChanges, Reservation, ReservationStatus, Stock

from .conftest import OpenShop
from .samples import a_product, insist, lines

pytestmark = pytest.mark.anyio

HASTY = {"hold_seconds": 0.001, "expiry_every_seconds": 0.005}


async def test_pieces_that_are_not_sold_in_time_are_available_again(open_shop: OpenShop) -> None:
    async with open_shop(**HASTY) as shop:
        staff, orders = shop.for_staff(Catalog), shop.for_orders(Catalog)
        tea = await staff.create_product(a_product(stock=5))
        order = new_id()
        held = await orders.reserve(order, lines((tea.id, 2)))

        expired = await ended(orders, order)

        assert held.expires_at is not None
        assert (expired.status, expired.expires_at) == (ReservationStatus.EXPIRED, None)
        assert (await staff.get_product(tea.id)).stock == Stock(on_hand=5, reserved=0, available=5)
        with pytest.raises(ReservationExpired):
            await orders.commit_reservation(order)


async def test_an_order_that_comes_late_reserves_anew_at_the_prices_of_the_moment(open_shop: OpenShop) -> None:
    async with open_shop(**HASTY) as shop:
        staff, orders = shop.for_staff(Catalog), shop.for_orders(Catalog)
        tea = await staff.create_product(a_product(stock=5, cents=250))
        order = new_id()
        await orders.reserve(order, lines((tea.id, 2)))
        await ended(orders, order)
        await staff.update_product(tea.id, ProductChanges(price=Price.of(999)), "*")

        with pytest.raises(ReservationDiffers):
            await orders.reserve(order, lines((tea.id, 1)))
        anew = await orders.reserve(order, lines((tea.id, 2)))

        assert anew.status == ReservationStatus.HELD
        assert [line.unit_price for line in anew.lines] == [Price.of(999)]


async def test_releasing_what_has_expired_gives_nothing_back_twice(open_shop: OpenShop) -> None:
    async with open_shop(**HASTY) as shop:
        staff, orders = shop.for_staff(Catalog), shop.for_orders(Catalog)
        tea = await staff.create_product(a_product(stock=5))
        order = new_id()
        await orders.reserve(order, lines((tea.id, 2)))
        await ended(orders, order)

        released = await orders.release_reservation(order)

        assert released.status == ReservationStatus.RELEASED
        assert (await staff.get_product(tea.id)).stock == Stock(on_hand=5, reserved=0, available=5)


async def test_pieces_are_sold_or_come_back_even_when_both_happen_at_one_instant(open_shop: OpenShop) -> None:
    async with open_shop(**HASTY) as shop:
        staff, orders = shop.for_staff(Catalog), shop.for_orders(Catalog)
        tea = await staff.create_product(a_product(stock=40))
        sold: list[Reservation] = []

        async def buy(order: UUID) -> None:
            await insist(lambda: orders.reserve(order, lines((tea.id, 1))))
            try:
                sold.append(await insist(lambda: orders.commit_reservation(order)))
            except ReservationExpired:
                await ended(orders, order)

        async with create_task_group() as group:
            for _ in range(40):
                group.start_soon(buy, new_id())

        left = 40 - len(sold)
        assert (await staff.get_product(tea.id)).stock == Stock(on_hand=left, reserved=0, available=left)


async def test_a_reservation_of_a_finished_order_never_expires(open_shop: OpenShop) -> None:
    async with open_shop(**HASTY | {"hold_seconds": 3600}) as shop:
        staff, orders = shop.for_staff(Catalog), shop.for_orders(Catalog)
        tea = await staff.create_product(a_product(stock=5))
        committed, held = new_id(), new_id()
        for order in (committed, held):
            await orders.reserve(order, lines((tea.id, 1)))
        await orders.commit_reservation(committed)

        await shop.expire()

        assert (await orders.get_reservation(committed)).status == ReservationStatus.COMMITTED
        assert (await orders.get_reservation(held)).status == ReservationStatus.HELD


async def test_reservations_that_hold_nothing_are_forgotten_in_the_end(open_shop: OpenShop) -> None:
    async with open_shop() as shop:
        staff, orders = shop.for_staff(Catalog), shop.for_orders(Catalog)
        tea = await staff.create_product(a_product(stock=5))
        held, committed, released = new_id(), new_id(), new_id()
        for order in (held, committed, released):
            await orders.reserve(order, lines((tea.id, 1)))
        await orders.commit_reservation(committed)
        await orders.release_reservation(released)

        await shop.forget()

        assert [found.order_id for found in (await orders.list_reservations()).items] == [held, committed]
        with pytest.raises(ReservationNotFound):
            await orders.get_reservation(released)


async def ended(orders: Catalog, order: UUID) -> Reservation:
    """Wait until a reservation has expired."""
    with fail_after(30):
        reservation = await insist(lambda: orders.get_reservation(order))
        while reservation.status == ReservationStatus.HELD:
            reservation = await insist(lambda: orders.get_reservation(order))
    return reservation
