"""Cancelling an order: its row first, then its stock."""

from uuid import UUID

from chassis.auth import Principal
from chassis.database import Database
from chassis.telemetry.metrics import Metrics
from contracts.orders.errors import CannotCancel
from contracts.orders.v2 import Order, OrderStatus
from sqlalchemy import Connection

from orders import refusals
from orders.figures import ORDERS
from orders.following import Following
from orders.ownership import not_found, owner_of
from orders.returns import Returns
from orders.store import listing, settling
from orders.terms import Terms

__all__ = ["Cancelling"]


class Cancelling:
    """Cancels pending and confirmed orders, also while they are being placed."""

    def __init__(
        self, database: Database, returns: Returns, following: Following, terms: Terms, metrics: Metrics
    ) -> None:
        self._database = database
        self._returns = returns
        self._following = following
        self._lease = terms.lease
        self._orders = metrics.count(ORDERS)

    async def cancel(self, order_id: UUID, caller: Principal) -> Order:
        """Cancel an order and give its stock back; a cancelled one stays as it is."""
        answer = refusals.keep(refusals.cancelled(order_id), order_id)
        owner = owner_of(caller)

        def settle(tx: Connection) -> tuple[bool, Order | None]:
            is_new = settling.cancel(tx, order_id, owner, answer, self._lease)
            return is_new, listing.find_order(tx, order_id, owner)

        is_new, order = await self._database.write(settle)
        if order is None:
            raise not_found(order_id)
        if order.status == OrderStatus.REJECTED:
            raise CannotCancel(f"The order {order_id} was rejected, so there is nothing to cancel.")
        if is_new:
            self._orders.add("cancelled")
            self._following.tell(order_id)
            await self._returns.give_back(order_id)
        return order
