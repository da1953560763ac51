"""The SQL that finds what must never be: pieces that do not add up, and reservations that outlive their time."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from chassis.clock import now
from contracts.catalog.v2 import ReservationStatus
from sqlalchemy import Connection, func, or_, select

from catalog.tables import products, reservation_lines, reservations

__all__ = ["find_miscounted", "find_overdue", "find_unbalanced"]


def find_unbalanced(tx: Connection) -> Sequence[UUID]:
    """Find products of which pieces came from nowhere, or went there."""
    balanced = products.c.on_hand == products.c.available + products.c.reserved
    broken = or_(~balanced, products.c.available < 0, products.c.reserved < 0)
    return tx.execute(select(products.c.id).where(broken)).scalars().all()


def find_miscounted(tx: Connection) -> Sequence[UUID]:
    """Find products of which more or less is reserved than the held reservations say."""
    held = (
        select(reservation_lines.c.product_id, func.sum(reservation_lines.c.quantity).label("pieces"))
        .join(reservations, reservations.c.order_id == reservation_lines.c.order_id)
        .where(reservations.c.status == ReservationStatus.HELD)
        .group_by(reservation_lines.c.product_id)
        .subquery()
    )
    counted = func.coalesce(held.c.pieces, 0)
    both = products.outerjoin(held, held.c.product_id == products.c.id)
    return tx.execute(select(products.c.id).select_from(both).where(products.c.reserved != counted)).scalars().all()


def find_overdue(tx: Connection, grace: timedelta) -> Sequence[UUID]:
    """Find held reservations that should have been given back so long ago."""
    late = reservations.c.expires_at < now(tx) - grace  # which only held ones have
    return tx.execute(select(reservations.c.order_id).where(late)).scalars().all()
