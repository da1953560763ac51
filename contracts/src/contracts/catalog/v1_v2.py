"""What version 1 of the catalog says, in version 2's words.

Version 1 was written for one currency, one category and one number of pieces. A product of version 2 always has a
category, so every product can be shown to old clients.
"""

from datetime import datetime

from contracts.catalog import v1, v2
from contracts.translation import Rule, Translation, added, one_to_many

__all__ = ["SUCCESSORS", "ProductDraftV1V2", "ProductV1V2"]

SUCCESSORS = {v1.Catalog.put_product: v2.Catalog.update_product}
"""What follows an operation that version 2 does not have under its name."""

_CURRENCY = "EUR"


def in_euros(price_cents: int) -> v2.Price:
    """Say which currency the cents are of: a new price is in euros."""
    return v2.Price.of(price_cents, _CURRENCY)


def in_cents(price: v2.Price) -> int:
    """Leave out the currency, which is the shop's one."""
    return price.cents


def keep_currency(price_cents: int, stored: v2.Price) -> v2.Price:
    """Change the amount; a price stays in the currency it was in."""
    return v2.Price.of(price_cents, stored.currency)


def not_in_euros(price: v2.Price) -> bool:
    """Tell whether old clients would read another currency into it."""
    return price.currency != _CURRENCY


def all_available(stock: int) -> v2.Stock:
    """Take pieces to be on the shelf, and none of them reserved."""
    return v2.Stock(on_hand=stock, reserved=0, available=stock)


def available(stock: v2.Stock) -> int:
    """Show what can be ordered."""
    return stock.available


def keep_counted(stock: int, stored: v2.Stock) -> v2.Stock:
    """Change what can be ordered; what is counted on the shelf or reserved is not an old client's to say."""
    return v2.Stock(on_hand=stored.on_hand, reserved=stored.reserved, available=stock)


def not_all_available(stock: v2.Stock) -> bool:
    """Tell whether the one number leaves something out."""
    return stock != all_available(stock.available)


def never_changed(created_at: datetime) -> tuple[datetime, datetime]:
    """Take a product not to have changed since it was made."""
    return created_at, created_at


def made(created_at: datetime, updated_at: datetime) -> datetime:
    """Leave out when it changed."""
    return created_at


def keep_changed(created_at: datetime, was_created_at: datetime, updated_at: datetime) -> tuple[datetime, datetime]:
    """Leave the time of the last change as it is stored."""
    return created_at, updated_at


def was_changed(created_at: datetime, updated_at: datetime) -> bool:
    """Tell whether it changed since it was made."""
    return created_at != updated_at


_PRICE = Rule(("price_cents",), ("price",), up=in_euros, down=in_cents, keep=keep_currency, loses=not_in_euros)
_CATEGORIES = one_to_many("category", "categories")


class ProductV1V2(Translation[v1.Product, v2.Product], old=v1.Product, new=v2.Product):
    """A product as it is read.

    Old clients see the first category and the pieces that can be ordered. They see neither the SKU nor whether the
    product is still sold, nor when it last changed.
    """

    price = _PRICE
    categories = _CATEGORIES
    stock = Rule(("stock",), ("stock",), up=all_available, down=available, keep=keep_counted, loses=not_all_available)
    times = Rule(
        ("created_at",),
        ("created_at", "updated_at"),
        up=never_changed,
        down=made,
        keep=keep_changed,
        loses=was_changed,
    )
    sku = added("sku", default="UNKNOWN")
    status = added("status", default=v2.ProductStatus.ACTIVE)


class ProductDraftV1V2(Translation[v1.ProductDraft, v2.NewProduct], old=v1.ProductDraft, new=v2.NewProduct):
    """A product as staff write it; one that version 1 makes gets a SKU made up for it."""

    price = _PRICE
    categories = _CATEGORIES
    sku = added("sku", default=None)
