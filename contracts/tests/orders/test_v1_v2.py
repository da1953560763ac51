"""What the laws do not say of the orders translation: which words stand for which, and what has none."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from contracts.orders import v1, v2
from contracts.orders.v1_v2 import ItemV1V2, NewOrderV1V2, OrderV1V2
from contracts.translation import Unrepresentable
from contracts.wire import Money

_MADE = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
_ID = UUID("0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87")


def order(
    status: v2.OrderStatus | str = "confirmed", reason: v2.Reason | None = None, total: Money | None = None
) -> v2.Order:
    return v2.Order(
        id=_ID,
        customer_id=_ID,
        status=status,
        reason=reason,
        lines=[],
        total=total,
        created_at=_MADE,
        updated_at=_MADE + timedelta(seconds=1),
    )


def line(price: Money | None, total: Money | None, quantity: int = 2) -> v2.OrderLine:
    return v2.OrderLine(product_id=_ID, quantity=quantity, name=None, unit_price=price, line_total=total)


def test_a_rejected_order_reads_as_cancelled_and_its_reason_is_lost() -> None:
    rejected = order(v2.OrderStatus.REJECTED, v2.Reason.OUT_OF_STOCK)

    shown = OrderV1V2.down(rejected)

    assert shown.status == v1.OrderStatus.CANCELLED
    assert OrderV1V2.losses(rejected) == ["status", "reason", "moments"]


def test_a_status_of_later_times_cannot_be_said_in_version_1() -> None:
    with pytest.raises(Unrepresentable, match="on_hold"):
        OrderV1V2.down(order("on_hold"))


def test_money_in_another_currency_cannot_be_said_in_version_1() -> None:
    with pytest.raises(Unrepresentable, match="counts in EUR, and this is USD"):
        OrderV1V2.down(order(total=Money.of(100, "USD")))


def test_a_price_that_version_1_never_had_cannot_be_said_in_it() -> None:
    with pytest.raises(Unrepresentable, match="up to 9999999 cents"):
        ItemV1V2.down(line(Money.of(10_000_000), Money.of(20_000_000)))


@pytest.mark.parametrize(
    ("price", "total", "says_more"),
    [
        (None, None, False),
        (Money.of(500), Money.of(1000), False),
        (Money.of(500), Money.of(999), True),
        (Money.of(500), Money.of(1000, "USD"), True),
        (Money.of(500), None, True),
        (None, Money.of(1000), True),
    ],
)
def test_a_line_total_is_lost_where_it_is_not_the_price_times_the_quantity(
    price: Money | None, total: Money | None, says_more: bool
) -> None:
    assert ItemV1V2.loses(line(price, total)) is says_more


def test_an_item_at_the_highest_price_has_a_line_total() -> None:
    item = v1.Item(product_id=_ID, quantity=50_000, price_cents=9_999_999)

    read = ItemV1V2.up(item)

    assert read.line_total == Money(amount="4999999500.00", currency="EUR")


def test_an_order_of_version_1_expects_no_total() -> None:
    wanted = v1.NewOrder(items=[v1.NewItem(product_id=_ID, quantity=3)])

    read = NewOrderV1V2.up(wanted)

    assert read == v2.NewOrder(lines=[v2.NewLine(product_id=_ID, quantity=3)])
