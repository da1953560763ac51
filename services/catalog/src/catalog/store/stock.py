"""Moving pieces: each move is one conditional UPDATE, and the row count says whether it could be made.

Whoever moves the pieces of several products takes them in the order of their ids, or two could wait for each other.
"""

from uuid import UUID

from chassis.clock import now
from chassis.ids import new_id
from contracts.catalog.v2 import Adjustment, ProductStatus, ReservedLine
from sqlalchemy import ColumnElement, Connection, Update, insert, true, update

from catalog.item import Item
from catalog.store.products import COLUMNS, read
from catalog.tables import adjustments, products

__all__ = ["adjust", "give_back", "put_aside", "record", "sell", "set_available", "take_back"]


def put_aside(tx: Connection, product_id: UUID, quantity: int) -> Item | None:
    """Reserve available pieces; None when there are too few, or the product is not sold."""
    sold = products.c.status == ProductStatus.ACTIVE
    return _moved(tx, _move(product_id, available=-quantity, reserved=quantity).where(_has(quantity), sold))


def give_back(tx: Connection, line: ReservedLine) -> None:
    """Make reserved pieces available again."""
    tx.execute(_move(line.product_id, available=line.quantity, reserved=-line.quantity))


def sell(tx: Connection, line: ReservedLine) -> None:
    """Let reserved pieces leave the shelf."""
    tx.execute(_move(line.product_id, reserved=-line.quantity))


def take_back(tx: Connection, line: ReservedLine) -> None:
    """Put sold pieces on the shelf again."""
    tx.execute(_move(line.product_id, available=line.quantity))


def adjust(tx: Connection, product_id: UUID, delta: int, most: int) -> Item | None:
    """Put pieces on the shelf or take some off; None when too few are available, or there would be too many."""
    room = products.c.on_hand + delta <= most if delta > 0 else true()
    return _moved(tx, _move(product_id, available=delta).where(_has(-delta), room))


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


def _has(pieces: int) -> ColumnElement[bool]:
    return products.c.available >= pieces


def _move(product_id: UUID, *, available: int = 0, reserved: int = 0) -> Update:
    return _update(product_id).values(
        available=products.c.available + available,
        reserved=products.c.reserved + reserved,
        on_hand=products.c.on_hand + available + reserved,
    )


def _update(product_id: UUID) -> Update:
    return update(products).where(products.c.id == product_id).values(stock_version=products.c.stock_version + 1)


def _moved(tx: Connection, move: Update) -> Item | None:
    return next(iter(read(tx, move.returning(*COLUMNS))), None)
