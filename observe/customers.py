"""A few customers who come to the shop again and again, so that there is something to see."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from random import Random
from secrets import token_urlsafe

import httpx
from contracts.catalog.v2 import Adjustment, Catalog, NewReview, Product, ProductQuery, Reason
from contracts.errors import ApiError
from contracts.orders.v2 import NewLine, NewOrder, Order, Orders, Part
from contracts.users.identity import Identity, TokenRequest
from contracts.users.v2 import Name, NewUser, Users

from demo.customer import Customer

__all__ = ["serve_customers"]

_SHELF = 100
_LEAST = 30  # pieces of a product; staff puts as many again on the shelf
_FAR_TOO_MANY = 1000


async def serve_customers(
    http: httpx.AsyncClient, urls: Mapping[str, str], staff_password: str, count: int = 4, pause: float = 0.2
) -> None:
    """Let customers come and staff keep the shelves full, until this is cancelled; a refusal keeps nobody away."""
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            shopper = Shopper(http, urls, Random(number), pause)  # noqa: S311 (who buys what is no secret)
            group.create_task(_again_and_again(shopper.visit, pause))
        group.create_task(_again_and_again(Staff(http, urls, staff_password).fill_shelves, 5.0))


async def _again_and_again(visit: Callable[[], Awaitable[None]], pause: float) -> None:
    while True:
        with suppress(ApiError):  # degrade: what the shop refuses, or cannot do now, is what others come to see
            await visit()
        await asyncio.sleep(pause)


class Person:
    """Somebody who signs in once, and calls all services."""

    def __init__(self, name: str, http: httpx.AsyncClient, urls: Mapping[str, str]) -> None:
        self.transport = Customer(name, http, urls, lambda call: None)

    async def sign_in(self, email: str, password: str) -> None:
        asked = TokenRequest(grant_type="password", username=email, password=password, client_id="observe")
        self.transport.token = (await Identity(self.transport).issue_token(asked)).access_token


class Shopper(Person):
    """A customer, who looks, orders, reads, thinks better of it, and sometimes wants too much."""

    def __init__(self, http: httpx.AsyncClient, urls: Mapping[str, str], random: Random, pause: float) -> None:
        super().__init__("shopper", http, urls)
        self._random = random
        self._pause = pause
        self._shelf: Sequence[Product] = ()

    async def visit(self) -> None:
        """Come to the shop once, with an account that is opened at the first time."""
        if self.transport.token is None:
            await self._open_account()
        with suppress(ApiError):  # degrade: who cannot look around orders what there was the last time
            await self._look_around()
        if not self._shelf:
            return
        await self._rest()
        order = await self._order(self._random.choice(self._shelf))
        await self._rest()
        await Orders(self.transport).get_order(order.id, include=[Part.CUSTOMER, Part.PRODUCTS])
        await self._random.choice((self._cancel, self._cancel, self._review, self._look_back))(order)

    async def _look_around(self) -> None:
        catalog = Catalog(self.transport)
        self._shelf = (await catalog.list_products(ProductQuery(limit=_SHELF))).items
        product = self._random.choice(self._shelf)
        await catalog.get_product(product.id)
        await catalog.list_reviews(product.id)
        await self._look_through_old_window(product)

    async def _open_account(self) -> None:
        email, password = f"{token_urlsafe(8)}@example.com".lower(), token_urlsafe()
        name = Name(given="Ada", family="Byron")
        await Users(self.transport).register(NewUser(email=email, name=name, password=password))
        await self.sign_in(email, password)

    async def _look_through_old_window(self, product: Product) -> None:
        """Use version 1 while there is one."""
        if find_spec("contracts.catalog.v1"):
            v1 = import_module("contracts.catalog.v1")
            await v1.Catalog(self.transport).get_product(product.id)

    async def _order(self, product: Product) -> Order:
        """Order, mostly as many as there are; one of ten requests is sent twice."""
        wants = _FAR_TOO_MANY if self._random.random() < 0.1 else self._random.randint(1, 2)
        new, key = NewOrder(lines=[NewLine(product_id=product.id, quantity=wants)]), token_urlsafe()
        order = await Orders(self.transport).place_order(new, idempotency_key=key)
        if self._random.random() < 0.1:
            await Orders(self.transport).place_order(new, idempotency_key=key)
        return order

    async def _cancel(self, order: Order) -> None:
        await Orders(self.transport).cancel_order(order.id)

    async def _review(self, order: Order) -> None:
        review = NewReview(rating=self._random.randint(3, 5), text="It does what it should.")
        await Catalog(self.transport).add_review(order.lines[0].product_id, review)

    async def _look_back(self, order: Order) -> None:
        await Users(self.transport).get_me()
        await Orders(self.transport).list_orders()

    async def _rest(self) -> None:
        await asyncio.sleep(self._pause)


class Staff(Person):
    """Somebody who sees to it that there is something to buy."""

    def __init__(self, http: httpx.AsyncClient, urls: Mapping[str, str], password: str) -> None:
        super().__init__("staff", http, urls)
        self._password = password

    async def fill_shelves(self) -> None:
        """Put more on the shelf of what is nearly sold out."""
        if self.transport.token is None:
            await self.sign_in("staff@example.com", self._password)
        for product in (await Catalog(self.transport).list_products(ProductQuery(limit=_SHELF))).items:
            if 0 < product.stock.available < _LEAST:
                await Catalog(self.transport).adjust_stock(product.id, Adjustment(delta=_LEAST, reason=Reason.RECEIVED))
