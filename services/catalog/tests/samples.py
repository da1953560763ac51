"""Things to put into the shop, and patience with it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from contracts.catalog.v2 import NewProduct, NewReservation, Price, ReservationLine
from contracts.errors import Unavailable

__all__ = ["a_product", "insist", "lines"]

T = TypeVar("T")


def a_product(
    name: str = "Gooseneck kettle",
    *,
    stock: int = 10,
    cents: int = 4990,
    categories: tuple[str, ...] = ("kitchen",),
    description: str = "",
    sku: str | None = None,
) -> NewProduct:
    """Make a product that differs from the others in what the test says."""
    return NewProduct(
        sku=sku,
        name=name,
        description=description,
        categories=list(categories),
        price=Price.of(cents),
        stock=stock,
    )


def lines(*wanted: tuple[UUID, int]) -> NewReservation:
    """Want so many pieces of each product."""
    return NewReservation(lines=[ReservationLine(product_id=product, quantity=pieces) for product, pieces in wanted])


async def insist(call: Callable[[], Awaitable[T]]) -> T:
    """Make a call that may be repeated, again as long as a crowded database has no time for it."""
    while True:
        try:
            return await call()
        except Unavailable:
            continue
