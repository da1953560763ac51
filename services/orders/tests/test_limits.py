"""How often one customer can order: so many times, and he is told."""

from collections.abc import AsyncIterator

import pytest
from chassis.ids import new_id
from chassis.testing import running
from contracts.errors import RateLimited
from orders.settings import Settings

from .shop import Shop, order_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def limited(settings: Settings) -> AsyncIterator[Shop]:
    shop = Shop(settings.model_copy(update={"rate_limit": "2/hour"}))
    async with running(shop.app):
        yield shop


async def test_whoever_orders_too_often_waits_and_nothing_is_ordered(limited: Shop) -> None:
    product = limited.product()
    for key in "ab":
        await limited.customer().place_order(order_of(product), key)

    with pytest.raises(RateLimited) as refused:
        await limited.customer().place_order(order_of(product), "c")

    assert refused.value.retry_after
    assert 1 <= refused.value.retry_after <= 3600
    assert len((await limited.customer().list_orders()).items) == 2


async def test_other_customers_order_meanwhile(limited: Shop) -> None:
    product = limited.product()
    for key in "ab":
        await limited.customer().place_order(order_of(product), key)

    order = await limited.customer(new_id()).place_order(order_of(product), "a")

    assert order.total is not None
