"""What old clients see of the catalog, by example; the laws are tried on every translation elsewhere."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from contracts.catalog import v1, v2
from contracts.catalog.v1_v2 import ProductDraftV1V2, ProductV1V2

ID = UUID("0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87")
MADE = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CHANGED = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

KETTLE = v2.Product(
    id=ID,
    sku="KIT-KETTLE-17",
    name="Kettle",
    description="Steel.",
    categories=["kitchen", "coffee"],
    price=v2.Price(amount="49.90", currency="EUR"),
    stock=v2.Stock(on_hand=12, reserved=2, available=10),
    status=v2.ProductStatus.DISCONTINUED,
    created_at=MADE,
    updated_at=CHANGED,
)
DRAFT = v1.ProductDraft(name="Pot", description="Clay.", price_cents=5, category="pots", stock=3)
STORED = v2.NewProduct(
    sku="KIT-KETTLE-17",
    name="Kettle",
    description="Steel.",
    categories=["kitchen", "coffee"],
    price=v2.Price(amount="49.90", currency="CHF"),
    stock=10,
)


def test_old_clients_see_the_first_category_the_cents_and_what_can_be_ordered() -> None:
    shown = ProductV1V2.down(KETTLE)

    assert shown == v1.Product(
        id=ID,
        name="Kettle",
        description="Steel.",
        price_cents=4990,
        category="kitchen",
        stock=10,
        created_at=MADE,
    )


def test_what_old_clients_do_not_see_is_declared() -> None:
    lost = ProductV1V2.losses(KETTLE)

    assert set(lost) == {"categories", "sku", "status", "stock", "times"}


def test_an_old_product_says_all_that_a_new_one_needs() -> None:
    made = ProductDraftV1V2.up(DRAFT)

    assert made == v2.NewProduct(
        sku=None,
        name="Pot",
        description="Clay.",
        categories=["pots"],
        price=v2.Price(amount="0.05", currency="EUR"),
        stock=3,
    )


def test_an_old_write_keeps_what_old_clients_cannot_see() -> None:
    written = ProductDraftV1V2.put(DRAFT, STORED)

    assert (written.sku, written.categories) == ("KIT-KETTLE-17", ["pots", "coffee"])
    assert written.price == v2.Price(amount="0.05", currency="CHF")


@pytest.mark.parametrize(("cents", "amount"), [(0, "0.00"), (9, "0.09"), (100, "1.00"), (9_999_999, "99999.99")])
def test_cents_are_money_to_the_last_one(cents: int, amount: str) -> None:
    price = ProductDraftV1V2.up(DRAFT.model_copy(update={"price_cents": cents})).price

    assert (price.amount, price.cents) == (amount, cents)
