"""The three services under a supervisor: whoever dies is started again at once, and each death is counted."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from chassis.faults import Faults

from demo.ports import HOST, free_ports

from .process import Service

__all__ = ["NAMES", "PASSWORD", "Stack", "StackFailed", "open_stack"]

NAMES = ("users", "catalog", "orders")
PASSWORD = "a password for the crash run"

_START = 60.0  # seconds
_PAUSE = 0.02

_SETTINGS = {
    "CONCORD_ENV": "test",
    "CONCORD_HOST": HOST,
    "CONCORD_LOG_FORMAT": "json",
    "CONCORD_LOG_LEVEL": "warning",
    "CONCORD_OPERATIONS_PORT": "0",
    "CONCORD_RATE_LIMIT": "off",
    "CONCORD_PASSWORD_RATE": "off",
    "CONCORD_PASSWORD_MEMORY_KIB": "1024",
    "CONCORD_SEED_PASSWORD": PASSWORD,
    "CONCORD_SEED": "false",
    "CONCORD_HOLD_SECONDS": "3",
    "CONCORD_EXPIRY_EVERY_SECONDS": "0.2",
    "CONCORD_LEASE_SECONDS": "1",
    "CONCORD_RETRY_SECONDS": "0.1",
    "CONCORD_RETRY_LONGEST_SECONDS": "1",
    "CONCORD_RECOVERY_SECONDS": "0.1",
    "CONCORD_SHUTDOWN_SECONDS": "5",
    "CONCORD_INVARIANTS_SECONDS": "2",
}
"""All that waits waits briefly, and nothing is limited: what is wanted here is trouble."""


class StackFailed(Exception):
    """A service ended by itself, or did not start."""


class Stack:
    """Three services that know where the others are, and the faults that each of them will meet."""

    def __init__(self, services: Mapping[str, Service], faults: Mapping[str, Faults], urls: Mapping[str, str]) -> None:
        self.services = services
        self.faults = faults
        self.urls = urls
        self.deaths = 0
        self._leaving = set[str]()

    async def keep_alive(self, name: str) -> None:
        """Start a service again whenever it was killed or sent away; raises StackFailed when it ended otherwise."""
        service = self.services[name]
        while True:
            await service.ended()
            if service.exit_code != (0 if name in self._leaving else -signal.SIGKILL):
                raise StackFailed(f"{name} ended with {service.exit_code}:\n{service.tail()}")
            self._leaving.discard(name)
            self.deaths += 1
            service.start()

    async def kill(self, name: str) -> None:
        """Kill a service, and return when it has been started again."""
        await self._end(self.services[name].kill)

    async def send_away(self, name: str) -> None:
        """Ask a service to end, as orchestrators do, and return when it has been started again."""
        self._leaving.add(name)
        await self._end(self.services[name].terminate)

    async def _end(self, end: Callable[[], None]) -> None:
        deaths = self.deaths
        end()
        while self.deaths == deaths:  # noqa: ASYNC110 (its keeper tells nobody)
            await asyncio.sleep(_PAUSE)

    def alarms(self) -> list[str]:
        """Read what the services have newly reported of themselves: invariants that they found broken."""
        return [line for service in self.services.values() for line in service.alarms()]

    async def wait_until_ready(self, http: httpx.AsyncClient) -> None:
        """Wait until all services say that they are ready; raises StackFailed."""
        try:
            async with asyncio.timeout(_START):
                for url in self.urls.values():
                    while not await _is_ready(http, url):  # noqa: ASYNC110 (it tells nobody)
                        await asyncio.sleep(_PAUSE)
        except TimeoutError:
            logs = "\n".join(service.tail() for service in self.services.values())
            raise StackFailed(f"the services should be ready within {_START:.0f} s:\n{logs}") from None


@asynccontextmanager
async def open_stack(
    folder: Path, databases: Mapping[str, str], http: httpx.AsyncClient, **settings: str
) -> AsyncGenerator[Stack]:
    """Start the services on these databases, keep them alive, and stop them at the end."""
    ports = dict(zip(NAMES, free_ports(len(NAMES)), strict=True))
    urls = {name: f"http://{HOST}:{port}" for name, port in ports.items()}
    services = {name: _service(name, folder, urls, databases[name], settings) for name in NAMES}
    stack = Stack(services, {name: Faults(folder / name) for name in NAMES}, urls)
    for service in services.values():
        service.start()
    try:
        async with asyncio.TaskGroup() as group:
            keepers = [group.create_task(stack.keep_alive(name)) for name in NAMES]
            await stack.wait_until_ready(http)
            yield stack
            for keeper in keepers:
                keeper.cancel()
    finally:
        await asyncio.gather(*(service.stop() for service in services.values()))


def _service(name: str, folder: Path, urls: Mapping[str, str], database: str, settings: Mapping[str, str]) -> Service:
    faults = folder / name
    faults.mkdir(parents=True)
    own = {
        "CONCORD_PORT": urls[name].rpartition(":")[2],
        "CONCORD_DATABASE_URL": database,
        "CONCORD_FAULTS": str(faults),
        "CONCORD_ISSUER": urls["users"],
        **{f"CONCORD_{peer.upper()}_URL": url for peer, url in urls.items()},
    }
    return Service(name, {**_SETTINGS, **settings, **own}, folder / f"{name}.log")


async def _is_ready(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(f"{url}/readyz", timeout=2)).is_success
    except httpx.TransportError:
        return False
