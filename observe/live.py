"""`python -m observe`: the shop under a light load, Prometheus where there is one, and a page that shows it all."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from secrets import token_urlsafe

import httpx
import uvicorn
from rich.console import Console
from starlette.applications import Starlette

from demo.ports import HOST, free_ports, is_taken
from demo.shop import NAMES, Shop, open_shop
from observe.customers import serve_customers
from observe.prometheus import Prometheus, open_prometheus, program
from observe.serving import page
from observe.watching import Watcher

__all__ = ["TakenPort", "observe", "open_watched_shop"]


class TakenPort(SystemExit):
    """The page cannot have its port; as an exit it prints its message, not a traceback."""


async def observe(console: Console, port: int, factor: float) -> int:
    """Show the shop until this is cancelled; all times of the alerts are scaled by one factor."""
    if port and is_taken(port):
        raise TakenPort(f"Port {port} is taken. Stop what listens there, or choose another, as with --port 9200.")
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="concord-observe-")))
        http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        password = token_urlsafe(12)
        console.print("Starting the shop ...")
        shop, targets = await stack.enter_async_context(open_watched_shop(folder, http, password))
        prometheus = await _open_prometheus(stack, console, folder, targets, http, factor)
        watcher = Watcher(targets, http, prometheus)
        app = page(shop, watcher)
        async with asyncio.TaskGroup() as group:
            working = [
                group.create_task(watcher.watch()),
                group.create_task(serve_customers(http, shop.urls, password)),
            ]
            await _serve(app, console, port or free_ports(1)[0])
            for task in working:
                task.cancel()
    return 0


@asynccontextmanager
async def open_watched_shop(
    folder: Path, http: httpx.AsyncClient, password: str, settings: Mapping[str, str] | None = None
) -> AsyncGenerator[tuple[Shop, Mapping[str, str]]]:
    """Start the services, and name their operations ports as `host:port`."""
    ports = free_ports(2 * len(NAMES))
    public = dict(zip(NAMES, ports[: len(NAMES)], strict=True))
    operations = dict(zip(NAMES, ports[len(NAMES) :], strict=True))
    common = {"CONCORD_SEED_PASSWORD": password, "CONCORD_SHUTDOWN_SECONDS": "5", "CONCORD_LOG_LEVEL": "warning"}
    async with open_shop(folder, public, http, {**common, **(settings or {})}, operations) as shop:
        await shop.wait_until_ready()
        yield shop, {name: f"{HOST}:{port}" for name, port in operations.items()}


async def _open_prometheus(
    stack: AsyncExitStack,
    console: Console,
    folder: Path,
    targets: Mapping[str, str],
    http: httpx.AsyncClient,
    factor: float,
) -> Prometheus | None:
    found = program()
    if found is None:
        console.print("Without Prometheus, and so without alerts: `apt-get install prometheus` brings it.")
        return None
    return await stack.enter_async_context(open_prometheus(found, folder, targets, http, factor))


async def _serve(app: Starlette, console: Console, port: int) -> None:
    """Serve the page until Ctrl-C; there is nothing to start or to end, and so no lifespan."""
    server = uvicorn.Server(uvicorn.Config(app, host=HOST, port=port, log_config=None, ws="none", lifespan="off"))
    console.print(f"The page is at http://{HOST}:{port}")
    console.print("Ctrl-C stops all.")
    await server.serve()
