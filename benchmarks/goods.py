"""What the shop holds while it is measured: products, and orders of one customer."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from catalog.item import Item
from catalog.store import products as store
from chassis.database import Database
from chassis.ids import new_id
from contracts.catalog.v2 import NewProduct, Price
from orders.tables import lines, orders
from sqlalchemy import Connection, insert

__all__ = ["CATEGORY", "LINES", "MOMENT", "make_products", "write_orders", "write_products"]

CATEGORY = "measured"
LINES = 5
MOMENT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
_PIECES = 1_000_000
_BATCH = 10_000


def make_products(count: int) -> list[Item]:
    """Make products, half of them of the category that is asked for."""
    return [_product(number) for number in range(count)]


def write_products(url: str, products: Sequence[Item]) -> None:
    """Put the products on the catalog's shelf."""

    def write(tx: Connection) -> None:
        for product in products:
            store.add(tx, product)

    asyncio.run(_write(url, [write]))


def write_orders(url: str, customer: UUID, products: Sequence[Item], count: int) -> list[UUID]:
    """Write confirmed orders of five lines each, and return their ids."""
    ids = [new_id() for _ in range(count)]

    def write_some(first: int) -> Any:
        some = list(enumerate(ids))[first : first + _BATCH]

        def write(tx: Connection) -> None:
            tx.execute(insert(orders), [_order(order_id, customer, _lines(n, products)) for n, order_id in some])
            tx.execute(insert(lines), [_line(order_id, *line) for n, order_id in some for line in _lines(n, products)])

        return write

    asyncio.run(_write(url, [write_some(first) for first in range(0, count, _BATCH)]))
    return ids


async def _write(url: str, units: Sequence[Any]) -> None:
    database = Database.open(url, synchronous="NORMAL")
    try:
        for unit in units:
            await database.write(unit)
    finally:
        await database.close()


def _product(number: int) -> Item:
    new = NewProduct(
        name=f"Field notebook no. {number}",
        description="Ninety-six pages, dotted, sewn so that it lies flat.",
        categories=[CATEGORY if number % 2 else "other", "paper"],
        price=Price.of(1_000 + number, "EUR"),
        stock=_PIECES,
    )
    return Item.new(new_id(), new, MOMENT)


def _lines(number: int, products: Sequence[Item]) -> Iterator[tuple[int, Item]]:
    return enumerate(products[(number * LINES + position) % len(products)] for position in range(LINES))


def _order(order_id: UUID, customer: UUID, of_it: Iterator[tuple[int, Item]]) -> dict[str, object]:
    return {
        "id": order_id,
        "customer_id": customer,
        "generation": 1,
        "status": "confirmed",
        "currency": "EUR",
        "total_cents": sum(product.price_cents * 2 for _, product in of_it),
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "release_pending": False,
        "attempts": 1,
    }


def _line(order_id: UUID, position: int, product: Item) -> dict[str, object]:
    return {
        "order_id": order_id,
        "position": position,
        "product_id": product.id,
        "quantity": 2,
        "name": product.name,
        "unit_cents": product.price_cents,
    }
