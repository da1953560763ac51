"""Anything at once: customers and staff do whatever Hypothesis thinks of, and the shop's books are right after it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import hypothesis.strategies as st
from contracts.answers import ETAG
from contracts.catalog.errors import OutOfStock as NotOnTheShelf
from contracts.catalog.v2 import Adjustment, Catalog, Price, ProductChanges, Reason, Stock
from contracts.errors import PreconditionFailed, Unauthenticated
from contracts.orders.errors import AccountClosed, CannotCancel, OrderCancelled, OrderRefused, OutOfStock, PriceChanged
from contracts.orders.v2 import NewLine, NewOrder, Order, Orders, OrderStatus
from contracts.users.errors import OpenOrders
from contracts.users.v2 import Users
from contracts.wire import Money
from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from .world import Urls, World, running_world

PRODUCTS, CUSTOMERS, PIECES, CENTS = 3, 2, 6, 1000
SIZE = settings(max_examples=10, stateful_step_count=8, deadline=None, phases=(Phase.generate,))

products = st.integers(0, PRODUCTS - 1)
customers = st.integers(0, CUSTOMERS - 1)
Deed = tuple[str, tuple[int, ...]]


def deed(name: str, *numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Deed]:
    return st.tuples(st.just(name), st.tuples(*numbers))


deeds = st.one_of(
    deed("place", customers, products, st.integers(1, 3), products, st.integers(1, 3)),
    deed("repeat", st.integers(0, 20)),
    deed("expect", customers, products),
    deed("cancel", st.integers(0, 20)),
    deed("restock", products, st.integers(-3, 3)),
    deed("price", products, st.integers(CENTS, CENTS + 2)),
    deed("expire"),
    deed("close", customers),
)


@dataclass
class Books:
    """What the model knows: who is a customer, how many pieces were put on the shelf, and what was asked under keys."""

    accounts: list[UUID]
    products: list[UUID]
    pieces: dict[UUID, int]
    asked: list[tuple[int, NewOrder]] = field(default_factory=list[tuple[int, NewOrder]])
    promised: dict[UUID, OrderStatus] = field(default_factory=dict[UUID, OrderStatus])
    closed: set[int] = field(default_factory=set[int])
    barred: set[UUID] = field(default_factory=set[UUID])


class Shop(RuleBasedStateMachine):
    """Customers and staff who act at once, over one running shop; each example has accounts and products of its own."""

    def __init__(self, runner: asyncio.Runner, world: World) -> None:
        super().__init__()
        self.runner = runner
        self.world = world

    @initialize()
    def open(self) -> None:
        self.runner.run(self._open())

    @rule(at_once=st.lists(deeds, min_size=1, max_size=8))
    def act(self, at_once: list[Deed]) -> None:
        self.runner.run(self._act(at_once))

    @invariant()
    def books_are_right(self) -> None:
        if hasattr(self, "books"):
            self.runner.run(self._check())

    async def _open(self) -> None:
        accounts = [await self.world.join() for _ in range(CUSTOMERS)]
        made = [(await self.world.stock(PIECES, CENTS)).id for _ in range(PRODUCTS)]
        self.books = Books(accounts, made, dict.fromkeys(made, PIECES))

    async def _act(self, at_once: list[Deed]) -> None:
        doing: dict[str, Callable[..., Awaitable[object]]] = {
            "place": self._place,
            "repeat": self._repeat,
            "expect": self._expect,
            "cancel": self._cancel,
            "restock": self._restock,
            "price": self._price,
            "expire": self._expire,
            "close": self._close,
        }
        async with asyncio.TaskGroup() as group:
            for name, numbers in at_once:
                group.create_task(self._do(doing[name](*numbers)))

    async def _do(self, doing: Awaitable[object]) -> None:
        await doing

    # what customers do

    async def _place(self, customer: int, first: int, some: int, second: int, more: int) -> None:
        lines = [(first, some), (second, more)]
        wanted = [NewLine(product_id=self.books.products[number], quantity=pieces) for number, pieces in lines]
        await self._ask(customer, NewOrder(lines=wanted))

    async def _expect(self, customer: int, product: int) -> None:
        line = NewLine(product_id=self.books.products[product], quantity=1)
        await self._ask(customer, NewOrder(lines=[line], expected_total=Money.of(CENTS, "EUR")))

    async def _ask(self, customer: int, new: NewOrder) -> None:
        was_closed = customer in self.books.closed
        self.books.asked.append((customer, new))
        answer = await self._send(len(self.books.asked) - 1)
        if was_closed and isinstance(answer, Order):  # users could not be asked at once
            self.books.barred.add(answer.id)

    async def _repeat(self, number: int) -> None:
        if self.books.asked:
            await self._send(number % len(self.books.asked))

    async def _send(self, number: int) -> Order | OrderRefused:
        customer, new = self.books.asked[number]
        try:
            return await self.world.place(self.books.accounts[customer], new, f"key-{number}")
        except (AccountClosed, OrderCancelled, OutOfStock, PriceChanged) as refusal:
            return refusal

    async def _cancel(self, number: int) -> None:
        found = await self._orders()
        if not found:
            return
        order = found[number % len(found)]
        mine = self.world.customer(Orders, order.customer_id)
        try:
            cancelled = await mine.cancel_order(order.id)
        except CannotCancel:
            self.books.promised[order.id] = OrderStatus.REJECTED
        else:
            self.books.promised[order.id] = OrderStatus.CANCELLED
            assert cancelled.status == OrderStatus.CANCELLED

    async def _close(self, customer: int) -> None:
        try:
            await self.world.customer(Users, self.books.accounts[customer]).close_user(self.books.accounts[customer])
        except (OpenOrders, Unauthenticated):  # or it is closed already, and with it all its sessions
            return
        self.books.closed.add(customer)

    # what staff does, and time

    async def _restock(self, product: int, pieces: int) -> None:
        product_id = self.books.products[product]
        try:
            await self.world.staff(Catalog).adjust_stock(product_id, Adjustment(delta=pieces, reason=Reason.COUNTED))
        except NotOnTheShelf:
            return
        self.books.pieces[product_id] += pieces

    async def _price(self, product: int, cents: int) -> None:
        staff, product_id = self.world.staff(Catalog), self.books.products[product]
        tag = (await staff.get_product.answer(product_id)).headers[ETAG]
        with suppress(PreconditionFailed):
            await staff.update_product(product_id, ProductChanges(price=Price.of(cents)), tag)

    async def _expire(self) -> None:
        await self.world.execute("catalog", "UPDATE reservations SET expires_at = created_at WHERE status = 'held'")

    # what must be so afterwards

    async def _check(self) -> None:
        await self.world.settle()
        found = await self._orders()
        ends = {order.id: order.status for order in found}
        sold = Counter[UUID]()
        for order in found:
            if order.status == OrderStatus.CONFIRMED:
                sold.update({line.product_id: line.quantity for line in order.lines})
        left = {product_id: pieces - sold[product_id] for product_id, pieces in self.books.pieces.items()}
        shelf = {product_id: await self._stock(product_id) for product_id in self.books.products}
        assert len(found) == len(self.books.asked)  # one order for each key
        assert {order_id: ends[order_id] for order_id in self.books.promised} == self.books.promised
        assert not any(ends[order_id] == OrderStatus.CONFIRMED for order_id in self.books.barred)
        assert shelf == {product_id: Stock(on_hand=n, reserved=0, available=n) for product_id, n in left.items()}
        assert await self.world.violations() == []

    async def _orders(self) -> list[Order]:
        pages = [
            await self.world.staff(Orders).list_all_orders(customer_id=account, limit=100)
            for account in self.books.accounts
        ]
        return [order for page in pages for order in page.items]

    async def _stock(self, product_id: UUID) -> Stock:
        return (await self.world.call(Catalog).get_product(product_id)).stock


def test_whatever_is_done_at_once_the_books_are_right_after_it(urls: Urls) -> None:
    with asyncio.Runner() as runner:
        world = running_world(urls)
        opened = runner.run(world.__aenter__())

        class OfThisWorld(Shop):
            def __init__(self) -> None:
                super().__init__(runner, opened)

        try:
            run_state_machine_as_test(OfThisWorld, settings=SIZE)
        finally:
            runner.run(world.__aexit__(None, None, None))
