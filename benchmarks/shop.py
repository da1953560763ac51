"""The three services as they run in production, with all that they do switched on, and something to sell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

import httpx
from catalog.item import Item
from chassis.migrating import migrate

from benchmarks import goods
from benchmarks.processes import Process, Spec, python
from benchmarks.stage import Stage

__all__ = ["EMAIL", "NAMES", "PASSWORD", "Shop", "open_shop"]

NAMES: tuple[str, ...] = ("users", "catalog", "orders")
EMAIL = "customer@example.com"
PASSWORD = "correct horse battery staple"  # noqa: S105 (of a shop that lives for minutes)

_OFTEN = "1000000000/minute"  # so that callers are counted, and never refused
_SETTINGS = {
    "CONCORD_LOG_FORMAT": "json",
    "CONCORD_RATE_LIMIT": _OFTEN,
    "CONCORD_PASSWORD_RATE": _OFTEN,
    "CONCORD_TOKEN_SECONDS": "86400",
    "CONCORD_SEED": "false",
    "CONCORD_SEED_PASSWORD": PASSWORD,
}
_PRODUCTS = 500


@dataclass
class Shop:
    """The services, and who may ask them."""

    processes: Mapping[str, Process]
    databases: Mapping[str, str]
    products: Sequence[Item]
    token: str

    def url(self, service: str) -> str:
        return self.processes[service].spec.url

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @cached_property
    def customer(self) -> UUID:
        """Whose orders these are."""
        me = httpx.get(f"{self.url('users')}/v2/users/me", headers=self.bearer, trust_env=False).raise_for_status()
        return UUID(me.json()["id"])

    @cached_property
    def keys(self) -> str:
        """The published keys that check tokens, as JSON."""
        found = httpx.get(f"{self.url('users')}/.well-known/jwks.json", trust_env=False).raise_for_status()
        return found.text

    def peer_token(self, client: str, resource: str) -> str:
        """Get the token with which one service calls another."""
        asked = {"grant_type": "client_credentials", "client_id": client, "resource": resource}
        return _token(self.url("users"), {**asked, "client_secret": "development-client-secret"})

    def write_orders(self, count: int) -> list[UUID]:
        """Write orders of the customer."""
        return goods.write_orders(self.databases["orders"], self.customer, self.products, count)


def open_shop(stage: Stage, *, cores: Sequence[int] = (), settings: Mapping[str, str] | None = None) -> Shop:
    """Make databases and products, and start the services."""
    databases = {name: stage.database(name, f"{name}/migrations") for name in NAMES}
    products = goods.make_products(_PRODUCTS)
    migrate(databases["catalog"], "catalog/migrations")
    goods.write_products(databases["catalog"], products)
    specs = specs_of(stage, databases, settings or {})
    processes = dict(zip(NAMES, stage.start(*specs, cores=cores), strict=True))
    asked = {"grant_type": "password", "username": EMAIL, "password": PASSWORD}
    return Shop(processes, databases, products, _token(processes["users"].spec.url, asked))


def specs_of(stage: Stage, databases: Mapping[str, str], settings: Mapping[str, str]) -> list[Spec]:
    """Say how the services are started, each of which knows where the others are."""
    ports = {name: stage.port() for name in NAMES}
    urls = {f"CONCORD_{name.upper()}_URL": f"http://127.0.0.1:{port}" for name, port in ports.items()}
    common = {**_SETTINGS, **urls, "CONCORD_ISSUER": urls["CONCORD_USERS_URL"], **settings}
    return [
        Spec(
            name,
            python("-m", name),
            ports[name],
            {
                **common,
                "CONCORD_PORT": str(ports[name]),
                "CONCORD_OPERATIONS_PORT": str(stage.port()),
                "CONCORD_DATABASE_URL": databases[name],
            },
            ready="/readyz",
        )
        for name in NAMES
    ]


def _token(users: str, asked: Mapping[str, str]) -> str:
    answer = httpx.post(f"{users}/oauth/token", data=dict(asked), trust_env=False, timeout=30).raise_for_status()
    return answer.json()["access_token"]
