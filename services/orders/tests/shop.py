"""A shop to test with: the orders service between a catalog in memory and a stub of users."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

import anyio
from chassis.ids import new_id
from chassis.peers import Peers
from chassis.principals import Principal, Role
from chassis.testing import Issuer
from contracts.client import AsgiTransport
from contracts.orders.v2 import NewLine, NewOrder, Order, Orders
from contracts.scopes import Scope
from contracts.stub import StubTransport
from contracts.users.v2 import AccountStatus, Standing, Users
from contracts.wire import Money
from orders.app import build
from orders.settings import Settings

from .shelf import Product, Shelf

__all__ = ["Shop", "order_of", "until"]

T = TypeVar("T")


class Shop:
    """One process of the service, and its world; another one may share the world and the database."""

    def __init__(self, settings: Settings, world: "Shop | None" = None) -> None:
        self.settings = settings
        self.issuer = world.issuer if world else Issuer(settings)
        self.users = world.users if world else StubTransport()
        self.shelf = world.shelf if world else Shelf()
        peers = Peers({"users": self.users, "catalog": self.shelf})
        self.app = build(settings, peers, self.issuer.keys)
        self.account = world.account if world else new_id()
        if world is None:
            self.stand(AccountStatus.ACTIVE)

    def stand(self, status: AccountStatus, generation: int = 0) -> None:
        """Let users say this of every account."""
        self.users.answer(Users.get_standing, Standing(user_id=self.account, status=status, generation=generation))

    def product(self, cents: int = 1999, stock: int = 10, *, currency: str = "EUR", is_sold: bool = True) -> UUID:
        """Put a product on the shelf."""
        product = Product(new_id(), f"Product {len(self.shelf.products)}", cents, stock, currency, is_sold)
        self.shelf.products[product.id] = product
        return product.id

    def token(self, account: UUID | None = None, *, role: Role = Role.CUSTOMER) -> str:
        scopes = [Scope.ORDERS_READ, Scope.ORDERS_WRITE]
        if role is Role.STAFF:
            scopes.append(Scope.ORDERS_ADMIN)
        return self.issuer.person(*scopes, role=role, account=account or self.account)

    def principal(self) -> Principal:
        """The usual customer, as the rules know him."""
        return Principal(id=str(self.account), role=Role.CUSTOMER, scopes=frozenset(), client_id="shop", generation=0)

    def rule(self, kind: type[T]) -> T:
        """Find one of the rules behind the doors."""
        return self.app.state.provided.get(kind)

    def customer(self, account: UUID | None = None) -> Orders:
        """Call as a customer: the usual one, or another."""
        return Orders(AsgiTransport(self.app, token=self.token(account)))

    def staff(self) -> Orders:
        """Call as somebody who works here."""
        return Orders(AsgiTransport(self.app, token=self.token(new_id(), role=Role.STAFF)))

    def service(self) -> Orders:
        """Call as another service."""
        token = self.issuer.service("catalog", Scope.ORDERS_PEERS, audience="orders")
        return Orders(AsgiTransport(self.app, token=token))

    async def settled(self, order_id: UUID) -> Order:
        """Follow an order to its end."""
        events = [event async for event in await self.staff().follow_order(order_id)]
        return events[-1].order


async def until(condition: Callable[[], Awaitable[bool]], patience: float = 60) -> None:
    """Wait for what nobody tells; give up after so many seconds."""
    with anyio.fail_after(patience):
        while not await condition():  # noqa: ASYNC110 (what goes on in the service sets no event of ours)
            await anyio.sleep(0.01)


def order_of(*product_ids: UUID, quantity: int = 1, expected: Money | None = None) -> NewOrder:
    """Ask for so many of each."""
    lines = [NewLine(product_id=product_id, quantity=quantity) for product_id in product_ids]
    return NewOrder(lines=lines, expected_total=expected)
