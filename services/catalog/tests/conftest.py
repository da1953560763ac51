"""What the tests of the catalog share: a running shop, and clients for those who come to it."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import pytest
from catalog.app import build
from catalog.reservations import Reservations
from catalog.settings import Settings
from chassis.peers import Peers
from chassis.providing import Provided
from chassis.testing import Issuer, running
from contracts.catalog import v2
from contracts.client import AsgiTransport
from contracts.operation import Api
from contracts.orders.v2 import Orders, Purchase
from contracts.scopes import Scope
from contracts.stub import StubTransport
from fastapi import FastAPI
from pydantic import SecretStr

A = TypeVar("A", bound=Api)
OpenShop = Callable[..., AbstractAsyncContextManager["Shop"]]


@dataclass(frozen=True)
class Shop:
    """A running catalog, and the services around it."""

    app: FastAPI
    issuer: Issuer
    orders: StubTransport
    users: StubTransport

    def for_staff(self, api: type[A]) -> A:
        return api(AsgiTransport(self.app, token=self.issuer.person(Scope.CATALOG_ADMIN)))

    def for_customer(self, api: type[A], customer_id: UUID | None = None) -> A:
        return api(AsgiTransport(self.app, token=self.issuer.person(Scope.CATALOG_REVIEW, account=customer_id)))

    def for_orders(self, api: type[A]) -> A:
        token = self.issuer.service("orders", Scope.CATALOG_PEERS, audience="catalog")
        return api(AsgiTransport(self.app, token=token))

    def for_anybody(self, api: type[A]) -> A:
        return api(AsgiTransport(self.app))

    def remember_purchases(self, *, purchased: bool) -> None:
        """Let orders say from now on whether customers have bought what they review."""
        somebody = UUID(int=0)
        answer = Purchase(customer_id=somebody, product_id=somebody, purchased=purchased)
        self.orders.answer(Orders.has_purchased, answer)

    async def expire(self) -> None:
        """Do what the loop does again and again."""
        await self._reservations.expire()

    async def forget(self) -> None:
        """Do what the loop does again and again, to reservations of any age."""
        await self._reservations.prune(timedelta(0))

    @property
    def _reservations(self) -> Reservations:
        parts: Provided = self.app.state.provided
        return parts.get(Reservations)


@pytest.fixture
def migrations() -> str:
    return "catalog/migrations"


@pytest.fixture
def open_shop(database_url: str) -> OpenShop:
    """Run a catalog with settings of the test's own."""

    @asynccontextmanager
    async def open_(**own: object) -> AsyncGenerator[Shop]:
        settings = Settings.model_validate(
            {"env": "test", "database_url": SecretStr(database_url), "seed": False} | own
        )
        issuer, orders, users = Issuer(settings), StubTransport(), StubTransport()
        app = build(settings, Peers({"orders": orders, "users": users}), issuer.keys)
        async with running(app):
            yield Shop(app, issuer, orders, users)

    return open_


@pytest.fixture
async def shop(open_shop: OpenShop) -> AsyncGenerator[Shop]:
    async with open_shop() as shop:
        yield shop


@pytest.fixture
def staff(shop: Shop) -> v2.Catalog:
    return shop.for_staff(v2.Catalog)


@pytest.fixture
def orders(shop: Shop) -> v2.Catalog:
    """The catalog as the orders service calls it."""
    return shop.for_orders(v2.Catalog)


@pytest.fixture
def shopper(shop: Shop) -> v2.Catalog:
    """The catalog as somebody without a token sees it."""
    return shop.for_anybody(v2.Catalog)
