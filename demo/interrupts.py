"""How a person or a supervisor ends a command: Ctrl-C, SIGTERM, or a terminal that is closed."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

__all__ = ["run"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(command: Callable[[], Awaitable[int]], *, interrupted: int) -> int:
    """Run a command and return its exit code: `interrupted` when it was ended before its time, after it cleaned up."""
    try:
        return asyncio.run(_listening(command))
    except asyncio.CancelledError:
        return interrupted


async def _listening(command: Callable[[], Awaitable[int]]) -> int:
    for number in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, _cancel_once, asyncio.current_task())
    return await command()


def _cancel_once(task: asyncio.Task[int] | None) -> None:
    """Cancel a task; another signal does not cut short what it does to clean up."""
    if task and not task.cancelling():
        task.cancel()
