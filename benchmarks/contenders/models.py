"""An order in Pydantic's plain words, for the contenders that use Pydantic."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

__all__ = ["Money", "Order", "OrderLine", "OrderView"]


class Money(BaseModel):
    """An amount."""

    amount: str
    currency: str

    @classmethod
    def of(cls, cents: int, currency: str) -> "Money":
        return cls(amount=f"{cents // 100}.{cents % 100:02}", currency=currency)


class OrderLine(BaseModel):
    """So many of one product."""

    product_id: UUID
    quantity: int
    name: str | None
    unit_price: Money | None
    line_total: Money | None


class Order(BaseModel):
    """What a customer ordered."""

    id: UUID
    customer_id: UUID
    status: str
    reason: str | None
    lines: list[OrderLine]
    total: Money | None
    created_at: datetime
    updated_at: datetime


class OrderView(Order):
    """An order with what other services know, for who asks for it."""

    customer: None = None
    products: None = None
    missing: list[str] = []
