"""The three services in this process, each with a database of its own, calling each other as they do over the wire."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import uniform
from typing import Any, TypeVar
from uuid import UUID, uuid4

import catalog.app
import catalog.settings
import orders.app
import orders.settings
import users.app
import users.settings
from chassis.database import Database
from chassis.invariants import Invariants
from chassis.peers import Peers
from chassis.principals import Role
from chassis.providing import Provided
from chassis.testing import Issuer, running
from contracts.answers import Answer
from contracts.catalog.v2 import Catalog, NewProduct, Price, Product
from contracts.client import AsgiTransport
from contracts.errors import Unavailable
from contracts.operation import Api, Operation, Transport
from contracts.orders.v2 import NewLine, NewOrder, Order, Orders, OrderStatus
from contracts.scopes import Scope
from contracts.users.v2 import Name, NewUser, Users
from contracts.wire import Money
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text

__all__ = ["NAMES", "Urls", "Wire", "World", "insist", "order_of", "running_world", "until"]

T = TypeVar("T")
A = TypeVar("A", bound=Api)
Urls = dict[str, str]
"""The database of each service, by its name."""

NAMES = ("users", "catalog", "orders")
_PEERS = {"users": Scope.USERS_PEERS, "catalog": Scope.CATALOG_PEERS, "orders": Scope.ORDERS_PEERS}
_PATIENCE = 180.0  # seconds; a run on a crowded machine is to fail for a reason, not for want of time


class Wire:
    """What a service calls another one through; the other end is there once that service is made."""

    end: Transport

    async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        return await self.end.send(op, arguments)


@dataclass(frozen=True)
class Insistent:
    """Sends a call again, as long as the answer is that nothing was done."""

    transport: Transport

    async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        return await insist(lambda: self.transport.send(op, arguments))


@dataclass
class World:
    """The running services, and clients for those who come to them."""

    issuer: Issuer
    urls: Urls
    apps: dict[str, FastAPI] = field(default_factory=dict[str, FastAPI])
    is_insistent: bool = True
    """Whether clients ask again, which a crowded database wants."""

    def call(self, api: type[A], token: str | None = None) -> A:
        """Call as often as a crowded database has no time: it changed nothing then."""
        once = AsgiTransport(self.apps[api.service], token=token, timeout=_PATIENCE)
        return api(Insistent(once) if self.is_insistent else once)

    def customer(self, api: type[A], account: UUID) -> A:
        """Call as a customer whose session is the first one of the account."""
        scopes = (
            Scope.USERS_READ,
            Scope.USERS_WRITE,
            Scope.ORDERS_READ,
            Scope.ORDERS_WRITE,
            Scope.CATALOG_REVIEW,
        )
        return self.call(api, self.issuer.person(*scopes, account=account, generation=1))

    def staff(self, api: type[A]) -> A:
        scopes = (
            Scope.USERS_ADMIN,
            Scope.USERS_WRITE,
            Scope.CATALOG_ADMIN,
            Scope.ORDERS_READ,
            Scope.ORDERS_ADMIN,
            Scope.ORDERS_WRITE,
        )
        return self.call(api, self.issuer.person(*scopes, role=Role.STAFF, generation=1))

    def service(self, api: type[A]) -> A:
        """Call as one of the other services."""
        return self.call(api, self.issuer.service("orders", _PEERS[api.service], audience=api.service))

    def rule(self, service: str, kind: type[T]) -> T:
        """Find one of the rules behind a service's doors."""
        parts: Provided = self.apps[service].state.provided
        return parts.get(kind)

    async def join(self) -> UUID:
        """Open an account."""
        name, email = Name(given="Ada", family="Byron"), f"{uuid4().hex}@example.com"
        new = NewUser(email=email, name=name, password="correct horse battery staple")
        return (await self.call(Users).register(new)).id

    async def stock(self, pieces: int, cents: int = 1999) -> Product:
        """Put a new product on the shelf."""
        new = NewProduct(
            name="Field notebook", description="", categories=["paper"], price=Price.of(cents), stock=pieces
        )
        return await self.staff(Catalog).create_product(new)

    async def place(self, account: UUID, new: NewOrder, key: str | None = None) -> Order:
        return await self.customer(Orders, account).place_order(new, key or uuid4().hex)

    async def settle(self) -> None:
        """Wait until nothing is left to be done for any order."""
        await until(self._is_settled)

    async def violations(self) -> list[str]:
        """Look at the invariants of all services: what is broken, and by what."""
        broken = [await self.rule(name, Invariants).check() for name in NAMES]
        return [f"{one.invariant}: {one.found}" for found in broken for one in found]

    async def orders(self, status: OrderStatus | None = None) -> list[Order]:
        """Read all orders there are."""
        staff, cursor, found = self.staff(Orders), None, list[Order]()
        while True:
            page = await staff.list_all_orders(status=status, limit=100, cursor=cursor)
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                return found

    async def execute(self, service: str, statement: str) -> None:
        """Change a service's database behind its back."""
        database = Database.open(self.urls[service])
        try:
            await insist(lambda: database.write(lambda tx: tx.execute(text(statement))))
        finally:
            await database.close()

    async def _is_settled(self) -> bool:
        ids = [order.id for order in await self.orders()]
        pages = [ids[start : start + 100] for start in range(0, len(ids), 100)]
        states = [await self.service(Orders).get_order_states(page) for page in pages]
        return all(state.settled for page in states for state in page.items)


