"""The kitchen shelf: what she looks at, orders from, and counts in the end."""

from collections.abc import Sequence

from contracts.catalog.v2 import Catalog, Product, ProductQuery
from contracts.wire import Page

from demo.visit import Visit

__all__ = ["look", "turn_page"]

_SHELF = "kitchen"


async def turn_page(visit: Visit, size: int, cursor: str | None) -> Page[Product]:
    """Read one page, and tell what is on it."""
    page = await Catalog(visit.ada).list_products(ProductQuery(category=_SHELF, limit=size, cursor=cursor))
    shown = f"{page.next_cursor[:12]}..." if page.next_cursor else None
    visit.tell.fact({"items": [product.name for product in page.items], "next_cursor": shown})
    return page


async def look(visit: Visit, size: int) -> Sequence[Product]:
    """See how the first products on the shelf are now."""
    return (await Catalog(visit.ada).list_products(ProductQuery(category=_SHELF, limit=size))).items
