"""One product and what people do with it: all that was asked for and answered, to be compared with what is there."""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx
from contracts.catalog.v2 import NewProduct, Price
from contracts.orders.errors import OrderRefused
from contracts.orders.v2 import NewLine, NewOrder, Order, OrderStatus
from contracts.wire import Money

from .people import Person, insist, pauses, peer, register, sign_in
from .stack import Stack

__all__ = ["Office", "Purchase", "Visit"]

_PRICE = 1999


@dataclass(slots=True)
class Purchase:
    """What one person asked for under one key, and every order that was answered for it."""

    key: str
    asked: NewOrder
    by: Person
    ids: set[UUID] = field(default_factory=set[UUID])
    confirmed: Order | None = None
    is_answered: bool = False

    async def settle(self) -> None:
        """Send the order under its key until it is answered, and follow it to its end."""
        try:
            answer = await insist(lambda: self.by.orders.place_order.answer(self.asked, idempotency_key=self.key))
        except OrderRefused as refusal:
            self.ids.add(UUID(str(refusal.members["order_id"])))
        else:
            await self.follow(answer.value)
        self.is_answered = True

    async def follow(self, order: Order) -> None:
        """Look at what was answered until it is at its end."""
        order = await self._end_of(order)
        self.confirmed = order if order.status == OrderStatus.CONFIRMED else None

    async def _end_of(self, order: Order) -> Order:
        order_id = order.id
        self.ids.add(order_id)
        for pause in pauses():
            if order.status != OrderStatus.PENDING:
                break
            await asyncio.sleep(pause)
            view = await insist(lambda: self.by.orders.get_order(order_id))
            order = Order.model_validate_json(view.model_dump_json())
        return order


@dataclass(frozen=True, slots=True)
class Office:
    """Who sees everything: the staff, and the services when they ask each other."""

    http: httpx.AsyncClient
    stack: Stack
    staff: Person
    catalog: Person
    """As orders calls it."""
    orders: Person
    """As catalog calls it."""

    @classmethod
    async def open(cls, http: httpx.AsyncClient, stack: Stack) -> "Office":
        urls = stack.urls
        staff = await sign_in(http, urls, "staff@example.com")
        return cls(
            http,
            stack,
            staff,
            await peer(http, urls, "orders", of="catalog"),
            await peer(http, urls, "catalog", of="orders"),
        )

    async def receive(self, pieces: int) -> "Visit":
        """Let a new customer come, for a new product of which there are so many."""
        product = NewProduct(name="Teapot", categories=["kitchen"], price=Price.of(_PRICE, "EUR"), stock=pieces)
        made = await insist(lambda: self.staff.catalog.create_product(product))
        customer, _ = await self.join()
        return Visit(self, customer, made.id, pieces)

    async def join(self) -> tuple[Person, str]:
        """Open an account, and sign in; return its address too."""
        email = await register(self.http, self.stack.urls)
        return await sign_in(self.http, self.stack.urls, email), email


@dataclass(slots=True)
class Visit:
    """A customer's business with one product, of which there were so many pieces at first."""

    office: Office
    customer: Person
    product_id: UUID
    pieces: int
    purchases: list[Purchase] = field(default_factory=list[Purchase])
    complaints: list[str] = field(default_factory=list[str])
    """What the customer has seen that must not be."""

    @property
    def stack(self) -> Stack:
        return self.office.stack

    async def buy(self, quantity: int = 2, *, cents: int | None = None, by: Person | None = None) -> Purchase:
        """Buy some pieces, if they cost so much; return when that is confirmed or refused."""
        purchase = self.want(quantity, cents=cents, by=by)
        self.purchases.append(purchase)
        await purchase.settle()
        return purchase

    def want(self, quantity: int = 2, *, cents: int | None = None, by: Person | None = None) -> Purchase:
        """Write down what is to be bought."""
        lines = [NewLine(product_id=self.product_id, quantity=quantity)]
        expected = None if cents is None else Money.of(cents)
        return Purchase(uuid4().hex, NewOrder(lines=lines, expected_total=expected), by or self.customer)
