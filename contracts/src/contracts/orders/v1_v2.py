"""What version 1 says of orders, in version 2's words.

Version 1 counts in euro cents, and knows neither product names, nor line totals, nor why an order was refused.
"""

from datetime import datetime

from contracts.orders import v1, v2
from contracts.translation import Rule, Translation, Unrepresentable, added, each, rename, widen
from contracts.wire import Money

__all__ = ["ItemV1V2", "NewItemV1V2", "NewOrderV1V2", "OrderV1V2"]

_CURRENCY = "EUR"
_HIGHEST_PRICE = 9_999_999


def money_of_cents(cents: int | None) -> Money | None:
    """Read cents as money; both versions use null for what has no price yet."""
    return None if cents is None else Money.of(cents, _CURRENCY)


def cents_of_money(money: Money | None) -> int | None:
    """Show money as cents, which can only mean euros."""
    if money is not None and money.currency != _CURRENCY:
        raise Unrepresentable(f"Version 1 counts in {_CURRENCY}, and this is {money.currency}: read it with version 2.")
    return None if money is None else money.cents


def priced(quantity: int, price_cents: int | None) -> tuple[int, Money | None, Money | None]:
    """Read a quantity at a price; version 2 also says what they come to."""
    total = None if price_cents is None else price_cents * quantity
    return quantity, money_of_cents(price_cents), money_of_cents(total)


def unpriced(quantity: int, unit_price: Money | None, line_total: Money | None) -> tuple[int, int | None]:
    """Show a quantity and its price; what they come to is left to the reader."""
    cents = cents_of_money(unit_price)
    if cents is not None and cents > _HIGHEST_PRICE:
        raise Unrepresentable(f"Version 1 has prices up to {_HIGHEST_PRICE} cents, this is {cents}: use version 2.")
    return quantity, cents


def total_says_more(quantity: int, unit_price: Money | None, line_total: Money | None) -> bool:
    """Tell whether a line comes to something else than its quantity at its price."""
    if unit_price is None or line_total is None:
        return unit_price is not line_total
    return line_total.currency != unit_price.currency or line_total.cents != unit_price.cents * quantity


def made_once(created_at: datetime) -> tuple[datetime, datetime]:
    """Take an order as unchanged since it was made."""
    return created_at, created_at


def when_made(created_at: datetime, updated_at: datetime) -> datetime:
    """Show when an order was made; version 1 does not know of changes."""
    return created_at


def made_then(created_at: datetime, stored_created_at: datetime, updated_at: datetime) -> tuple[datetime, datetime]:
    """Keep the moment of the last change, which version 1 cannot see."""
    return created_at, updated_at


def was_changed(created_at: datetime, updated_at: datetime) -> bool:
    return created_at != updated_at


class NewItemV1V2(Translation[v1.NewItem, v2.NewLine], old=v1.NewItem, new=v2.NewLine):
    """A wanted product and quantity, the same in both versions."""


class NewOrderV1V2(Translation[v1.NewOrder, v2.NewOrder], old=v1.NewOrder, new=v2.NewOrder):
    """Items are called lines, and version 2 may say what it expects to pay."""

    lines = each("items", "lines", NewItemV1V2)
    expected_total = added("expected_total", default=None)


class ItemV1V2(Translation[v1.Item, v2.OrderLine], old=v1.Item, new=v2.OrderLine):
    """An item is a line without its name and without what it comes to."""

    price = Rule(
        ("quantity", "price_cents"),
        ("quantity", "unit_price", "line_total"),
        up=priced,
        down=unpriced,
        loses=total_says_more,
    )
    name = added("name", default=None)


class OrderV1V2(Translation[v1.Order, v2.Order], old=v1.Order, new=v2.Order):
    """A rejected order reads as cancelled, and its reason is not told."""

    customer = rename("user_id", "customer_id")
    status = widen("status", v1.OrderStatus, v2.OrderStatus, {v2.OrderStatus.REJECTED: v1.OrderStatus.CANCELLED})
    reason = added("reason", default=None)
    lines = each("items", "lines", ItemV1V2)
    total = Rule(("total_cents",), ("total",), up=money_of_cents, down=cents_of_money)
    moments = Rule(
        ("created_at",),
        ("created_at", "updated_at"),
        up=made_once,
        down=when_made,
        keep=made_then,
        loses=was_changed,
    )
