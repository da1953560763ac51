"""The shop as its customers and its staff see it through the edge, and what one customer bought there."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx
from contracts.catalog.v2 import NewProduct, Price, Stock
from contracts.orders.v2 import NewLine, NewOrder

from tests.crash.people import Person, insist, register, sign_in
from tests.crash.stack import NAMES
from tests.crash.visit import Purchase

from .compose import Compose

__all__ = ["Basket", "Shop"]

_PATIENCE = 60.0  # seconds until all are ready
_PAUSE = 0.1


@dataclass(frozen=True)
class Shop:
    """What every test has: the containers, the way in, and somebody of the staff."""

    compose: Compose
    http: httpx.AsyncClient
    urls: Mapping[str, str]
    staff: Person

    async def join(self) -> Person:
        """Open an account, and sign in."""
        return await sign_in(self.http, self.urls, await register(self.http, self.urls))

    async def receive(self, pieces: int) -> "Basket":
        """Let a new customer come, for a new product of which there are so many."""
        product = NewProduct(name="Teapot", categories=["kitchen"], price=Price.of(1999, "EUR"), stock=pieces)
        made = await insist(lambda: self.staff.catalog.create_product(product))
        return Basket(self, await self.join(), made.id)

    async def is_ready(self, name: str) -> bool:
        """Ask a service whether it is ready."""
        try:
            return (await self.http.get(f"{self.urls[name]}/readyz", timeout=2)).is_success
        except httpx.TransportError:
            return False

    async def until_ready(self) -> None:
        """Wait until all services are ready; raises AssertionError where one does not come."""
        for name in NAMES:
            try:
                async with asyncio.timeout(_PATIENCE):
                    while not await self.is_ready(name):
                        await asyncio.sleep(_PAUSE)
            except TimeoutError:
                raise AssertionError(f"{name} should be ready within {_PATIENCE:.0f} s, and is not") from None


@dataclass
class Basket:
    """A customer's business with one product."""

    shop: Shop
    customer: Person
    product_id: UUID
    purchases: list[Purchase] = field(default_factory=list[Purchase])

    async def buy(self, times: int = 1) -> None:
        """Order one piece so many times, each until it is answered and at its end."""
        for _ in range(times):
            lines = [NewLine(product_id=self.product_id, quantity=1)]
            purchase = Purchase(uuid4().hex, NewOrder(lines=lines), self.customer)
            self.purchases.append(purchase)
            await purchase.settle()

    @property
    def bought(self) -> int:
        """How many orders were confirmed, each under one id for all that was answered for it."""
        return sum(purchase.confirmed is not None and len(purchase.ids) == 1 for purchase in self.purchases)

    async def shelf(self) -> Stock:
        """Count the pieces that are left."""
        return (await insist(lambda: self.customer.catalog.get_product(self.product_id))).stock

    async def orders(self) -> set[UUID]:
        """List the orders that the shop knows of."""
        return {order.id for order in (await insist(lambda: self.customer.orders.list_orders(limit=100))).items}
