"""Reservations of a service whose clock is an hour off: none ends early, and none stays for ever."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
import time_machine
from anyio import fail_after, sleep
from chassis.ids import new_id
from contracts.catalog.v2 import Catalog, ReservationStatus, Stock

from .conftest import OpenShop, Shop
from .samples import a_product, lines

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
OFF = (-HOUR, HOUR)
PATIENT = {"hold_seconds": 600, "expiry_every_seconds": 3600}
HASTY = {"hold_seconds": 0.001, "expiry_every_seconds": 0.005}


@contextmanager
def a_clock_that_is_off(by: timedelta) -> Generator[None]:
    with time_machine.travel(datetime.now(UTC) + by):
        yield


@pytest.mark.parametrize("by", OFF, ids=str)
async def test_pieces_are_kept_as_long_as_was_said(open_shop: OpenShop, by: timedelta) -> None:
    with a_clock_that_is_off(by):
        async with open_shop(**PATIENT) as shop:
            tea = await shop.for_staff(Catalog).create_product(a_product(stock=5))
            order = new_id()
            await shop.for_orders(Catalog).reserve(order, lines((tea.id, 2)))

            await shop.expire()
            sold = await shop.for_orders(Catalog).commit_reservation(order)

    assert sold.status == ReservationStatus.COMMITTED


@pytest.mark.parametrize("by", OFF, ids=str)
async def test_pieces_are_kept_no_longer_than_was_said(open_shop: OpenShop, by: timedelta) -> None:
    with a_clock_that_is_off(by):
        async with open_shop(**HASTY) as shop:
            tea = await shop.for_staff(Catalog).create_product(a_product(stock=5))
            await shop.for_orders(Catalog).reserve(new_id(), lines((tea.id, 2)))

            with fail_after(30):
                while await reserved(shop, tea.id):  # noqa: ASYNC110 (the loop tells nobody)
                    await sleep(0.01)
            stock = (await shop.for_staff(Catalog).get_product(tea.id)).stock

    assert stock == Stock(on_hand=5, reserved=0, available=5)


@pytest.mark.parametrize(("reserving", "expiring"), tuple(permutations((*OFF, timedelta(0)), 2)), ids=str)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_replicas_whose_clocks_differ_agree_on_what_has_expired(
    open_shop: OpenShop, reserving: timedelta, expiring: timedelta
) -> None:
    async with open_shop(**PATIENT) as patient:
        tea = await patient.for_staff(Catalog).create_product(a_product(stock=5))
        with a_clock_that_is_off(reserving):
            await patient.for_orders(Catalog).reserve(new_id(), lines((tea.id, 2)))
        with a_clock_that_is_off(expiring):
            await patient.expire()
            kept = await reserved(patient, tea.id)
    async with open_shop(**PATIENT | {"hold_seconds": 0.001}) as hasty:
        with a_clock_that_is_off(reserving):
            await hasty.for_orders(Catalog).reserve(new_id(), lines((tea.id, 1)))
        with a_clock_that_is_off(expiring):
            await sleep(0.002)
            await hasty.expire()
            left = await reserved(hasty, tea.id)

    assert (kept, left) == (2, 2)


async def reserved(shop: Shop, product_id: UUID) -> int:
    return (await shop.for_staff(Catalog).get_product(product_id)).stock.reserved