@asynccontextmanager
async def running_world(
    urls: Urls, *, idle: bool = False, wire: type[Wire] = Wire, faults: Path | None = None
) -> AsyncGenerator[World]:
    """Start the services, between which calls go over such wires; idle ones do nothing by themselves.

    `faults` is a folder of those that they meet.
    """
    common: dict[str, Any] = {"env": "test", "rate_limit": "off", "invariants_seconds": 3600, "faults": faults}
    own: dict[str, dict[str, Any]] = {name: common | {"database_url": SecretStr(urls[name])} for name in NAMES}
    in_users = users.settings.Settings(**own["users"], password_memory_kib=1024, password_rate="off")
    every = 3600 if idle else 0.05
    world = World(Issuer(in_users), urls)
    wires = {name: wire() for name in NAMES}
    peers, keys = Peers(wires), world.issuer.keys
    world.apps = {
        "users": users.app.build(in_users, peers, keys),
        "catalog": catalog.app.build(
            catalog.settings.Settings(**own["catalog"], seed=False, expiry_every_seconds=every), peers, keys
        ),
        "orders": orders.app.build(
            orders.settings.Settings(
                **own["orders"], retry_seconds=0.02, retry_longest_seconds=0.2, recovery_seconds=every
            ),
            peers,
            keys,
        ),
    }
    for name, made in wires.items():
        token = world.issuer.service("peer", _PEERS[name], audience=name)
        made.end = AsgiTransport(world.apps[name], token=token, timeout=_PATIENCE)
    async with AsyncExitStack() as stack:
        for app in world.apps.values():
            await stack.enter_async_context(running(app))
        yield world


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what nobody tells; give up after a while."""
    async with asyncio.timeout(_PATIENCE):
        while not await condition():  # noqa: ASYNC110 (what goes on in the services sets no event of ours)
            await asyncio.sleep(0.1)


async def insist(call: Callable[[], Awaitable[T]]) -> T:
    """Make a call that may be repeated, again as long as a crowded database has no time for it."""
    while True:
        try:
            return await call()
        except Unavailable:
            await asyncio.sleep(uniform(0.02, 0.2))


def order_of(*product_ids: UUID, quantity: int = 1, expected: Money | None = None) -> NewOrder:
    """Want so many of each."""
    lines = [NewLine(product_id=product_id, quantity=quantity) for product_id in product_ids]
    return NewOrder(lines=lines, expected_total=expected)
