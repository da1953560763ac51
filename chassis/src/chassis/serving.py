"""One service on its port, as one process or several: it serves, and on SIGTERM finishes what it has begun."""

import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from types import FrameType

from fastapi import FastAPI
from structlog import get_logger

from chassis.fleet import fleet
from chassis.outlet import OUTLET
from chassis.ports import PortTaken, listen, url_of
from chassis.servers import OperationsServer, ServiceServer
from chassis.settings import ServiceSettings
from chassis.telemetry.instruments import Instrument
from chassis.workers import Workers

__all__ = ["PortTaken", "serve"]

Make = Callable[[], FastAPI]

_INSIDE = "127.0.0.1"
"""Where workers tell the process that adds up what they tell."""

_log = get_logger(__name__)


def serve(make: Make, settings: ServiceSettings) -> None:
    """Serve the application that `make` makes until SIGTERM or Ctrl-C; return when all is closed."""
    app = make()  # first: what it refuses is said before anybody listens
    listener, beside = _listen(settings)
    if settings.workers > 1:
        _serve_by_several(make, settings, app.state.metrics.instruments, listener, beside)
    else:
        _serve_alone(app, settings, listener, beside)


def _serve_by_several(
    make: Make,
    settings: ServiceSettings,
    instruments: Sequence[Instrument],
    listener: socket.socket,
    beside: socket.socket,
) -> None:
    told = [listen(_INSIDE, 0, "fewer CONCORD_WORKERS") for _ in range(settings.workers)]
    jobs = [partial(_work, make, settings, listener, where) for where in told]
    urls = [url_of(where) for where in told]
    sys.exit(Workers(jobs, partial(_add_up, urls, instruments, beside)).run())


def _listen(settings: ServiceSettings) -> tuple[socket.socket, socket.socket]:
    listener = listen(settings.host, settings.port, "CONCORD_HOST and CONCORD_PORT")
    where = "CONCORD_OPERATIONS_HOST and CONCORD_OPERATIONS_PORT"
    beside = listen(settings.operations_host, settings.operations_port, where)
    _log.info("operations_listening", url=url_of(beside))
    _log.info("listening", url=url_of(listener))
    return listener, beside


def _work(make: Make, settings: ServiceSettings, listener: socket.socket, told: socket.socket, lifeline: int) -> None:
    _serve_alone(make(), settings, listener, told, lifeline)


def _add_up(urls: Sequence[str], instruments: Sequence[Instrument], beside: socket.socket, lifeline: int) -> None:
    """Answer on the operations port for all workers, until whoever asked for it ends this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all at once, and this one is to be the last
    OperationsServer(fleet(urls, instruments), beside, lifeline).run([beside])


def _serve_alone(
    app: FastAPI,
    settings: ServiceSettings,
    listener: socket.socket,
    beside: socket.socket,
    lifeline: int | None = None,
) -> None:
    server = ServiceServer(app, settings, OperationsServer(app.state.operations, beside), lifeline)
    # once all is closed uvicorn raises the signals that it caught again, and the exit should be a clean one
    signal.signal(signal.SIGTERM, _exit)
    with OUTLET.behind(), suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


def _exit(sig: int, frame: FrameType | None) -> None:
    sys.exit(0)
