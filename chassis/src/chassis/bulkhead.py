"""A bulkhead: so many calls to one service at a time, so that a slow one holds up nobody else."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from contracts.errors import Unavailable

from chassis.context import remaining

__all__ = ["Bulkhead", "NoTurn"]


class NoTurn(Unavailable):
    """Too many calls to a service were under way for another one."""


class Bulkhead:
    """Lets calls through in the order in which they came; each waits as long as its deadline allows.

    `in_use` and `waiting` tell how many there are now, `refused` how many were given up before their turn.
    """

    def __init__(self, name: str, most: int) -> None:
        self.in_use = 0
        self.waiting = 0
        self.refused = 0
        self.most = most
        self._name = name
        self._turns = asyncio.Semaphore(most)

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Wait for a turn, and hold it; raises NoTurn where none comes in time."""
        await self._wait()
        self.in_use += 1
        try:
            yield
        finally:
            self.in_use -= 1
            self._turns.release()

    async def _wait(self) -> None:
        self.waiting += 1
        try:
            async with asyncio.timeout(remaining()):
                await self._turns.acquire()
        except TimeoutError as late:
            self.refused += 1
            raise NoTurn(
                f"{self.most} calls to {self._name} are under way, and none ended in time; try again shortly"
            ) from late
        finally:
            self.waiting -= 1
