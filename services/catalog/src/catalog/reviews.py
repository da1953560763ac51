"""Reviews: customers say what they think of what they have bought."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.clock import now
from chassis.database import Database
from chassis.ids import new_id
from chassis.paging import Cursors, split
from contracts.catalog.errors import AlreadyReviewed, NotPurchased
from contracts.catalog.v2 import NewReview, Part, Review, ReviewPage, SignedReview
from contracts.errors import NoAnswer
from contracts.orders.v2 import Orders
from contracts.users.v2 import Name, Users
from sqlalchemy import Connection
from structlog import get_logger

from catalog import products
from catalog.readers import Authors, Bought
from catalog.store import reviews as store
from catalog.store.reviews import StoredReview

__all__ = ["Reviews"]

_log = get_logger(__name__)


class Reviews:
    """What customers say; orders knows whether they bought it, users what they are called."""

    def __init__(self, database: Database, orders: Orders, users: Users, cursors: Cursors) -> None:
        self._database = database
        self._orders = orders
        self._users = users
        self._cursors = cursors

    async def add(self, product_id: UUID, customer_id: UUID, review: NewReview) -> Review:
        """Add a customer's review; raises ProductNotFound, NotPurchased, AlreadyReviewed and what orders raises."""
        await self._database.read(lambda tx: products.find(tx, product_id))
        bought = await self._orders.has_purchased.as_(Bought)(customer_id, product_id)
        if not bought.purchased:
            raise NotPurchased(f"No confirmed order of yours holds the product {product_id}; buy it first.")
        return await self._database.write(lambda tx: _add(tx, product_id, customer_id, review))

    async def page(self, product_id: UUID, limit: int, cursor: str | None) -> ReviewPage:
        """List reviews, newest first, with names as far as they can be had; raises ProductNotFound, InvalidCursor."""
        filters = {"product_id": product_id}
        before = UUID(str(self._cursors.open(cursor, filters)[0])) if cursor else None

        def unit(tx: Connection) -> Sequence[StoredReview]:
            products.find(tx, product_id)
            return store.page(tx, product_id, before, limit + 1)

        found, position = split(await self._database.read(unit), limit, lambda review: (str(review.id),))
        names = await self._names({review.customer_id for review in found})
        return ReviewPage(
            items=[_signed(review, names or {}) for review in found],
            next_cursor=self._cursors.seal(position, filters) if position else None,
            missing=[] if names is not None else [Part.AUTHORS],
        )

    async def _names(self, customer_ids: set[UUID]) -> Mapping[UUID, Name | None] | None:
        """Ask users for everybody's name at once; None when there is no answer."""
        if not customer_ids:
            return {}
        try:
            people = await self._users.get_people.as_(Authors)(sorted(customer_ids))
        except NoAnswer as error:
            _log.warning("authors_missing", reason=error.detail)
            return None  # degrade: reviews are worth reading without their authors
        return {person.id: person.name for person in people.items}


def _add(tx: Connection, product_id: UUID, customer_id: UUID, review: NewReview) -> Review:
    stored = StoredReview(
        id=new_id(),
        product_id=product_id,
        customer_id=customer_id,
        rating=review.rating,
        text=review.text,
        created_at=now(tx),
    )
    if not store.add(tx, stored):
        raise AlreadyReviewed(f"You have reviewed the product {product_id} already, and a review is final.")
    return _shown(stored)


def _shown(review: StoredReview) -> Review:
    return Review(
        id=review.id,
        product_id=review.product_id,
        rating=review.rating,
        text=review.text,
        created_at=review.created_at,
    )


def _signed(review: StoredReview, names: Mapping[UUID, Name | None]) -> SignedReview:
    name = names.get(review.customer_id)
    author = f"{name.given} {name.family}" if name and name.family else name.given if name else None
    return SignedReview(**dict(_shown(review)), author=author)
