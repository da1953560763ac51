"""How often one customer can order: so many times, in whatever version."""

import pytest
from chassis.testing import running
from contracts.client import AsgiTransport
from contracts.errors import RateLimited
from contracts.orders import v1
from orders.settings import Settings

from .shop import Shop, order_of

pytestmark = pytest.mark.anyio


async def test_orders_of_both_versions_count_together(settings: Settings) -> None:
    shop = Shop(settings.model_copy(update={"rate_limit": "2/hour"}))
    product = shop.product()
    older = v1.Orders(AsgiTransport(shop.app, token=shop.token()))
    wanted = v1.NewOrder(items=[v1.NewItem(product_id=product, quantity=1)])

    async with running(shop.app):
        await shop.customer().place_order(order_of(product), "a")
        await older.place_order(wanted)
        with pytest.raises(RateLimited):
            await older.place_order(wanted)
        with pytest.raises(RateLimited):
            await shop.customer().place_order(order_of(product), "b")
