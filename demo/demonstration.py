"""`python -m demo`: the shop is started, visited and taken down again."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import httpx
from contracts.errors import ApiError
from rich.console import Console

from demo.customer import Customer
from demo.journey import travel
from demo.ports import free_ports
from demo.shop import NAMES, Shop, open_shop
from demo.surprises import Surprise
from demo.transcript import Transcript
from demo.visit import Visit

__all__ = ["demonstrate"]

_SETTINGS = {
    "CONCORD_SHUTDOWN_SECONDS": "5",
    "CONCORD_PEER_SECONDS": "10",  # a busy machine is no outage
    "CONCORD_RETRY_LONGEST_SECONDS": "1",  # so that nobody waits long for the order that waits for catalog
    "CONCORD_INCLUDE_SECONDS": "5",
}


async def demonstrate(console: Console) -> int:
    """Show the shop; return the exit code."""
    tell = Transcript(console)
    tell.title("Concord: three services, one order")
    ports = dict(zip(NAMES, free_ports(len(NAMES)), strict=True))
    with tempfile.TemporaryDirectory(prefix="concord-demo-") as folder:
        async with (
            httpx.AsyncClient(trust_env=False) as http,
            open_shop(Path(folder), ports, http, _SETTINGS) as shop,
        ):
            failure = await _try(shop, http, tell)
        if failure is None:
            tell.totals()
            return 0
        tell.failure(str(failure), _last_words(shop, failure))
        return 1


async def _try(shop: Shop, http: httpx.AsyncClient, tell: Transcript) -> Exception | None:
    """Visit the shop, and return what went wrong."""
    try:
        await shop.wait_until_ready()
        for service in shop.services.values():
            tell.note(f"{service.name:<8} {service.url}  process {service.pid}")
        await travel(Visit(shop, Customer("ada", http, shop.urls, tell.call), tell))
    except (Surprise, ApiError) as surprise:
        return surprise
    except Exception as failure:  # noqa: BLE001 (whatever it is, a person wants to know what the services said)
        return Surprise(f"{type(failure).__name__}: {failure}")
    return None


def _last_words(shop: Shop, failure: Exception) -> Mapping[str, list[str]]:
    concerned = failure.service if isinstance(failure, Surprise) else None
    return {name: shop.services[name].log.tail() for name in NAMES if concerned in {None, name}}
