"""Bringing a pending order to its end: one step after the other, each of which can be taken again."""

from chassis.database import Database
from chassis.telemetry.metrics import Metrics
from contracts.catalog import errors as shelf
from contracts.catalog.v2 import Catalog
from contracts.errors import ApiError, NoAnswer
from contracts.orders.errors import (
    AccountClosed,
    OrderRefused,
    OutOfStock,
    PriceChanged,
    ProductDiscontinued,
    SessionEnded,
    UnknownProduct,
    WrongCurrency,
)
from contracts.orders.v2 import Order, Reason
from contracts.users.errors import UserNotFound
from contracts.users.v2 import AccountStatus, Users
from structlog import get_logger

from orders import refusals
from orders.backlog import Backlog
from orders.figures import ORDERS
from orders.following import Following
from orders.pricing import check_expectation, in_the_order, prices_of, reservation_of
from orders.readers import MayOrder, Reserved, Sold
from orders.returns import Returns
from orders.store import settling
from orders.store.drafts import Draft
from orders.store.settling import Rejection

__all__ = ["Fulfilment"]

_REFUSED = (OrderRefused, SessionEnded)
_RESERVED_FIRST = (PriceChanged, WrongCurrency)
_LATER = (
    NoAnswer,
    shelf.ReservationDiffers,
    shelf.ReservationExpired,
    shelf.ReservationNotFound,
    shelf.ReservationReleased,
)
_FROM_THE_SHELF: dict[type[ApiError], type[OrderRefused]] = {
    shelf.OutOfStock: OutOfStock,
    shelf.ProductDiscontinued: ProductDiscontinued,
    shelf.UnknownProduct: UnknownProduct,
}

_log = get_logger(__name__)


class Fulfilment:
    """Asks the peers, and settles the order's row."""

    def __init__(
        self,
        database: Database,
        users: Users,
        catalog: Catalog,
        backlog: Backlog,
        returns: Returns,
        following: Following,
        metrics: Metrics,
    ) -> None:
        self._database = database
        self._users = users
        self._catalog = catalog
        self._backlog = backlog
        self._returns = returns
        self._following = following
        self._orders = metrics.count(ORDERS)

    async def finish(self, draft: Draft) -> Order | None:
        """Bring a pending order as far as it comes now, and return it if it was confirmed; raises what refuses it.

        This may be called at any time, also while another call for the same order is under way.
        """
        try:
            await self._check_standing(draft)
            return await self._buy(draft)
        except _REFUSED as refusal:
            if await self._reject(draft, refusal):
                raise
        except _LATER as failure:
            await self._backlog.postpone(draft.id, failure)
        finally:
            self._following.tell(draft.id)
        return None

    async def _check_standing(self, draft: Draft) -> None:
        try:
            standing = await self._users.get_standing.as_(MayOrder)(draft.customer_id)
        except UserNotFound as missing:
            raise refusals.refuse(AccountClosed, draft.id, "There is no such account.") from missing
        if standing.status != AccountStatus.ACTIVE:
            raise refusals.refuse(AccountClosed, draft.id, f"Your account is {standing.status}, and not active.")
        if draft.generation != standing.generation:
            challenge = 'Bearer error="invalid_token", error_description="The session has ended"'
            detail = "Your session ended when the password or the role changed: sign in, and send the order again."
            raise SessionEnded(detail, headers={"WWW-Authenticate": challenge})

    async def _buy(self, draft: Draft) -> Order | None:
        prices = prices_of(draft, await self._reserve(draft))
        check_expectation(draft, prices)
        await self._catalog.commit_reservation.as_(Sold)(draft.id)
        order = await self._database.write(lambda tx: settling.confirm(tx, draft, prices))
        if order is not None:
            self._orders.add("confirmed")
            _log.info("order_confirmed", order_id=draft.id)
        return order

    async def _reserve(self, draft: Draft) -> Reserved:
        try:
            return await self._catalog.reserve.as_(Reserved)(draft.id, reservation_of(draft))
        except tuple(_FROM_THE_SHELF) as refused:
            issues = in_the_order(draft, refused.issues)
            detail = "; ".join([refused.detail, *(issue.detail for issue in issues)])  # version 1 has no other place
            raise refusals.refuse(_FROM_THE_SHELF[type(refused)], draft.id, detail, issues) from refused

    async def _reject(self, draft: Draft, refusal: ApiError) -> bool:
        """Settle the order as rejected, and give back what may be reserved for it; False if it was settled before."""
        is_final = isinstance(refusal, OrderRefused)  # who signs in again may use the key of an ended session again
        rejection = Rejection(
            reason=Reason(refusal.code),
            answer=refusals.keep(refusal, draft.id) if is_final else None,
            has_reserved=isinstance(refusal, _RESERVED_FIRST),
        )
        lease = self._backlog.lease
        may_hold_stock = await self._database.write(lambda tx: settling.reject(tx, draft.id, rejection, lease))
        if may_hold_stock is None:
            return False
        self._orders.add("rejected")
        _log.info("order_rejected", order_id=draft.id, reason=refusal.code)
        if may_hold_stock:
            await self._returns.give_back(draft.id)
        return True
