"""Reviews: by those who bought, once, and readable also without their authors' names."""

from uuid import UUID

import pytest
from chassis.ids import new_id
from contracts.catalog.errors import AlreadyReviewed, NotPurchased, ProductNotFound
from contracts.catalog.v2 import Catalog, NewReview, Part
from contracts.errors import ContractViolated, InvalidCursor, NoAnswer, Unavailable
from contracts.orders.v2 import Orders
from contracts.users.v2 import AccountStatus, Name, People, Person, Users

from .conftest import Shop
from .samples import a_product

pytestmark = pytest.mark.anyio

GOOD = NewReview(rating=5, text="Pours like a dream.")


@pytest.fixture
async def product_id(staff: Catalog) -> UUID:
    return (await staff.create_product(a_product())).id


async def test_who_bought_a_product_may_review_it(shop: Shop, product_id: UUID) -> None:
    customer = new_id()
    shop.remember_purchases(purchased=True)

    made = await shop.for_customer(Catalog, customer).add_review(product_id, GOOD)

    assert (made.product_id, made.rating, made.text) == (product_id, 5, "Pours like a dream.")
    assert shop.orders.calls == [(Orders.has_purchased, {"customer_id": customer, "product_id": product_id})]


async def test_who_did_not_buy_a_product_may_not_review_it(shop: Shop, shopper: Catalog, product_id: UUID) -> None:
    shop.remember_purchases(purchased=False)

    with pytest.raises(NotPurchased):
        await shop.for_customer(Catalog).add_review(product_id, GOOD)

    assert (await shopper.list_reviews(product_id)).items == []


async def test_a_customer_reviews_a_product_once(shop: Shop, shopper: Catalog, product_id: UUID) -> None:
    shop.remember_purchases(purchased=True)
    customer = shop.for_customer(Catalog)
    await customer.add_review(product_id, GOOD)

    with pytest.raises(AlreadyReviewed):
        await customer.add_review(product_id, NewReview(rating=1, text="No."))

    assert [review.rating for review in (await shopper.list_reviews(product_id)).items] == [5]


@pytest.mark.parametrize("error", [Unavailable("away"), ContractViolated("nonsense")])
async def test_no_review_is_taken_while_orders_cannot_be_asked(
    shop: Shop, shopper: Catalog, product_id: UUID, error: NoAnswer
) -> None:
    shop.orders.refuse(Orders.has_purchased, error)

    with pytest.raises(type(error)):
        await shop.for_customer(Catalog).add_review(product_id, GOOD)

    assert (await shopper.list_reviews(product_id)).items == []


async def test_reviews_are_signed_with_the_names_that_users_knows(
    shop: Shop, shopper: Catalog, product_id: UUID
) -> None:
    shop.remember_purchases(purchased=True)
    whole, single, closed, unknown = [new_id() for _ in range(4)]
    for customer in (whole, single, closed, unknown):
        await shop.for_customer(Catalog, customer).add_review(product_id, GOOD)
    people = [
        Person(id=whole, name=Name(given="Ada", family="Byron"), status=AccountStatus.ACTIVE),
        Person(id=single, name=Name(given="Plato", family=None), status=AccountStatus.ACTIVE),
        Person(id=closed, name=None, status=AccountStatus.CLOSED),
    ]
    shop.users.answer(Users.get_people, People(items=people))

    page = await shopper.list_reviews(product_id)

    assert [review.author for review in page.items] == [None, None, "Plato", "Ada Byron"]
    assert page.missing == []
    assert shop.users.calls == [(Users.get_people, {"user_id": sorted([whole, single, closed, unknown])})]


@pytest.mark.parametrize("error", [Unavailable("away"), ContractViolated("nonsense")])
async def test_reviews_can_be_read_while_users_cannot_be_asked(
    shop: Shop, shopper: Catalog, product_id: UUID, error: NoAnswer
) -> None:
    shop.remember_purchases(purchased=True)
    await shop.for_customer(Catalog).add_review(product_id, GOOD)
    shop.users.refuse(Users.get_people, error)

    page = await shopper.list_reviews(product_id)

    assert [(review.text, review.author) for review in page.items] == [("Pours like a dream.", None)]
    assert page.missing == [Part.AUTHORS]


async def test_users_is_not_asked_about_nobody(shop: Shop, shopper: Catalog, product_id: UUID) -> None:
    page = await shopper.list_reviews(product_id)

    assert (page.items, page.missing) == ([], [])
    assert shop.users.calls == []


async def test_reviews_come_newest_first_and_page_by_page(shop: Shop, shopper: Catalog, product_id: UUID) -> None:
    shop.remember_purchases(purchased=True)
    for rating in (1, 2, 3):
        await shop.for_customer(Catalog).add_review(product_id, NewReview(rating=rating, text=""))

    first = await shopper.list_reviews(product_id, limit=2)
    second = await shopper.list_reviews(product_id, limit=2, cursor=first.next_cursor)

    assert [review.rating for review in first.items] == [3, 2]
    assert [review.rating for review in second.items] == [1]
    assert second.next_cursor is None


async def test_a_cursor_of_another_products_reviews_is_refused(
    shop: Shop, staff: Catalog, shopper: Catalog, product_id: UUID
) -> None:
    shop.remember_purchases(purchased=True)
    for _ in range(2):
        await shop.for_customer(Catalog).add_review(product_id, GOOD)
    page = await shopper.list_reviews(product_id, limit=1)
    other = await staff.create_product(a_product())

    with pytest.raises(InvalidCursor):
        await shopper.list_reviews(other.id, limit=1, cursor=page.next_cursor)


async def test_there_are_no_reviews_of_what_is_not_there(shop: Shop, shopper: Catalog) -> None:
    with pytest.raises(ProductNotFound):
        await shopper.list_reviews(new_id())
    with pytest.raises(ProductNotFound):
        await shop.for_customer(Catalog).add_review(new_id(), GOOD)
