"""One service of the shop as a process of its own."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Mapping
from pathlib import Path

import httpx

from demo.logs import Log
from demo.ports import HOST
from demo.surprises import Surprise, within

__all__ = ["Service"]

_START = 30.0  # seconds that a service may take until it is ready
_GRACE = 12.0  # seconds that it may take to end after SIGTERM; longer than its own bound on that
_PAUSE = 0.05


class Service:
    """Starts, stops and kills `python -m <name>`, whose output is its log."""

    def __init__(self, name: str, port: int, settings: Mapping[str, str], folder: Path) -> None:
        self.name = name
        self.port = port
        self.url = f"http://{HOST}:{port}"
        self.log = Log(folder / f"{name}.log")
        self._settings = {"CONCORD_OPERATIONS_PORT": "0", **settings, "CONCORD_PORT": str(port)}
        self._folder = folder
        self._process: Process | None = None
        self._is_dismissed = False

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def has_died(self) -> bool:
        """Whether the process has ended although nobody asked it to."""
        return self.has_ended and not self._is_dismissed

    @property
    def has_ended(self) -> bool:
        return self._process is None or self._process.returncode is not None

    async def start(self) -> None:
        """Start the process; it is ready a little later."""
        self._is_dismissed = False
        with self.log.file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", self.name),
                cwd=self._folder,
                env={**os.environ, **self._settings},  # noqa: TID251 (a child inherits PATH and the like)
                stdin=DEVNULL,
                stdout=log,
                stderr=STDOUT,
                start_new_session=True,  # or Ctrl-C would stop it before we have said goodbye
            )

    async def wait_until_ready(self, http: httpx.AsyncClient) -> None:
        """Wait until the service says that it is ready; raises a Surprise when it ends or takes too long."""
        async with within(_START, f"{self.name} should be ready", self.name):
            while not await self._is_ready(http):
                if self.has_ended:
                    raise Surprise(f"{self.name} ended before it was ready ({self._end()}).", self.name)
                await asyncio.sleep(_PAUSE)

    async def kill(self) -> None:
        """End the process as a power cut would."""
        self.kill_at_once()
        if self._process:
            await self._process.wait()

    def kill_at_once(self) -> None:
        """Kill the process without waiting for its end."""
        if self._process and not self.has_ended:
            self._process.kill()

    def terminate(self) -> None:
        """Ask the process to finish what it does and to end."""
        self._is_dismissed = True
        if self._process and not self.has_ended:
            self._process.terminate()

    async def wait_until_ended(self) -> None:
        """Wait until a terminated process has ended; kill it when that takes too long."""
        if self._process is None:
            return
        try:
            async with asyncio.timeout(_GRACE):
                await self._process.wait()
        except TimeoutError:
            await self.kill()

    async def _is_ready(self, http: httpx.AsyncClient) -> bool:
        try:
            answer = await http.get(f"{self.url}/readyz", timeout=2)
        except httpx.TransportError:
            return False
        return answer.is_success and not self.has_ended  # somebody else could answer on that port

    def _end(self) -> str:
        code = self._process.returncode if self._process else None
        return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
