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

__all__ = ["EMAIL", "NAMES", "PASSWORD", "Shop", "open_shop", "service"]

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
    settings: Mapping[str, str]
    """What each service was told, whatever its name."""

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

    def write_orders(self, count: int, database: str = "") -> list[UUID]:
        """Write orders of the customer, into another database where one is named."""
        return goods.write_orders(database or self.databases["orders"], self.customer, self.products, count)


def open_shop(stage: Stage, *, cores: Sequence[int] = (), settings: Mapping[str, str] | None = None) -> Shop:
    """Make databases and products, and start the services."""
    databases = {name: stage.database(name, f"{name}/migrations") for name in NAMES}
    products = goods.make_products(_PRODUCTS)
    migrate(databases["catalog"], "catalog/migrations")
    goods.write_products(databases["catalog"], products)
    ports = {name: stage.port() for name in NAMES}
    common = {**_common(ports), **_traced(stage), **(settings or {})}
    specs = [service(stage, name, databases[name], common, port) for name, port in ports.items()]
    processes = dict(zip(NAMES, stage.start(*specs, cores=cores), strict=True))
    asked = {"grant_type": "password", "username": EMAIL, "password": PASSWORD}
    return Shop(processes, databases, products, _token(processes["users"].spec.url, asked), common)


def service(stage: Stage, name: str, database: str, common: Mapping[str, str], port: int = 0) -> Spec:
    """Say how one service is started."""
    port = port or stage.port()
    own = {
        "CONCORD_PORT": str(port),
        "CONCORD_OPERATIONS_PORT": str(stage.port()),
        "CONCORD_DATABASE_URL": database,
    }
    return Spec(name, python("-m", name), port, {**common, **own}, ready="/readyz")


def _common(ports: Mapping[str, int]) -> dict[str, str]:
    urls = {f"CONCORD_{name.upper()}_URL": f"http://127.0.0.1:{port}" for name, port in ports.items()}
    return {**_SETTINGS, **urls, "CONCORD_ISSUER": urls["CONCORD_USERS_URL"]}


def _traced(stage: Stage) -> dict[str, str]:
    """Start what takes the traces, beside the load; one trace of ten is recorded, as by default."""
    port = stage.port()
    command = python("-m", "uvicorn", "benchmarks.collector:app", "--port", str(port), "--log-level", "warning")
    (collector,) = stage.start(Spec("collector", [*command, "--no-access-log"], port), cores=stage.cores.load)
    return {"CONCORD_OTLP_ENDPOINT": collector.spec.url}


def _token(users: str, asked: Mapping[str, str]) -> str:
    answer = httpx.post(f"{users}/oauth/token", data=dict(asked), trust_env=False, timeout=30).raise_for_status()
    return answer.json()["access_token"]
