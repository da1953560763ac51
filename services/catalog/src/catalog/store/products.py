"""Products: finding, listing and changing them; their pieces are moved in `stock`."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any
from uuid import UUID

from chassis.clock import now
from chassis.prepared import Prepared
from contracts.catalog.v2 import ProductStatus
from sqlalchemy import ColumnElement, Connection, Executable, Integer, Uuid, bindparam, delete, insert, select, update

from catalog.item import Item
from catalog.store.once import insert_once
from catalog.tables import product_categories, products

__all__ = ["COLUMNS", "Filter", "add", "change", "find", "find_some", "page", "read", "search"]

COLUMNS = [column for column in products.c if column.name != "searched"]

_FILED = product_categories.c
_ONE = Prepared(select(*COLUMNS).where(products.c.id == bindparam("product_id", type_=Uuid)))
_BOUNDS = {
    "category": products.c.id.in_(select(_FILED.product_id).where(_FILED.category == bindparam("category"))),
    "status": products.c.status == bindparam("status"),
    "after": products.c.id > bindparam("after", type_=Uuid),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which products are meant; what is None does not matter."""

    words: str | None = None
    category: str | None = None
    status: ProductStatus | None = None


def add(tx: Connection, item: Item) -> bool:
    """Add a product; False when its id or its SKU is taken."""
    if not insert_once(tx, products, asdict(item) | {"searched": _searched(item.name, item.description)}):
        return False
    _file(tx, item.id, item.categories)
    return True


def find(tx: Connection, product_id: UUID, *, lock: bool = False) -> Item | None:
    """Find a product; a lock keeps it from others until the unit of work ends."""
    if lock:
        return next(iter(read(tx, select(*COLUMNS).where(products.c.id == product_id).with_for_update())), None)
    row = _ONE.first(tx, product_id=product_id)
    return None if row is None else _item(**row._asdict())


def find_some(tx: Connection, product_ids: Sequence[UUID]) -> list[Item]:
    """Find those of the products that exist, sorted by id."""
    return read(tx, select(*COLUMNS).where(products.c.id.in_(product_ids)).order_by(products.c.id))


def search(tx: Connection, filter_: Filter, after: UUID | None, limit: int) -> list[Item]:
    """Find products, oldest first, that come after one."""
    if filter_.words is None:
        return _listed(tx, category=filter_.category, status=filter_.status, after=after, limit=limit, skip=0)
    query = select(*COLUMNS).where(*_conditions(filter_)).order_by(products.c.id).limit(limit)
    return read(tx, query if after is None else query.where(products.c.id > after))


def page(tx: Connection, filter_: Filter, skip: int, limit: int) -> list[Item]:
    """Find products, oldest first, without the first so many; their words do not matter."""
    return _listed(tx, category=filter_.category, status=filter_.status, limit=limit, skip=skip)


def change(tx: Connection, changed: Item) -> Item:
    """Write what staff changed of a product that was read in this unit of work, which makes it another version."""
    written = {
        "name": changed.name,
        "description": changed.description,
        "searched": _searched(changed.name, changed.description),
        "categories": changed.categories,
        "price_cents": changed.price_cents,
        "currency": changed.currency,
        "status": changed.status,
        "version": products.c.version + 1,
        "updated_at": now(tx),
    }
    same = (products.c.id == changed.id) & (products.c.version == changed.version)
    (item,) = read(tx, update(products).where(same).values(written).returning(*COLUMNS))
    tx.execute(delete(product_categories).where(product_categories.c.product_id == changed.id))
    _file(tx, changed.id, changed.categories)
    return item


def read(tx: Connection, query: Executable) -> list[Item]:
    """Read the products that a query of `COLUMNS` finds."""
    return [_item(**row) for row in tx.execute(query).mappings()]


def _listed(tx: Connection, **bounds: Any) -> list[Item]:
    given = {name: value for name, value in bounds.items() if value is not None}
    return [_item(**row._asdict()) for row in _list(frozenset(given)).all(tx, **given)]


@cache
def _list(given: Collection[str]) -> Prepared:
    """Make the query for a list whose bounds have these names."""
    query = select(*COLUMNS).where(*(condition for name, condition in _BOUNDS.items() if name in given))
    page = query.limit(bindparam("limit", type_=Integer)).offset(bindparam("skip", type_=Integer))
    return Prepared(page.order_by(products.c.id))


def _item(*, status: str, **rest: Any) -> Item:
    return Item(status=ProductStatus(status), **rest)


def _conditions(filter_: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filter_.words is not None:
        conditions.append(products.c.searched.contains(filter_.words.casefold(), autoescape=True))
    if filter_.category is not None:
        filed = select(product_categories.c.product_id).where(product_categories.c.category == filter_.category)
        conditions.append(products.c.id.in_(filed))
    if filter_.status is not None:
        conditions.append(products.c.status == filter_.status)
    return conditions


def _searched(name: str, description: str) -> str:
    return f"{name}\n{description}".casefold()


def _file(tx: Connection, product_id: UUID, categories: Sequence[str]) -> None:
    tx.execute(
        insert(product_categories), [{"product_id": product_id, "category": category} for category in categories]
    )
