"""Whether a service lives, has started and is ready, as probes ask; and the news that it is about to stop."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from contracts.errors import Unavailable
from fastapi import APIRouter
from fastapi.responses import JSONResponse

__all__ = ["PROBES", "Check", "Health"]

PROBES = ("/livez", "/readyz", "/startupz")

_READY = "ready"
_NO_STORE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Check:
    """Something that being ready depends on, and the seconds that it took to find out."""

    name: str
    passed: bool
    seconds: float | None = None


class Health:
    """The state of one process; the application holds it as `app.state.health`."""

    def __init__(self, ping: Callable[[], Awaitable[None]], *, patience: float = 1) -> None:
        """Ask the service's own database by `ping`, and wait for it for so many seconds; never ask a peer."""
        self._ping = ping
        self._patience = patience
        self._has_started = False
        self._stopping = asyncio.Event()

    def start(self) -> None:
        """Say that start-up is done."""
        self._has_started = True

    def stop(self) -> None:
        """Say that shutdown has begun: no longer ready, and streams should end."""
        self._stopping.set()

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    async def stopping(self) -> None:
        """Wait until shutdown begins; what would otherwise go on for ever ends then."""
        await self._stopping.wait()

    def router(self) -> APIRouter:
        """Make the routes that probes ask; no document lists them."""
        router = APIRouter(include_in_schema=False)
        for path, answer in zip(PROBES, (self._live, self._ready, self._started), strict=True):
            router.add_api_route(path, answer, response_class=JSONResponse)
        return router

    async def _live(self) -> JSONResponse:
        return _say("alive", 200)

    async def _started(self) -> JSONResponse:
        return _say("started", 200) if self._has_started else _say("starting", 503)

    @property
    def has_started(self) -> bool:
        return self._has_started

    async def is_ready(self) -> bool:
        """Tell whether requests would be answered."""
        return await self._find() == _READY

    async def _ready(self) -> JSONResponse:
        found = await self._find()
        return _say(found, 200 if found == _READY else 503)

    async def _find(self) -> str:
        if self.is_stopping:
            return "stopping"
        if not self._has_started:
            return "starting"
        return _READY if await self._reaches_database() else "database unreachable"

    async def checks(self) -> tuple[Check, ...]:
        """Look at all that being ready depends on, for those who operate the service."""
        began = time.perf_counter()
        reaches_database = await self._reaches_database()
        return (
            Check("started", self._has_started),
            Check("not stopping", not self.is_stopping),
            Check("database", reaches_database, round(time.perf_counter() - began, 6)),
        )

    async def _reaches_database(self) -> bool:
        try:
            async with asyncio.timeout(self._patience):
                await self._ping()
        except (Unavailable, TimeoutError):
            return False
        return True


def _say(status: str, code: int) -> JSONResponse:
    return JSONResponse({"status": status}, code, _NO_STORE)
