"""Moving pieces: each move is one conditional UPDATE, and the row count says whether it could be made.

Whoever moves the pieces of several products takes them in the order of their ids, or two could wait for each other.
"""

from collections.abc import Sequence
from uuid import UUID

from chassis.clock import now
from chassis.ids import new_id
from chassis.prepared import Prepared
from contracts.catalog.v2 import Adjustment, Price, ProductStatus, ReservedLine
from sqlalchemy import ColumnElement, Connection, Integer, Update, Uuid, bindparam, insert, true, update

from catalog.item import Item
from catalog.store.products import COLUMNS, read
from catalog.tables import adjustments, products

__all__ = ["adjust", "give_back", "put_aside", "record", "sell", "set_available", "take_back"]


_SHELVED, _HELD = bindparam("shelved", type_=Integer), bindparam("held", type_=Integer)
_ENOUGH = products.c.available >= bindparam("least", type_=Integer)
_SOLD = products.c.status == ProductStatus.ACTIVE


def _move(*conditions: ColumnElement[bool]) -> Update:
    pieces = {
        "available": products.c.available + _SHELVED,
        "reserved": products.c.reserved + _HELD,
        "on_hand": products.c.on_hand + _SHELVED + _HELD,
        "stock_version": products.c.stock_version + 1,
    }
    return update(products).where(products.c.id == bindparam("product", type_=Uuid), *conditions).values(pieces)


_ANY = Prepared(_move())
_WANTED = Prepared(_move(_ENOUGH, _SOLD).returning(products.c.name, products.c.price_cents, products.c.currency))


def put_aside(tx: Connection, product_id: UUID, quantity: int) -> ReservedLine | None:
    """Reserve available pieces; None when there are too few, or the product is not sold."""
    row = _WANTED.first(tx, product=product_id, shelved=-quantity, held=quantity, least=quantity)
    if row is None:
        return None
    price = Price.of(row.price_cents, row.currency)
    return ReservedLine(product_id=product_id, name=row.name, quantity=quantity, unit_price=price)


def give_back(tx: Connection, lines: Sequence[ReservedLine]) -> None:
    """Make reserved pieces available again."""
    _move_all(tx, lines, shelved=1, held=-1)


def sell(tx: Connection, lines: Sequence[ReservedLine]) -> None:
    """Let reserved pieces leave the shelf."""
    _move_all(tx, lines, shelved=0, held=-1)


def take_back(tx: Connection, lines: Sequence[ReservedLine]) -> None:
    """Put sold pieces on the shelf again."""
    _move_all(tx, lines, shelved=1, held=0)


def adjust(tx: Connection, product_id: UUID, delta: int, most: int) -> Item | None:
    """Put pieces on the shelf or take some off; None when too few are available, or there would be too many."""
    room = products.c.on_hand + delta <= most if delta > 0 else true()
    moved = _update(product_id).values(available=products.c.available + delta, on_hand=products.c.on_hand + delta)
    return next(iter(read(tx, moved.where(products.c.available >= -delta, room).returning(*COLUMNS))), None)


def set_available(tx: Connection, product_id: UUID, pieces: int) -> Item:
    """Say how many pieces of a product can be ordered; reserved ones stay reserved."""
    counted = _update(product_id).values(available=pieces, on_hand=products.c.reserved + pieces)
    (item,) = read(tx, counted.returning(*COLUMNS))
    return item


def record(tx: Connection, product_id: UUID, adjustment: Adjustment, made_by: str) -> None:
    """Note who changed what is on the shelf, and why."""
    tx.execute(
        insert(adjustments).values(
            id=new_id(),
            product_id=product_id,
            delta=adjustment.delta,
            reason=adjustment.reason,
            made_by=made_by,
            made_at=now(tx),
        )
    )


def _move_all(tx: Connection, lines: Sequence[ReservedLine], *, shelved: int, held: int) -> None:
    """Move the pieces of each line, so many times as is said, to the shelf and to what is held for orders."""
    moves = [
        {"product": line.product_id, "shelved": shelved * line.quantity, "held": held * line.quantity} for line in lines
    ]
    _ANY.change_each(tx, moves)


def _update(product_id: UUID) -> Update:
    return update(products).where(products.c.id == product_id).values(stock_version=products.c.stock_version + 1)
