"""Version 1, over the same shelf as version 2."""

import pytest
from chassis.ids import new_id
from contracts.answers import ETAG, LOCATION
from contracts.catalog import v1, v2
from contracts.catalog.errors import ProductNotFound
from contracts.errors import Conflict

from .conftest import OpenShop, Shop
from .samples import a_product, lines

pytestmark = pytest.mark.anyio

TEAPOT = v1.ProductDraft(name="Teapot", description="Round.", price_cents=1999, category="tea", stock=7)


@pytest.fixture
def old(shop: Shop) -> v1.Catalog:
    """The catalog as staff with an old client see it."""
    return shop.for_staff(v1.Catalog)


async def test_a_product_made_by_v1_reads_the_same_through_v2(old: v1.Catalog, staff: v2.Catalog) -> None:
    made = await old.create_product.answer(TEAPOT)

    seen = await staff.get_product(made.value.id)

    assert made.headers[LOCATION] == f"/v1/products/{made.value.id}"
    assert await old.get_product(made.value.id) == made.value
    assert (seen.name, seen.description, seen.categories) == ("Teapot", "Round.", ["tea"])
    assert seen.price == v2.Price(amount="19.99", currency="EUR")
    assert seen.stock == v2.Stock(on_hand=7, reserved=0, available=7)
    assert seen.created_at == made.value.created_at


async def test_writing_back_what_was_read_changes_nothing(
    old: v1.Catalog, staff: v2.Catalog, orders: v2.Catalog
) -> None:
    product = await staff.create_product(a_product(stock=9, categories=("tea", "kitchen"), sku="TEA-1"))
    await orders.reserve(new_id(), lines((product.id, 2)))
    before = await staff.get_product.answer(product.id)

    read = await old.get_product(product.id)
    put = await old.put_product(product.id, draft_of(read))

    after = await staff.get_product.answer(product.id)
    assert put == read
    assert (after.value, after.headers[ETAG]) == (before.value, before.headers[ETAG])


async def test_a_v1_write_leaves_alone_what_only_v2_knows(
    old: v1.Catalog, staff: v2.Catalog, orders: v2.Catalog
) -> None:
    product = await staff.create_product(a_product(stock=9, categories=("tea", "kitchen"), sku="TEA-1"))
    await orders.reserve(new_id(), lines((product.id, 2)))

    put = await old.put_product(product.id, TEAPOT.model_copy(update={"category": "pots", "stock": 4}))

    seen = await staff.get_product(product.id)
    assert (put.name, put.price_cents, put.category, put.stock) == ("Teapot", 1999, "pots", 4)
    assert (seen.sku, seen.categories) == ("TEA-1", ["pots", "kitchen"])
    assert seen.stock == v2.Stock(on_hand=6, reserved=2, available=4)


async def test_stock_alone_is_no_edit_of_the_product(old: v1.Catalog, staff: v2.Catalog) -> None:
    made = await old.create_product(TEAPOT)
    before = await staff.get_product.answer(made.id)

    await old.put_product(made.id, TEAPOT.model_copy(update={"stock": 1}))

    edited = await staff.update_product(made.id, v2.ProductChanges(name="Kettle"), before.headers[ETAG])
    assert (edited.name, edited.stock.available) == ("Kettle", 1)


async def test_v1_lists_what_is_sold(old: v1.Catalog, staff: v2.Catalog) -> None:
    made = [
        await staff.create_product(
            a_product(f"Number {number}", categories=("tea",) if number % 2 else ("pots", "tea"))
        )
        for number in range(5)
    ]
    await staff.discontinue_product(made[1].id)

    sold = await old.list_products(skip=1, limit=2)
    in_tea = await old.list_products(category="tea")

    assert [product.id for product in sold] == [made[2].id, made[3].id]
    assert [product.category for product in in_tea] == ["pots", "pots", "tea", "pots"]
    assert (await old.get_product(made[1].id)).id == made[1].id


async def test_an_unknown_product_is_not_found_by_v1(old: v1.Catalog) -> None:
    with pytest.raises(ProductNotFound):
        await old.get_product(new_id())
    with pytest.raises(ProductNotFound):
        await old.put_product(new_id(), TEAPOT)


async def test_more_than_a_shelf_holds_is_a_conflict_in_v1(old: v1.Catalog) -> None:
    made = await old.create_product(TEAPOT)

    with pytest.raises(Conflict, match="1000000"):
        await old.put_product(made.id, TEAPOT.model_copy(update={"stock": 1_000_001}))

    assert (await old.get_product(made.id)).stock == 7


async def test_v1_reads_and_writes_prices_in_the_currency_of_the_shop(open_shop: OpenShop) -> None:
    async with open_shop(currency="CHF") as shop:
        staff, old = shop.for_staff(v2.Catalog), shop.for_staff(v1.Catalog)
        price = v2.Price(amount="1.00", currency="CHF")
        made = await staff.create_product(a_product().model_copy(update={"price": price}))

        put = await old.put_product(made.id, TEAPOT)

        assert put.price_cents == 1999
        assert (await staff.get_product(made.id)).price == v2.Price(amount="19.99", currency="CHF")


def draft_of(product: v1.Product) -> v1.ProductDraft:
    return v1.ProductDraft.model_validate(product.model_dump(include=set(v1.ProductDraft.model_fields)))
