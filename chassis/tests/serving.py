"""Greeters in processes of their own, for the tests that start real ones."""

import json
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
from anyio.abc import Process
from anyio.streams.text import TextReceiveStream

__all__ = ["GREETER", "Running", "environment", "fail", "running"]

GREETER = [sys.executable, str(Path(__file__).with_name("greeter.py"))]


class Running:
    """A greeter in a process of its own: where it is, and what it says."""

    def __init__(self, process: Process) -> None:
        assert process.stdout is not None
        self.process = process
        self.operations = ""
        self._output = TextReceiveStream(process.stdout)
        self._text = ""

    async def line(self, event: str) -> dict[str, Any]:
        """Wait for the next log line of this event."""
        while True:
            while "\n" not in self._text:
                self._text += await self._output.receive()
            line, _, self._text = self._text.partition("\n")
            said: dict[str, Any] = json.loads(line)
            if said["event"] == event:
                return said


def environment(**settings: str) -> dict[str, str]:
    return os.environ | {f"CONCORD_{name.upper()}": value for name, value in settings.items()}


@asynccontextmanager
async def running(**settings: str) -> AsyncGenerator[tuple[Running, httpx.AsyncClient]]:
    async with await anyio.open_process(GREETER, env=environment(**settings), stderr=None) as process:
        try:
            greeter = Running(process)
            greeter.operations = (await greeter.line("operations_listening"))["url"]
            url = (await greeter.line("listening"))["url"]
            async with httpx.AsyncClient(base_url=url, timeout=20) as http:
                yield greeter, http
        finally:
            if process.returncode is None:
                process.kill()


async def fail(**settings: str) -> tuple[int, list[str]]:
    """Start a greeter that cannot start, and return its exit code and what it complained of."""
    ended = await anyio.run_process(GREETER, env=environment(**settings), check=False)
    assert ended.stdout == b""
    return ended.returncode, ended.stderr.decode().splitlines()
