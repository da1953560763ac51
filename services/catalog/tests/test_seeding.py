"""Products to try things with."""

import pytest
from contracts.answers import ETAG
from contracts.catalog.v2 import Catalog, ProductChanges, ProductQuery, ProductStatus

from .conftest import OpenShop

pytestmark = pytest.mark.anyio

EVERYTHING = ProductQuery(limit=100)


async def test_a_seeded_shop_has_products_of_all_kinds(open_shop: OpenShop) -> None:
    async with open_shop(seed=True) as shop:
        products = (await shop.for_anybody(Catalog).list_products(EVERYTHING)).items

    sold = [product for product in products if product.status == ProductStatus.ACTIVE]
    assert len(products) >= 36
    assert len({category for product in products for category in product.categories}) >= 6
    assert len([product for product in sold if product.stock.available == 0]) == 1
    assert len(products) - len(sold) == 2


async def test_starting_again_adds_nothing_and_changes_nothing(open_shop: OpenShop) -> None:
    async with open_shop(seed=True) as shop:
        staff = shop.for_staff(Catalog)
        (first, *_) = (await staff.list_products(EVERYTHING)).items
        tag = (await staff.get_product.answer(first.id)).headers[ETAG]
        await staff.update_product(first.id, ProductChanges(name="Renamed"), tag)
        before = await staff.list_products(EVERYTHING)

    async with open_shop(seed=True) as shop:
        after = await shop.for_anybody(Catalog).list_products(EVERYTHING)

    assert after == before


async def test_production_begins_empty(open_shop: OpenShop) -> None:
    secrets = {"client_secret": "a-secret-of-their-own", "cursor_secret": "another-secret-of-their-own"}
    async with open_shop(env="production", seed=True, **secrets) as shop:
        page = await shop.for_anybody(Catalog).list_products(EVERYTHING)

    assert page.items == []
