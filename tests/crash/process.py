"""One service as a process that can be killed and is soon back: it is forked from one that has imported everything."""

import asyncio
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from multiprocessing import get_context, parent_process
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Thread

from chassis.commands import run

__all__ = ["Service"]

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["users.__main__", "catalog.__main__", "orders.__main__", __name__])

_GRACE = 10.0  # seconds to end after SIGTERM


class Service:
    """Starts and kills what `python -m <name>` is, with these settings; its output goes to a file."""

    def __init__(self, name: str, settings: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        self._settings = dict(settings)
        self._read = 0
        self._process = self._make()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended, minus the signal if there was one; None while it runs."""
        return self._process.exitcode

    def start(self) -> None:
        """Start a new process; it is ready a little later."""
        self._process = self._make()
        self._process.start()

    def kill(self) -> None:
        """End the process as a power cut would."""
        self._process.kill()

    def terminate(self) -> None:
        """Ask the process to end."""
        self._process.terminate()

    async def ended(self) -> None:
        """Wait for the end of the process."""
        over = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._process.sentinel, over.set)
        try:
            await over.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()

    async def stop(self) -> None:
        """Ask the process to end, and see that it does."""
        if self._process.pid is None or not self._process.is_alive():
            return
        self.terminate()
        try:
            async with asyncio.timeout(_GRACE):
                await self.ended()
        except TimeoutError:
            self._process.kill()
            self._process.join()

    def tail(self, lines: int = 40) -> str:
        """Return the last lines of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def alarms(self) -> list[str]:
        """Read what the service has newly logged of invariants that do not hold."""
        with self.log.open("rb") as log:
            log.seek(self._read)
            text = log.read()
        whole = text[: text.rfind(b"\n") + 1]
        self._read += len(whole)
        return [line for line in whole.decode(errors="replace").splitlines() if '"invariant_violated"' in line]

    def _make(self) -> ForkServerProcess:
        return _FORKS.Process(target=_serve, args=(self.name, self._settings, self.log), name=self.name)


def _serve(name: str, settings: dict[str, str], log: Path) -> None:
    """Be the service; this runs in the new process."""
    Thread(target=_end_with_parent, daemon=True).start()
    os.environ.update(settings)
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(file, stream.fileno())
    run(import_module(f"{name}.__main__").PROGRAM, [])


def _end_with_parent() -> None:
    """Leave nothing behind when the run itself is killed."""
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)
