"""What is counted of reservations, as those who operate the service see it."""

import pytest
from chassis.ids import new_id
from chassis.testing import figures
from contracts.catalog.errors import OutOfStock
from contracts.catalog.v2 import Catalog

from .conftest import OpenShop, Shop
from .samples import a_product, lines

pytestmark = pytest.mark.anyio


async def test_reservations_are_counted_by_what_happened_and_once_however_often_it_is_asked(
    shop: Shop, staff: Catalog, orders: Catalog
) -> None:
    tea = await staff.create_product(a_product(stock=5))
    first, second = new_id(), new_id()

    for _ in range(2):
        await orders.reserve(first, lines((tea.id, 2)))
    for _ in range(2):
        await orders.commit_reservation(first)
    with pytest.raises(OutOfStock):
        await orders.reserve(second, lines((tea.id, 4)))
    for _ in range(2):
        await orders.release_reservation(first)
    await orders.release_reservation(second)

    assert await figures(shop.app, "concord_reservations_total") == {
        ("made",): 1,
        ("refused",): 1,
        ("committed",): 1,
        ("released",): 1,
        ("expired",): 0,
    }


async def test_reservations_that_nobody_finished_are_counted_as_expired(open_shop: OpenShop) -> None:
    async with open_shop(hold_seconds=0.001, expiry_every_seconds=3600) as shop:
        tea = await shop.for_staff(Catalog).create_product(a_product(stock=5))
        await shop.for_orders(Catalog).reserve(new_id(), lines((tea.id, 2)))

        for _ in range(2):
            await shop.expire()

        assert (await figures(shop.app, "concord_reservations_total"))[("expired",)] == 1
