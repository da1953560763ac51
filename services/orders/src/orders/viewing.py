"""An order together with what other services know of it now."""

import asyncio
from collections.abc import Awaitable, Collection
from typing import Any, TypeVar
from uuid import UUID

from chassis.context import hurry
from contracts.catalog.v2 import Catalog
from contracts.errors import NoAnswer
from contracts.orders.v2 import Customer, CustomerName, Order, OrderView, Part, ProductCard
from contracts.users.v2 import Users
from contracts.wire import Money

from orders.readers import Buyers, Cards

__all__ = ["Viewing"]

T = TypeVar("T")


class Viewing:
    """Asks the other services at the same time, and shows what comes within so many seconds."""

    def __init__(self, users: Users, catalog: Catalog, patience: float) -> None:
        self._users = users
        self._catalog = catalog
        self._patience = patience

    async def show(self, order: Order, include: Collection[Part]) -> OrderView:
        """Show an order with the parts that are asked for; those that do not come in time are named as missing."""
        if not include:
            return _view(order, customer=None, products=None, missing=())
        asking_users = self._customer(order.customer_id) if Part.CUSTOMER in include else _nothing()
        asking_catalog = self._products(order) if Part.PRODUCTS in include else _nothing()
        async with asyncio.TaskGroup() as group:
            customer = group.create_task(_within(self._patience, asking_users))
            products = group.create_task(_within(self._patience, asking_catalog))
        found = {Part.CUSTOMER: customer.result(), Part.PRODUCTS: products.result()}
        missing = [part for part in found if part in include and found[part] is None]
        return _view(order, customer=customer.result(), products=products.result(), missing=missing)

    async def _customer(self, customer_id: UUID) -> Customer | None:
        """Fetch who ordered; None for somebody whom users does not know."""
        people = await self._users.get_people.as_(Buyers)([customer_id])
        person = next((person for person in people.items if person.id == customer_id), None)
        if person is None:
            return None
        name = CustomerName(given=person.name.given, family=person.name.family) if person.name else None
        return Customer(id=person.id, name=name, status=str(person.status))

    async def _products(self, order: Order) -> list[ProductCard]:
        cards = await self._catalog.get_products.as_(Cards)([line.product_id for line in order.lines])
        return [
            ProductCard(
                id=card.id,
                name=card.name,
                price=Money.of(card.price.cents, card.price.currency),
                status=str(card.status),
            )
            for card in cards.items
        ]


def _view(order: Order, **parts: Any) -> OrderView:
    return OrderView.model_validate({**vars(order), **parts})


async def _within(seconds: float, asking: Awaitable[T]) -> T | None:
    try:
        with hurry(seconds):  # so that the peer hears of it too
            async with asyncio.timeout(seconds):
                return await asking
    except (NoAnswer, TimeoutError):
        return None  # degrade: an order is worth showing without what its peers know


async def _nothing() -> None:
    """Stand in for a part that nobody asked for."""
