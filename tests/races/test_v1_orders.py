"""Version 1 of orders, whose database refuses to commit: nobody is told that it was done."""

from pathlib import Path

import pytest
from contracts.orders.v1 import NewItem, NewOrder, Orders

from .doubt import changing, doubtful_world
from .world import Urls, insist

pytestmark = pytest.mark.anyio


async def test_version_1_does_not_say_that_it_was_done_when_it_was_not_saved(urls: Urls, tmp_path: Path) -> None:
    async with doubtful_world(urls, tmp_path) as (world, doubt):
        account, product = await insist(world.join), (await insist(lambda: world.stock(9))).id
        mine, wanted = world.customer(Orders, account), NewOrder(items=[NewItem(product_id=product, quantity=1)])
        order = await doubt(Orders.place_order, lambda: mine.place_order(wanted, "k"))
        await doubt(Orders.cancel_order, lambda: mine.cancel_order(order.id))

    assert doubt.wrong == []
    assert doubt.tried == changing("orders v1")
