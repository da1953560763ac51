"""Services beside this one, on real ports: each answers, is down, keeps silent, or talks nonsense."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Literal

__all__ = ["MOODS", "Mood", "Neighbour", "beside"]

Mood = Literal["well", "down", "slow", "odd"]
MOODS: tuple[Mood, ...] = ("well", "down", "slow", "odd")


class Neighbour:
    """Gives everybody the same answer, in its mood of the moment."""

    def __init__(self, answer: Any) -> None:
        self.mood: Mood = "well"
        self._answer = json.dumps(answer)
        self._stirring = asyncio.Event()

    def stir(self) -> None:
        """Let go of those who are kept waiting."""
        self._stirring.set()

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection, for one request."""
        if self.mood == "slow":
            await self._stirring.wait()
        elif self.mood != "down":
            await reader.readuntil(b"\r\n\r\n")
            writer.write(_response(self._answer if self.mood == "well" else '{"items": [{"id": "nonsense"'))
            await writer.drain()
        writer.close()


@asynccontextmanager
async def beside(neighbour: Neighbour) -> AsyncGenerator[str]:
    """Let a neighbour listen; gives its base URL."""
    async with await asyncio.start_server(neighbour.meet, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        neighbour.stir()


def _response(body: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close"
    return f"{head}\r\n\r\n{body}".encode()
