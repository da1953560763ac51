"""Processes that serve one port together: started, replaced when one ends, asked to stop, and never left behind."""

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from structlog import get_logger

__all__ = ["Workers"]

Job = Callable[[int], None]
"""What a process does; it is given a descriptor that can be read from when whoever started it is gone."""

_CANNOT_START = 3
"""How uvicorn's processes end whose application does not start: at the beginning another one would not either."""

_PAUSE = 1.0  # seconds before a worker that ended soon is replaced
_SIGNALS = (signal.SIGTERM, signal.SIGINT)

_log = get_logger(__name__)


class Workers:
    """Keeps a process for each of the jobs, and one for the `helper`, which ends after all others."""

    def __init__(self, jobs: Sequence[Job], helper: Job) -> None:
        self._jobs = [*jobs, helper]
        self._lifeline, self._held = os.pipe()
        self._running: dict[int, int] = {}
        self._began: dict[int, float] = {}
        self._replaced = set[int]()
        self._is_stopping = False
        self._code = 0

    def run(self) -> int:
        """Keep the processes running until SIGTERM or Ctrl-C; return the exit code when the last has ended."""
        for sig in _SIGNALS:
            signal.signal(sig, self._stop)
        for job in range(len(self._jobs)):
            self._start(job)
        while self._running:
            pid, status = os.wait()
            if pid in self._running:  # the first process of a container is also given the orphans of others
                self._replace(pid, os.waitstatus_to_exitcode(status))
        return self._code

    def _start(self, job: int) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)  # until the child has handlers of its own, and we know it
        if not self._is_stopping:
            pid = os.fork()
            if pid == 0:
                self._become(self._jobs[job])
            self._running[pid], self._began[pid] = job, time.monotonic()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)

    def _become(self, job: Job) -> NoReturn:
        """Do the job in this process, which is a new one, and leave it by the way that whoever asked for workers left.

        What was opened around all is closed here too, such as reports of errors that wait to be sent.
        """
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        os.close(self._held)
        try:
            job(self._lifeline)
        except Exception:  # noqa: BLE001 (what it was is logged, and the process ends of it)
            _log.exception("worker_failed")
            sys.exit(1)
        sys.exit()

    def _replace(self, pid: int, code: int) -> None:
        """Start another process in the place of one that has ended by itself."""
        job, age = self._running.pop(pid), time.monotonic() - self._began.pop(pid)
        if code == _CANNOT_START and job not in self._replaced and not self._is_stopping:
            self._code = code
            self._stop(signal.SIGTERM, None)
        if self._is_stopping:
            self._dismiss_helper()
            return
        _log.error("worker_ended", pid=pid, code=code)
        if age < _PAUSE:
            time.sleep(_PAUSE)
        self._replaced.add(job)
        self._start(job)

    def _stop(self, sig: int, frame: FrameType | None) -> None:
        self._is_stopping = True
        for pid, job in self._running.items():
            if job != self._helper:
                _ask_to_end(pid)
        self._dismiss_helper()

    def _dismiss_helper(self) -> None:
        """Let the helper go where it is the last."""
        if set(self._running.values()) == {self._helper}:
            _ask_to_end(next(iter(self._running)))

    @property
    def _helper(self) -> int:
        return len(self._jobs) - 1


def _ask_to_end(pid: int) -> None:
    with suppress(ProcessLookupError):  # it has just ended by itself
        os.kill(pid, signal.SIGTERM)
