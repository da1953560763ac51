"""Reviews: one of each customer and product."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from catalog.store.once import insert_once
from catalog.tables import reviews

__all__ = ["StoredReview", "add", "page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReview:
    """A review, and who wrote it."""

    id: UUID
    product_id: UUID
    customer_id: UUID
    rating: int
    text: str
    created_at: datetime


def add(tx: Connection, review: StoredReview) -> bool:
    """Add a review; False when the customer has reviewed the product."""
    return insert_once(tx, reviews, asdict(review))


def page(tx: Connection, product_id: UUID, before: UUID | None, limit: int) -> Sequence[StoredReview]:
    """Find reviews of a product, newest first, that come before one."""
    query = select(reviews).where(reviews.c.product_id == product_id).order_by(reviews.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(reviews.c.id < before)
    return [StoredReview(**row) for row in tx.execute(query).mappings()]
