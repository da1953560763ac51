"""One service as one process: it takes its port, serves, and on SIGTERM finishes what it has begun."""

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from threading import Timer
from types import FrameType

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from structlog import get_logger

from chassis.health import Health
from chassis.outlet import OUTLET
from chassis.settings import ServiceSettings

__all__ = ["PortTaken", "serve"]

_LAST_GRACE = 3.0
"""Seconds that the application has for its own shutdown after requests were given theirs."""

_YOUNG = 20_000
"""New objects between two looks for garbage: requests leave next to none, and each look costs all of them time."""

_OPERATIONS = "CONCORD_OPERATIONS_HOST and CONCORD_OPERATIONS_PORT"

_log = get_logger(__name__)


class PortTaken(SystemExit):
    """The service cannot listen where it should; as an exit it prints its message, not a traceback."""


def serve(app: FastAPI, settings: ServiceSettings) -> None:
    """Serve until SIGTERM or Ctrl-C; return when all is closed."""
    listener = _listen(settings.host, settings.port, "CONCORD_HOST and CONCORD_PORT")
    beside = _listen(settings.operations_host, settings.operations_port, _OPERATIONS)
    _log.info("operations_listening", url=_url(beside))
    _log.info("listening", url=_url(listener))
    server = _Server(_config(app, settings), app.state.health, _OperationsServer(app.state.operations, beside))
    # once all is closed uvicorn raises the signals that it caught again, and the exit should be a clean one
    signal.signal(signal.SIGTERM, _exit)
    with OUTLET.behind(), suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


def _exit(sig: int, frame: FrameType | None) -> None:
    sys.exit(0)


class _OperationsServer(uvicorn.Server):
    """Answers on the operations port for as long as the service serves, drains and closes; signals are not its own."""

    def __init__(self, app: ASGIApp, listener: socket.socket) -> None:
        config = uvicorn.Config(
            app,
            access_log=False,
            lifespan="off",
            log_config=None,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            ws="none",
        )
        super().__init__(config)
        self._listener = listener

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


class _Server(uvicorn.Server):
    """Tells the application that it will stop, and sees to it that it does."""

    def __init__(self, config: uvicorn.Config, health: Health, operations: _OperationsServer) -> None:
        super().__init__(config)
        self._health = health
        self._operations = operations

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        async with self._operations.serving():
            await super().serve(sockets)

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
    _log.error("shutdown_forced", reason="the application did not close in time")
    OUTLET.empty()
    os._exit(1)  # nothing less ends a loop that is stuck


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


def _listen(host: str, port: int, settings: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as refused:
        reason = str(refused.strerror).partition(" (")[0].lower()
        raise PortTaken(
            f"Cannot listen on {host} port {port}: {reason}. Stop what listens there, or set {settings}."
        ) from None


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
