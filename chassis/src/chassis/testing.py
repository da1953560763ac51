"""What the tests of a service are made of: a life for its application, tokens that it trusts, and its figures."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import httpx
from contracts.scopes import Scope
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from chassis.ids import new_id
from chassis.keys import LocalKeys, SigningKey
from chassis.principals import Principal, Role
from chassis.settings import ServiceSettings
from chassis.tokens import Signer

__all__ = ["Issuer", "figures", "running"]

_SERVICES = ("users", "catalog", "orders")


@asynccontextmanager
async def running(app: FastAPI) -> AsyncGenerator[FastAPI]:
    """Start an application as its server would, and stop it after."""
    async with app.router.lifespan_context(app):
        yield app


async def figures(app: FastAPI, name: str) -> dict[tuple[str, ...], float]:
    """Read the figures of one name from an application's metrics, by their label values, which stand in no order."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app.state.operations), base_url="http://ops") as http:
        text = (await http.get("/metrics")).text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {tuple(sorted(sample.labels.values())): sample.value for sample in samples if sample.name == name}


class Issuer:
    """Signs tokens as the users service does, with a key of its own; give `keys` to the application under test."""

    def __init__(self, settings: ServiceSettings) -> None:
        self.name = settings.issuer
        self.key = SigningKey.generate()
        self.keys = LocalKeys(lambda: [self.key.public])
        self._signer = Signer(self.key, self.name)

    def person(
        self, *scopes: Scope, role: Role = Role.CUSTOMER, account: UUID | None = None, generation: int = 0
    ) -> str:
        """Make the token of somebody with an account; all services are its audience."""
        return self._sign(
            Principal(
                id=str(account or new_id()),
                role=role,
                scopes=frozenset(scopes),
                client_id="shop",
                generation=generation,
            ),
            _SERVICES,
        )

    def service(self, name: str, *scopes: Scope, audience: str) -> str:
        """Make the token of a service that calls another one."""
        return self._sign(Principal(id=name, role=Role.SERVICE, scopes=frozenset(scopes), client_id=name), (audience,))

    def _sign(self, principal: Principal, audience: tuple[str, ...]) -> str:
        return self._signer.sign(principal, audience=audience, lifetime=timedelta(minutes=5))
