"""Products: what staff and shoppers can do with them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from chassis.clock import now
from chassis.conditional import require_match
from chassis.database import Database
from chassis.ids import new_id
from chassis.paging import Cursors, split
from contracts.catalog.errors import OutOfStock, ProductNotFound, SkuTaken, TooMuchStock, WrongCurrency
from contracts.catalog.v2 import (
    Adjustment,
    NewProduct,
    Price,
    Product,
    ProductCard,
    ProductChanges,
    ProductQuery,
    ProductStatus,
)
from contracts.wire import Page
from sqlalchemy import Connection

from catalog.item import Item, once_each
from catalog.store import products as store
from catalog.store import stock

__all__ = ["MOST_PIECES", "Products", "find"]

MOST_PIECES = 1_000_000
"""What staff can put on the shelf of one product; far below what a number holds, for cancelled orders come on top."""


class Products:
    """The shop's products, all priced in its one currency."""

    def __init__(self, database: Database, currency: str, cursors: Cursors) -> None:
        self._database = database
        self._currency = currency
        self._cursors = cursors

    async def create(self, product: NewProduct) -> Item:
        """Add a product; raises SkuTaken, WrongCurrency and TooMuchStock."""
        self._check_price(product.price)
        _check_pieces(product.stock)
        return await self._database.write(lambda tx: _create(tx, product))

    async def get(self, product_id: UUID) -> Item:
        """Fetch a product; raises ProductNotFound."""
        return await self._database.glance(lambda tx: find(tx, product_id))

    async def search(self, query: ProductQuery) -> Page[Product]:
        """List products, oldest first; raises InvalidCursor."""
        filters = query.model_dump(include={"q", "category", "status"})
        after = UUID(str(self._cursors.open(query.cursor, filters)[0])) if query.cursor else None
        wanted = store.Filter(query.q, query.category, query.status)
        items = await self._database.read(lambda tx: store.search(tx, wanted, after, query.limit + 1))
        page, position = split(items, query.limit, lambda item: (str(item.id),))
        return Page[Product](
            items=[item.shown for item in page],
            next_cursor=self._cursors.seal(position, filters) if position else None,
        )

    async def on_sale(self, category: str | None, skip: int, limit: int) -> Sequence[Product]:
        """List the products that are sold, oldest first, without the first so many."""
        wanted = store.Filter(category=category, status=ProductStatus.ACTIVE)
        items = await self._database.read(lambda tx: store.page(tx, wanted, skip, limit))
        return [item.shown for item in items]

    async def cards(self, product_ids: Sequence[UUID]) -> list[ProductCard]:
        """Fetch the cards of those products that exist."""
        items = await self._database.read(lambda tx: store.find_some(tx, product_ids))
        return [item.card for item in items]

    async def update(self, product_id: UUID, changes: ProductChanges, if_match: str | None) -> Item:
        """Change a product that is as it was read; raises ProductNotFound, WrongCurrency and Precondition errors."""
        said = {name: getattr(changes, name) for name in changes.model_dump()}

        def unit(tx: Connection) -> Item:
            item = find(tx, product_id, lock=True)
            require_match(if_match, item.etag)
            return self._written(tx, item, item.draft.model_copy(update=said))

        return await self._database.write(unit)

    async def rewrite(self, product_id: UUID, edit: Callable[[NewProduct], NewProduct]) -> Item:
        """Write a product anew, from what it is now; raises ProductNotFound, WrongCurrency and TooMuchStock."""

        def unit(tx: Connection) -> Item:
            item = find(tx, product_id, lock=True)
            draft = edit(item.draft)
            return _counted(tx, self._written(tx, item, draft), draft.stock)

        return await self._database.write(unit)

    async def discontinue(self, product_id: UUID) -> Item:
        """Stop selling a product; raises ProductNotFound."""

        def unit(tx: Connection) -> Item:
            item = find(tx, product_id, lock=True)
            gone = replace(item, status=ProductStatus.DISCONTINUED)
            return item if item == gone else store.change(tx, gone)

        return await self._database.write(unit)

    async def adjust(self, product_id: UUID, adjustment: Adjustment, made_by: str) -> Item:
        """Change what is on the shelf; raises ProductNotFound, OutOfStock and TooMuchStock."""
        return await self._database.write(lambda tx: _adjust(tx, product_id, adjustment, made_by))

    def _written(self, tx: Connection, item: Item, draft: NewProduct) -> Item:
        """Write what differs; a product that stays the same stays the same version."""
        changed = replace(
            item,
            name=draft.name,
            description=draft.description,
            categories=once_each(draft.categories),
            price_cents=draft.price.cents,
            currency=draft.price.currency,
        )
        if changed == item:
            return item
        self._check_price(draft.price)
        return store.change(tx, changed)

    def _check_price(self, price: Price) -> None:
        if price.currency != self._currency:
            raise WrongCurrency(f"Prices are in {self._currency} here, and this one is in {price.currency}.")


def find(tx: Connection, product_id: UUID, *, lock: bool = False) -> Item:
    """Find a product; raises ProductNotFound."""
    item = store.find(tx, product_id, lock=lock)
    if item is None:
        raise ProductNotFound(f"product {product_id}")
    return item


def _create(tx: Connection, product: NewProduct) -> Item:
    item = Item.new(new_id(), product, now(tx))
    if not store.add(tx, item):
        raise SkuTaken(f"Another product has the SKU {item.sku}: choose another, or change that product.")
    return item


def _adjust(tx: Connection, product_id: UUID, adjustment: Adjustment, made_by: str) -> Item:
    item = stock.adjust(tx, product_id, adjustment.delta, MOST_PIECES)
    if item is None:
        raise _unmoved(find(tx, product_id), adjustment.delta)
    stock.record(tx, product_id, adjustment, made_by)
    return item


def _unmoved(item: Item, delta: int) -> OutOfStock | TooMuchStock:
    if delta < 0:
        return OutOfStock(f"{-delta} were to be taken off the shelf, and {item.available} are available.")
    return TooMuchStock(f"{delta} more were wanted: there are {item.on_hand}, and at most {MOST_PIECES} fit.")


def _counted(tx: Connection, item: Item, pieces: int) -> Item:
    """Set what can be ordered, if that is not what it is."""
    if pieces == item.available:
        return item
    _check_pieces(pieces)
    return stock.set_available(tx, item.id, pieces)


def _check_pieces(pieces: int) -> None:
    if pieces > MOST_PIECES:
        raise TooMuchStock(f"{pieces} were to be on the shelf, and at most {MOST_PIECES} fit.")
