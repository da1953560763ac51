"""Who calls the shop, by the typed clients of whatever contracts package is installed here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from contracts.answers import Answer
from contracts.client import HttpTransport
from contracts.operation import Operation
from contracts.users.identity import Identity, TokenRequest
from contracts.users.v2 import Name, NewUser, Users

__all__ = ["Caller", "Visitor"]

_PATIENCE = 10.0  # seconds for one answer


class Caller:
    """The transport of one caller to all services, through any HTTP client."""

    def __init__(self, http: httpx.AsyncClient, urls: Mapping[str, str], token: str | None = None) -> None:
        self.http, self.urls, self.token = http, urls, token
        self._transports = {
            name: HttpTransport(http, base_url=url, timeout=_PATIENCE, token=token) for name, url in urls.items()
        }

    async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        """Call an operation of any service."""
        return await self._transports[op.api.service].send(op, arguments)

    def through(self, http: httpx.AsyncClient) -> "Caller":
        """Be the same caller on another way."""
        return Caller(http, self.urls, self.token)


@dataclass(frozen=True)
class Visitor:
    """Somebody who has not signed in yet, and the password that everybody has here."""

    nobody: Caller
    password: str

    async def sign_in(self, email: str) -> Caller:
        """Get a token for an account."""
        asked = TokenRequest(grant_type="password", username=email, password=self.password)
        token = await Identity(self.nobody).issue_token(asked)
        return Caller(self.nobody.http, self.nobody.urls, token.access_token)

    async def join(self) -> Caller:
        """Open an account in version 2, and sign in."""
        email, name = f"{uuid4().hex}@example.com", Name(given="Ada", family="Byron")
        new = NewUser(email=email, name=name, password=self.password)
        await Users(self.nobody).register(new)
        return await self.sign_in(email)
