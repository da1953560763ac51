"""What the plain services tell each other."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from benchmarks.contenders.models import Money

__all__ = ["Card", "Cards", "NewLine", "NewOrder", "Person", "Reservation", "ReservedLine", "Standing"]


class Standing(BaseModel):
    """Whether an account may order."""

    user_id: UUID
    status: str
    generation: int


class Person(BaseModel):
    """Who somebody is."""

    id: UUID
    given: str
    family: str


class NewLine(BaseModel):
    """So many of one product."""

    product_id: UUID
    quantity: int


class NewOrder(BaseModel):
    """What a customer wants."""

    lines: list[NewLine]


class ReservedLine(BaseModel):
    """So many of one product, at its price."""

    product_id: UUID
    name: str
    quantity: int
    unit_price: Money


class Reservation(BaseModel):
    """What is put aside for an order."""

    order_id: UUID
    status: str
    lines: list[ReservedLine]
    created_at: datetime


class Card(BaseModel):
    """The little that an order shows of a product."""

    id: UUID
    name: str
    price: Money
    status: str


class Cards(BaseModel):
    """Several of them."""

    items: list[Card]
