"""The three services in process, and tokens that open or do not open the doors of an operation."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from chassis.keys import KeySource
from chassis.settings import ServiceSettings
from chassis.testing import Issuer, running
from contracts.client import AsgiTransport
from contracts.codec import WireRequest
from contracts.operation import Operation
from contracts.scopes import Scope
from contracts.users.v2 import Name, NewUser, Users
from fastapi import FastAPI
from pydantic import SecretStr

__all__ = ["Services", "serving"]

_NAMES = ("users", "catalog", "orders")


@dataclass(frozen=True)
class Services:
    """Where requests go, and who may send them."""

    clients: dict[str, httpx.AsyncClient]
    issuer: Issuer
    account: UUID
    generation: int

    async def send(
        self, op: Operation[..., Any], request: WireRequest, token: str | None, *, is_chunked: bool = False
    ) -> httpx.Response:
        """Send a request to the service that an operation belongs to, as whoever has this token."""
        bearer = [] if token is None else [(b"authorization", f"Bearer {token}".encode("latin-1"))]
        content = _chunks(request.content or b"") if is_chunked else request.content
        return await self.clients[op.api.service].request(
            request.method,
            request.path,
            params=httpx.QueryParams(tuple(request.query)),
            headers=[*((name.encode(), value.encode()) for name, value in request.headers.items()), *bearer],
            content=content,
        )

    def insider(self, op: Operation[..., Any]) -> str | None:
        """Make the token of somebody who may do it."""
        if op.scope is None:
            return None
        if op.scope.endswith(":peers"):
            return self.issuer.service("visitor", op.scope, audience=op.api.service)
        return self._person(op.scope)

    def outsider(self, op: Operation[..., Any]) -> str:
        """Make the token of somebody who may do all but this."""
        return self._person(*(scope for scope in Scope if scope is not op.scope))

    def _person(self, *scopes: Scope) -> str:
        return self.issuer.person(*scopes, account=self.account, generation=self.generation)


@asynccontextmanager
async def serving(folder: Path) -> AsyncGenerator[Services]:
    """Run the services, with one account that tokens can be of."""
    issuer = Issuer(ServiceSettings())
    async with AsyncExitStack() as stack:
        apps = {name: await stack.enter_async_context(running(_app(name, folder, issuer.keys))) for name in _NAMES}
        new = NewUser(email="ada@example.com", name=Name(given="Ada", family=None), password="correct horse battery")
        token = issuer.service("visitor", Scope.USERS_PEERS, audience="users")
        users = Users(AsgiTransport(apps["users"], token=token))
        user = await users.register(new)
        standing = await users.get_standing(user.id)
        clients = {name: await stack.enter_async_context(_client(app)) for name, app in apps.items()}
        yield Services(clients, issuer, user.id, standing.generation)


def _app(name: str, folder: Path, keys: KeySource) -> FastAPI:
    """Build a service; all that differs from one to the next is its name."""
    kind: type[ServiceSettings] = import_module(f"{name}.settings").Settings
    build: Callable[..., FastAPI] = import_module(f"{name}.app").build
    url = SecretStr(f"sqlite:///{folder / name}.db")
    return build(kind(env="test", database_url=url, rate_limit="off"), keys=keys)


def _client(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # so that a failure is seen as callers see it
    return httpx.AsyncClient(transport=transport, base_url="http://service")


async def _chunks(content: bytes) -> AsyncGenerator[bytes]:
    for start in range(0, len(content), 1 << 16):
        yield content[start : start + (1 << 16)]
