"""The two servers of a process: the service's own, and the one on the operations port, which outlives it a little."""

import asyncio
import gc
import os
import signal
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from threading import Thread, Timer
from types import FrameType

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from structlog import get_logger

from chassis.health import Health
from chassis.settings import ServiceSettings

__all__ = ["OperationsServer", "ServiceServer"]

_LAST_GRACE = 3.0
"""Seconds that the application has for its own shutdown after requests were given theirs."""

_LAST_WORD = 1.0
"""Seconds that saying so may take."""

_YOUNG = 20_000
"""New objects between two looks for garbage: requests leave next to none, and each look costs all of them time."""

_log = get_logger(__name__)


class OperationsServer(uvicorn.Server):
    """Answers on the operations port for as long as the service serves, drains and closes; signals are not its own."""

    def __init__(self, app: ASGIApp, listener: socket.socket, lifeline: int | None = None) -> None:
        """Stop when the other end of `lifeline` is closed."""
        config = uvicorn.Config(
            app,
            access_log=False,
            lifespan="on",
            log_config=None,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            ws="none",
        )
        super().__init__(config)
        self._listener = listener
        self._lifeline = lifeline

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._lifeline is not None:
            asyncio.get_running_loop().add_reader(self._lifeline, self._leave, self._lifeline)

    def _leave(self, lifeline: int) -> None:
        asyncio.get_running_loop().remove_reader(lifeline)
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator[None]:
        """Answer until the end of the block."""
        task = asyncio.get_running_loop().create_task(self.serve([self._listener]))
        try:
            yield
        finally:
            self.should_exit = True
            await task


class ServiceServer(uvicorn.Server):
    """Tells the application that it will stop, and sees to it that it does."""

    def __init__(
        self, app: FastAPI, settings: ServiceSettings, operations: OperationsServer, lifeline: int | None = None
    ) -> None:
        """Stop, too, when the other end of `lifeline` is closed: whoever started this process is gone."""
        super().__init__(_config(app, settings))
        self._health: Health = app.state.health
        self._operations = operations
        self._lifeline = lifeline

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        if self._lifeline is not None:
            asyncio.get_running_loop().add_reader(self._lifeline, self._leave, self._lifeline)
        async with self._operations.serving():
            await super().serve(sockets)

    def _leave(self, lifeline: int) -> None:
        asyncio.get_running_loop().remove_reader(lifeline)
        self.handle_exit(signal.SIGTERM, None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.collect()
        gc.freeze()  # what the application is made of stays: looking through it again and again finds no garbage
        gc.set_threshold(_YOUNG)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            asyncio.get_running_loop().call_soon_threadsafe(self._health.stop)
            self._force_exit_later()
        super().handle_exit(sig, frame)

    def _force_exit_later(self) -> None:
        """Bound the whole of the shutdown, of which uvicorn bounds only the part that waits for requests."""
        patience = (self.config.timeout_graceful_shutdown or 0) + _LAST_GRACE
        timer = Timer(patience, _force_exit)
        timer.daemon = True
        timer.start()


def _force_exit() -> None:
    telling = Thread(target=_tell_of_force, daemon=True)
    telling.start()
    telling.join(_LAST_WORD)  # no longer: a stdout that nobody empties may be what holds all up
    os._exit(1)  # nothing less ends a loop that is stuck


def _tell_of_force() -> None:
    _log.error("shutdown_forced", reason="the application did not close in time")


def _config(app: FastAPI, settings: ServiceSettings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        access_log=False,  # ours knows the operation and the trace
        forwarded_allow_ips=list(settings.trusted_proxies),
        lifespan="on",
        log_config=None,
        proxy_headers=bool(settings.trusted_proxies),
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_seconds,
        timeout_keep_alive=settings.keep_alive_seconds,
        ws="none",
    )
