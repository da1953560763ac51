"""Who uses the shop while it is being wrecked: they ask again until they are answered, as good clients do."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from random import uniform
from typing import Any, TypeVar
from uuid import uuid4

import httpx
from contracts.answers import Answer
from contracts.catalog.v2 import Catalog
from contracts.client import HttpTransport
from contracts.errors import NoAnswer
from contracts.operation import Operation
from contracts.orders.v2 import Orders
from contracts.users.errors import EmailTaken
from contracts.users.identity import Identity, TokenRequest
from contracts.users.v2 import Name, NewUser, Users

from .stack import PASSWORD

__all__ = ["Person", "insist", "pauses", "peer", "register", "sign_in"]

T = TypeVar("T")

_SECRET = "development-client-secret"
_PATIENCE = 10.0  # seconds for one answer
_PAUSES = (0.05, 1.0)  # seconds before the same is asked again, at first and in the end


class Person:
    """The transport of one caller, to all services."""

    def __init__(self, http: httpx.AsyncClient, urls: Mapping[str, str], token: str | None = None) -> None:
        self.http = http
        self.urls = urls
        self.headers = {"authorization": f"Bearer {token}"} if token else {}
        self._transports = {
            name: HttpTransport(http, base_url=url, timeout=_PATIENCE, token=token) for name, url in urls.items()
        }
        self.users, self.catalog, self.orders = Users(self), Catalog(self), Orders(self)

    async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        """Call an operation of any service."""
        return await self._transports[op.api.service].send(op, arguments)


async def insist(call: Callable[[], Awaitable[T]]) -> T:
    """Ask until there is an answer; raises what refuses."""
    for pause in pauses():
        try:
            return await call()
        except NoAnswer:
            await asyncio.sleep(pause)
    raise AssertionError("pauses never end")


def pauses() -> Iterator[float]:
    """Say how long to wait before each further try: ever longer, and by chance, so that a crowd does not march."""
    pause, longest = _PAUSES
    while True:
        yield pause * uniform(0.5, 1)
        pause = min(longest, pause * 1.5)


async def register(http: httpx.AsyncClient, urls: Mapping[str, str]) -> str:
    """Open an account, and return its address; who asked before and was not answered may have one already."""
    email = f"{uuid4().hex}@example.com"
    new = NewUser(email=email, name=Name(given="Ada", family=None), password=PASSWORD)
    with suppress(EmailTaken):
        await insist(lambda: Person(http, urls).users.register(new))
    return email


async def sign_in(http: httpx.AsyncClient, urls: Mapping[str, str], email: str) -> Person:
    """Get a person's token."""
    asked = TokenRequest(grant_type="password", username=email, password=PASSWORD)
    return await _with_token(http, urls, asked)


async def peer(http: httpx.AsyncClient, urls: Mapping[str, str], name: str, of: str) -> Person:
    """Call one service as another one does, to see what services tell each other only."""
    asked = TokenRequest(grant_type="client_credentials", client_id=name, client_secret=_SECRET, resource=of)
    return await _with_token(http, urls, asked)


async def _with_token(http: httpx.AsyncClient, urls: Mapping[str, str], asked: TokenRequest) -> Person:
    identity = Identity(HttpTransport(http, base_url=urls["users"], timeout=_PATIENCE))
    token = await insist(lambda: identity.issue_token(asked))
    return Person(http, urls, token.access_token)
