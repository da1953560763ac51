"""Products: made, found, changed, counted, and kept from being undone."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from chassis.ids import new_id
from contracts.answers import ETAG, LOCATION
from contracts.catalog.errors import (
    OutOfStock,
    ProductNotFound,
    SkuTaken,
    TooMuchStock,
    WrongCurrency,
)
from contracts.catalog.v2 import (
    Adjustment,
    Catalog,
    Price,
    ProductChanges,
    ProductQuery,
    ProductStatus,
    Reason,
    Stock,
)
from contracts.errors import InvalidCursor, PreconditionFailed, PreconditionRequired

from .conftest import OpenShop
from .samples import a_product, lines

pytestmark = pytest.mark.anyio


def counted(delta: int) -> Adjustment:
    return Adjustment(delta=delta, reason=Reason.COUNTED)


ATTEMPTS: dict[str, Callable[[Catalog, UUID], Awaitable[object]]] = {
    "get": lambda shop, product: shop.get_product(product),
    "update": lambda shop, product: shop.update_product(product, ProductChanges(name="X"), "*"),
    "discontinue": lambda shop, product: shop.discontinue_product(product),
    "put on the shelf": lambda shop, product: shop.adjust_stock(product, counted(1)),
    "take off the shelf": lambda shop, product: shop.adjust_stock(product, counted(-1)),
}


async def test_a_new_product_is_found_where_its_location_says(staff: Catalog, shopper: Catalog) -> None:
    made = await staff.create_product.answer(a_product("Teapot", stock=3, sku="TEA-1"))

    seen = await shopper.get_product.answer(made.value.id)

    assert seen.value == made.value
    assert seen.headers[ETAG] == made.headers[ETAG]
    assert made.headers[LOCATION] == f"/v2/products/{made.value.id}"
    assert (seen.value.sku, seen.value.status) == ("TEA-1", ProductStatus.ACTIVE)
    assert seen.value.stock == Stock(on_hand=3, reserved=0, available=3)


async def test_a_product_without_a_sku_gets_one_of_its_own(staff: Catalog) -> None:
    one = await staff.create_product(a_product("One"))
    other = await staff.create_product(a_product("Other"))

    assert one.sku != other.sku


async def test_two_products_cannot_have_one_sku(staff: Catalog, shopper: Catalog) -> None:
    await staff.create_product(a_product("First", sku="TEA-1"))

    with pytest.raises(SkuTaken, match="TEA-1"):
        await staff.create_product(a_product("Second", sku="TEA-1"))

    assert [product.name for product in (await shopper.list_products(ProductQuery())).items] == ["First"]


async def test_a_price_in_another_currency_is_refused(staff: Catalog) -> None:
    dear = a_product().model_copy(update={"price": Price(amount="1.00", currency="USD")})
    made = await staff.create_product.answer(a_product())

    with pytest.raises(WrongCurrency, match="EUR"):
        await staff.create_product(dear)
    with pytest.raises(WrongCurrency, match="USD"):
        await staff.update_product(made.value.id, ProductChanges(price=dear.price), made.headers[ETAG])


async def test_the_shop_can_sell_in_another_currency(open_shop: OpenShop) -> None:
    async with open_shop(currency="CHF", seed=True) as shop:
        staff = shop.for_staff(Catalog)
        page = await staff.list_products(ProductQuery(limit=1))

        with pytest.raises(WrongCurrency, match="CHF"):
            await staff.create_product(a_product())

    assert page.items[0].price == Price.of(4990, "CHF")


async def test_more_than_a_shelf_holds_cannot_be_put_there(staff: Catalog) -> None:
    product = await staff.create_product(a_product(stock=1))

    with pytest.raises(TooMuchStock, match="1000000"):
        await staff.create_product(a_product(stock=1_000_001))
    with pytest.raises(TooMuchStock, match="1000000"):
        await staff.adjust_stock(product.id, Adjustment(delta=1_000_000, reason=Reason.RECEIVED))


async def test_repeated_categories_are_dropped(staff: Catalog) -> None:
    made = await staff.create_product(a_product(categories=("tea", "kitchen", "tea")))

    assert made.categories == ["tea", "kitchen"]


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
async def test_an_unknown_product_is_not_found(
    staff: Catalog, attempt: Callable[[Catalog, UUID], Awaitable[object]]
) -> None:
    unknown = new_id()

    with pytest.raises(ProductNotFound, match=str(unknown)):
        await attempt(staff, unknown)


async def test_an_update_changes_what_it_names_and_nothing_else(staff: Catalog) -> None:
    made = await staff.create_product.answer(a_product("Teapot", description="Round.", categories=("tea",)))
    price = Price(amount="12.00", currency="EUR")

    seen = await staff.update_product(made.value.id, ProductChanges(price=price), made.headers[ETAG])

    assert seen.updated_at > made.value.updated_at
    assert seen == made.value.model_copy(update={"price": price, "updated_at": seen.updated_at})


async def test_all_that_staff_write_can_be_changed(staff: Catalog, shopper: Catalog) -> None:
    made = await staff.create_product.answer(a_product("Teapot", categories=("tea",)))
    changes = ProductChanges(name="Kettle", description="Hot.", categories=["kitchen", "sale"])

    await staff.update_product(made.value.id, changes, made.headers[ETAG])

    (found,) = (await shopper.list_products(ProductQuery(q="hot", category="sale"))).items
    assert (found.name, found.description, found.categories) == ("Kettle", "Hot.", ["kitchen", "sale"])
    assert (await shopper.list_products(ProductQuery(category="tea"))).items == []


async def test_of_two_edits_of_one_version_the_second_is_refused(staff: Catalog) -> None:
    made = await staff.create_product.answer(a_product())
    product, version = made.value.id, made.headers[ETAG]
    await staff.update_product(product, ProductChanges(name="First"), version)

    with pytest.raises(PreconditionFailed):
        await staff.update_product(product, ProductChanges(name="Second"), version)

    assert (await staff.get_product(product)).name == "First"


async def test_an_edit_must_say_what_it_was_made_to(staff: Catalog) -> None:
    product = await staff.create_product(a_product())

    with pytest.raises(PreconditionRequired):
        await staff.update_product(product.id, ProductChanges(name="X"))


async def test_a_sale_moves_the_etag_and_does_not_fail_an_edit(staff: Catalog, orders: Catalog) -> None:
    made = await staff.create_product.answer(a_product())
    await orders.reserve(new_id(), lines((made.value.id, 1)))
    sold = await staff.get_product.answer(made.value.id)

    edited = await staff.update_product(made.value.id, ProductChanges(name="New"), made.headers[ETAG])

    assert sold.headers[ETAG] != made.headers[ETAG]
    assert (edited.name, edited.stock.reserved) == ("New", 1)


async def test_an_edit_that_changes_nothing_makes_no_version(staff: Catalog) -> None:
    made = await staff.create_product.answer(a_product("Same"))

    seen = await staff.update_product.answer(made.value.id, ProductChanges(name="Same"), made.headers[ETAG])

    assert (seen.value, seen.headers[ETAG]) == (made.value, made.headers[ETAG])


async def test_a_discontinued_product_is_shown_and_not_sold(staff: Catalog, shopper: Catalog) -> None:
    product = await staff.create_product(a_product())

    gone = await staff.discontinue_product.answer(product.id)
    again = await staff.discontinue_product.answer(product.id)

    assert gone.value.status == ProductStatus.DISCONTINUED
    assert (again.value, again.headers[ETAG]) == (gone.value, gone.headers[ETAG])
    assert await shopper.get_product(product.id) == gone.value


async def test_pieces_are_put_on_the_shelf_and_taken_off(staff: Catalog) -> None:
    product = await staff.create_product(a_product(stock=5))

    more = await staff.adjust_stock(product.id, counted(7))
    less = await staff.adjust_stock(product.id, counted(-12))

    assert more.stock == Stock(on_hand=12, reserved=0, available=12)
    assert less.stock == Stock(on_hand=0, reserved=0, available=0)


async def test_reserved_pieces_cannot_be_taken_off_the_shelf(staff: Catalog, orders: Catalog) -> None:
    product = await staff.create_product(a_product(stock=5))
    await orders.reserve(new_id(), lines((product.id, 3)))

    with pytest.raises(OutOfStock, match="3 were to be taken off the shelf, and 2 are available"):
        await staff.adjust_stock(product.id, counted(-3))

    assert (await staff.get_product(product.id)).stock == Stock(on_hand=5, reserved=3, available=2)


async def test_every_product_is_seen_once_while_others_come_and_change(staff: Catalog, shopper: Catalog) -> None:
    made = [await staff.create_product.answer(a_product(f"Number {number}")) for number in range(5)]
    first = await shopper.list_products(ProductQuery(limit=2))
    await staff.update_product(made[0].value.id, ProductChanges(name="Z"), made[0].headers[ETAG])
    late = await staff.create_product(a_product("Late"))

    second = await shopper.list_products(ProductQuery(limit=2, cursor=first.next_cursor))
    third = await shopper.list_products(ProductQuery(limit=2, cursor=second.next_cursor))

    seen = [product.id for page in (first, second, third) for product in page.items]
    assert seen == [answer.value.id for answer in made] + [late.id]
    assert third.next_cursor is None


async def test_a_cursor_of_another_search_is_refused(staff: Catalog, shopper: Catalog) -> None:
    for number in range(2):
        await staff.create_product(a_product(f"Number {number}"))
    page = await shopper.list_products(ProductQuery(limit=1))

    with pytest.raises(InvalidCursor):
        await shopper.list_products(ProductQuery(limit=1, category="kitchen", cursor=page.next_cursor))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("KETTLE", ["Gooseneck kettle"]),
        ("induction", ["Gooseneck kettle"]),
        ("ärmel", ["ÄRMEL"]),
        ("50%", ["50% off"]),
        ("50_", []),
        ("kettle for", []),
    ],
)
async def test_a_search_finds_words_whatever_their_case(
    staff: Catalog, shopper: Catalog, words: str, found: list[str]
) -> None:
    await staff.create_product(a_product("Gooseneck kettle", description="For induction."))
    await staff.create_product(a_product("ÄRMEL"))
    await staff.create_product(a_product("50% off"))

    page = await shopper.list_products(ProductQuery(q=words))

    assert [product.name for product in page.items] == found


async def test_lists_can_be_narrowed_by_category_and_status(staff: Catalog, shopper: Catalog) -> None:
    tea = await staff.create_product(a_product("Tea", categories=("kitchen", "tea")))
    old = await staff.create_product(a_product("Old", categories=("tea",)))
    await staff.create_product(a_product("Pan"))
    await staff.discontinue_product(old.id)

    in_tea = await shopper.list_products(ProductQuery(category="tea"))
    sold_in_tea = await shopper.list_products(ProductQuery(category="tea", status=ProductStatus.ACTIVE))

    assert [product.id for product in in_tea.items] == [tea.id, old.id]
    assert [product.id for product in sold_in_tea.items] == [tea.id]


async def test_cards_come_in_one_batch_without_those_that_do_not_exist(staff: Catalog, shopper: Catalog) -> None:
    tea = await staff.create_product(a_product("Tea", cents=250))
    pan = await staff.create_product(a_product("Pan"))

    cards = await shopper.get_products([pan.id, new_id(), tea.id, tea.id])

    assert [(card.id, card.name) for card in cards.items] == [(tea.id, "Tea"), (pan.id, "Pan")]
    assert cards.items[0].price == Price.of(250)
