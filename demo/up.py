"""`python -m demo up`: the shop stays up until Ctrl-C, and whoever's code changes starts again."""

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from secrets import token_urlsafe

import httpx
from rich.console import Console

from demo.board import Board
from demo.greeting import TOKEN_HOURS, greet
from demo.ports import is_taken
from demo.reloading import changed_services
from demo.shop import NAMES, Shop, open_shop
from demo.surprises import Surprise

__all__ = ["UnusablePorts", "check_ports", "keep_up"]

_GLANCE = 0.2  # seconds between two looks at the logs


class UnusablePorts(SystemExit):
    """The shop cannot have these ports; as an exit it prints its message, not a traceback."""


def check_ports(ports: Sequence[int]) -> None:
    """Raise UnusablePorts unless each service can have its own port."""
    if len(set(ports)) < len(ports):
        raise UnusablePorts(f"Three services want three different ports, and were given {', '.join(map(str, ports))}.")
    taken = [f"{port} (for {name})" for name, port in zip(NAMES, ports, strict=True) if is_taken(port)]
    if taken:
        raise UnusablePorts(
            f"Taken: port {', port '.join(taken)}. "
            "Stop what listens there, or choose others, as with --ports 9001 9002 9003."
        )


async def keep_up(console: Console, ports: Sequence[int], data: Path | None) -> int:
    """Keep the shop up until this is cancelled; return 1 where it does not come up."""
    board, password = Board(console), token_urlsafe(12)
    settings = {
        "CONCORD_SEED_PASSWORD": password,
        "CONCORD_TOKEN_SECONDS": str(TOKEN_HOURS * 3600),
        "CONCORD_SHUTDOWN_SECONDS": "5",
    }
    with ExitStack() as stack:
        folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="concord-up-")))
        named = dict(zip(NAMES, ports, strict=True))
        async with httpx.AsyncClient(trust_env=False) as http, open_shop(folder, named, http, settings) as shop:
            if not await _come_up(shop, board, NAMES):
                return 1
            await greet(shop, http, board, password)
            shop.lines()  # what came of the greeting is no news
            async with asyncio.TaskGroup() as group:
                group.create_task(_tell(shop, board))
                group.create_task(_reload(shop, board))
    return 0


async def _tell(shop: Shop, board: Board) -> None:
    """Show what the services log, and say when one of them ends by itself."""
    gone = set[str]()
    while True:
        fresh = [line for service in shop.services.values() for line in service.log.catch_up()]
        board.show(sorted(fresh, key=lambda line: line.timestamp))
        died = {name for name, service in shop.services.items() if service.has_died}
        for name in died - gone:
            board.say(f"{name} has ended by itself; it starts again when its code changes", "bold red")
        gone = died
        await asyncio.sleep(_GLANCE)


async def _reload(shop: Shop, board: Board) -> None:
    async for names in changed_services():
        board.say(f"The code of {', '.join(names)} has changed: starting again", "bold")
        await shop.stop(names)
        await shop.start(names)
        if await _come_up(shop, board, names):
            board.say(f"Ready again: {', '.join(names)}", "bold green")


async def _come_up(shop: Shop, board: Board, names: Sequence[str]) -> bool:
    try:
        await shop.wait_until_ready(names)
    except Surprise as surprise:
        concerned = names if surprise.service is None else [surprise.service]
        board.fail(str(surprise), {name: shop.services[name].log.tail() for name in concerned})
        return False
    return True
