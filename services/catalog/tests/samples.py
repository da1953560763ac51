"""Things to put into the shop."""

from uuid import UUID

from contracts.catalog.v2 import NewProduct, NewReservation, Price, ReservationLine

__all__ = ["a_product", "lines"]


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
