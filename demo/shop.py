"""The three services together, on this machine, with SQLite files in one folder."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from demo.calls import Call, calls_within
from demo.logs import Line
from demo.ports import HOST
from demo.service import Service
from demo.surprises import Surprise

__all__ = ["NAMES", "Shop", "open_shop"]

NAMES: tuple[str, ...] = ("users", "catalog", "orders")

_ANY: Mapping[str, int] = {}

_PATIENCE = 10.0  # seconds
_PAUSE = 0.02


class Shop:
    """Three services that know where the others are."""

    def __init__(self, services: Sequence[Service], http: httpx.AsyncClient) -> None:
        self.services = {service.name: service for service in services}
        self.urls = {service.name: service.url for service in services}
        self._http = http

    async def start(self, names: Iterable[str] = NAMES) -> None:
        """Start services side by side."""
        for name in names:
            await self.services[name].start()

    async def wait_until_ready(self, names: Iterable[str] = NAMES) -> None:
        """Wait until services are ready; raises a Surprise when one is not."""
        for name in names:
            await self.services[name].wait_until_ready(self._http)

    async def stop(self, names: Iterable[str] = NAMES) -> None:
        """Let services finish what they do; whoever cannot wait for that leaves none of them running either."""
        leaving = [self.services[name] for name in names]
        for service in leaving:
            service.terminate()
        try:
            for service in leaving:
                await service.wait_until_ended()
        finally:
            for service in leaving:
                service.kill_at_once()

    def lines(self) -> list[Line]:
        """Read all that the services have logged."""
        logs = [service.log for service in self.services.values()]
        for log in logs:
            log.catch_up()
        return [line for log in logs for line in log.lines]

    async def calls_within(self, trace_id: str, *operations: str) -> list[Call]:
        """Tell who called whom in a trace, once the logs know of these operations."""
        found: list[Call] = []
        try:
            async with asyncio.timeout(_PATIENCE):
                while set(operations) - {call.operation for call in found}:
                    await asyncio.sleep(_PAUSE)
                    found = calls_within(trace_id, self.lines())
        except TimeoutError:
            seen = ", ".join(call.operation for call in found) or "nothing"
            wanted = ", ".join(operations)
            raise Surprise(f"The logs should show {wanted} in trace {trace_id}, and show {seen}.") from None
        return found


@asynccontextmanager
async def open_shop(
    folder: Path,
    ports: Mapping[str, int],
    http: httpx.AsyncClient,
    settings: Mapping[str, str],
    operations: Mapping[str, int] = _ANY,
) -> AsyncGenerator[Shop]:
    """Start the services, and stop them at the end, whatever happens in between.

    `operations` are ports too, for those who watch; without them the services take any.
    """
    urls = {f"CONCORD_{name.upper()}_URL": f"http://{HOST}:{port}" for name, port in ports.items()}
    common = {**_SETTINGS, **urls, "CONCORD_ISSUER": urls["CONCORD_USERS_URL"], **settings}
    services = [
        Service(name, port, {**common, **_own(folder, name, operations.get(name, 0))}, folder)
        for name, port in ports.items()
    ]
    shop = Shop(services, http)
    try:
        await shop.start()
        yield shop
    finally:
        await shop.stop()


def _own(folder: Path, name: str, operations: int) -> Mapping[str, str]:
    """Name what each service has for itself; 0 is any port."""
    return {"CONCORD_DATABASE_URL": f"sqlite:///{folder / name}.db", "CONCORD_OPERATIONS_PORT": str(operations)}


_SETTINGS = {
    "CONCORD_ENV": "development",
    "CONCORD_HOST": HOST,
    "CONCORD_LOG_FORMAT": "json",
    "CONCORD_LOG_LEVEL": "info",
    "PYTHONUNBUFFERED": "1",
}
"""What the shop cannot do without; what else the environment sets reaches the services as it is."""
