"""Reading orders: one's own, everybody's, and what other services ask about them."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from chassis.auth import Principal
from chassis.database import Database
from chassis.paging import Cursors, split
from contracts.orders.v2 import OpenOrders, Order, OrderStates, OrderStatus, Purchase
from contracts.wire import Page

from orders.ownership import not_found, owner_of
from orders.store import listing
from orders.store.listing import Wanted

__all__ = ["Reading"]


class Reading:
    """Reads orders as their callers may see them."""

    def __init__(self, database: Database, cursor_secret: bytes) -> None:
        self._database = database
        self._own = Cursors(cursor_secret, "orders list_orders")
        self._all = Cursors(cursor_secret, "orders list_all_orders")

    async def get(self, order_id: UUID, caller: Principal) -> Order:
        """Fetch one order."""
        owner = owner_of(caller)
        order = await self._database.glance(lambda tx: listing.find_order(tx, order_id, owner))
        if order is None:
            raise not_found(order_id)
        return order

    async def list_own(
        self, caller: Principal, status: OrderStatus | None, limit: int, cursor: str | None
    ) -> Page[Order]:
        """List the caller's orders, a page at a time."""
        return await self._page(self._own, Wanted(limit, caller.account_id, status), cursor)

    async def list_all(
        self, customer_id: UUID | None, status: OrderStatus | None, limit: int, cursor: str | None
    ) -> Page[Order]:
        """List everybody's orders, a page at a time."""
        return await self._page(self._all, Wanted(limit, customer_id, status), cursor)

    async def list_slice(self, caller: Principal, skip: int, limit: int) -> list[Order]:
        """List the caller's orders by number; rows that come meanwhile shift what follows."""
        wanted = Wanted(limit, caller.account_id, skip=skip)
        return await self._database.read(lambda tx: listing.list_orders(tx, wanted))

    async def tell_states(self, order_ids: Sequence[UUID]) -> OrderStates:
        """Tell how far orders have come."""
        return OrderStates(items=await self._database.read(lambda tx: listing.read_states(tx, order_ids)))

    async def tell_open(self, customer_id: UUID) -> OpenOrders:
        """Tell which orders of a customer are pending."""
        return await self._database.read(lambda tx: listing.read_open(tx, customer_id))

    async def tell_purchase(self, customer_id: UUID, product_id: UUID) -> Purchase:
        """Tell whether a customer has bought a product."""
        has_bought = await self._database.read(lambda tx: listing.has_bought(tx, customer_id, product_id))
        return Purchase(customer_id=customer_id, product_id=product_id, purchased=has_bought)

    async def _page(self, cursors: Cursors, wanted: Wanted, cursor: str | None) -> Page[Order]:
        filters = {"customer_id": wanted.customer_id, "status": wanted.status}
        if cursor is not None:
            (before,) = cursors.open(cursor, filters)
            wanted = replace(wanted, before=UUID(str(before)))
        one_more = replace(wanted, limit=wanted.limit + 1)
        found = await self._database.read(lambda tx: listing.list_orders(tx, one_more))
        items, last = split(found, wanted.limit, lambda order: (str(order.id),))
        return Page[Order](items=list(items), next_cursor=None if last is None else cursors.seal(last, filters))
