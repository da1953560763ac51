"""The shop as its customers and its staff see it through the edge, and what one customer bought there."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID, uuid4

import httpx
from contracts.catalog.v2 import NewProduct, Price
from contracts.orders.v2 import NewLine, NewOrder

from tests.crash.people import Person, insist, register, sign_in
from tests.crash.stack import NAMES
from tests.crash.visit import Purchase

from .compose import Compose
from .waiting import until

__all__ = ["STAFF", "Basket", "Count", "Shop"]

STAFF = "staff@example.com"

_BREATH = 0.2  # seconds between what one customer buys


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
            await until(partial(self.is_ready, name), f"{name} should be ready")


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

    async def buy_until(self, over: asyncio.Event) -> None:
        """Order one piece after the other, and one more when it is over."""
        while not over.is_set():
            await self.buy()
            await asyncio.sleep(_BREATH)
        await self.buy()

    @property
    def bought(self) -> int:
        """How many orders were confirmed, each under one id for all that was answered for it."""
        return sum(purchase.confirmed is not None and len(purchase.ids) == 1 for purchase in self.purchases)

    async def count(self) -> "Count":
        """Count what the shop knows of."""
        product = await insist(lambda: self.customer.catalog.get_product(self.product_id))
        return Count(await self._listed(), product.stock.on_hand, product.stock.reserved)

    async def _listed(self) -> int:
        page = await insist(lambda: self.customer.orders.list_orders(limit=100))
        count = len(page.items)
        while cursor := page.next_cursor:
            page = await insist(partial(self.customer.orders.list_orders, limit=100, cursor=cursor))
            count += len(page.items)
        return count


@dataclass(frozen=True)
class Count:
    """What is listed of a customer's orders, and what is on the shelf."""

    orders: int
    on_hand: int
    reserved: int = 0
