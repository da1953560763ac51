"""A shop to test with: the users service on a database of its own, beside a stub of orders."""

from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from chassis.database import Database
from chassis.peers import Peers
from contracts.answers import ETAG
from contracts.client import AsgiTransport
from contracts.operation import Api
from contracts.orders.v2 import OpenOrders, Orders
from contracts.stub import StubTransport
from contracts.users.identity import Identity, TokenRequest
from contracts.users.v2 import Name, NewUser, User, Users
from pydantic import SecretStr
from sqlalchemy import Connection, update
from users.app import build
from users.settings import Settings
from users.tables import accounts

__all__ = ["CLIENT_SECRET", "PASSWORD", "STAFF", "Shop", "leave_closing", "settings_at", "tag"]

A = TypeVar("A", bound=Api)

PASSWORD = "correct horse battery staple"
CLIENT_SECRET = "development-client-secret"
STAFF = "staff@example.com"


def settings_at(database_url: str) -> Settings:
    """Settings under which nothing is limited, and both seeded accounts are there."""
    return Settings(
        env="test",
        database_url=SecretStr(database_url),
        seed_password=SecretStr(PASSWORD),
        password_memory_kib=1024,
        password_rate="off",
        rate_limit="off",
    )


class Shop:
    """One process of the service, and clients of it; nobody has an open order until a test says so."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.orders = StubTransport().answer(Orders.get_open_orders, OpenOrders(order_ids=[], count=0))
        self.app = build(settings, Peers({"orders": self.orders}))

    def database(self) -> Database:
        """Open the database behind the service's back."""
        return Database.open(self.settings.database_url.get_secret_value())

    def calling(self, api: type[A], token: str | None = None) -> A:
        return api(AsgiTransport(self.app, token=token))

    async def token(self, email: str, password: str = PASSWORD, scope: str | None = None) -> str:
        form = TokenRequest(grant_type="password", username=email, password=password, scope=scope)
        return (await self.calling(Identity).issue_token(form)).access_token

    async def join(self, email: str = "ada@example.com") -> tuple[User, Users]:
        """Register somebody; return the account, and a client that bears its token."""
        new = NewUser(email=email, name=Name(given="Ada", family="Byron"), password=PASSWORD)
        user = await self.calling(Users).register(new)
        return user, self.calling(Users, await self.token(email))

    async def staff(self) -> Users:
        return self.calling(Users, await self.token(STAFF))

    async def service(self, client_id: str = "orders") -> Users:
        form = TokenRequest(
            grant_type="client_credentials", client_id=client_id, client_secret=CLIENT_SECRET, resource="users"
        )
        return self.calling(Users, (await self.calling(Identity).issue_token(form)).access_token)


async def tag(users: Users, user_id: UUID) -> str:
    """Read an account's ETag."""
    return (await users.get_user.answer(user_id)).headers[ETAG]


async def leave_closing(shop: Shop, user_id: UUID, seconds: int) -> None:
    """Make the row what a crash leaves, so many seconds later."""

    def unit(tx: Connection) -> None:
        since = datetime.now(UTC) - timedelta(seconds=seconds)
        tx.execute(update(accounts).where(accounts.c.id == user_id).values(status="closing", closing_since=since))

    database = shop.database()
    await database.write(unit)
    await database.close()
