"""A server under measurement: a process and its children, on processors of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.failures import Failure
from benchmarks.machine import pinned

__all__ = ["Process", "Spec", "python"]

_ROOT = Path(__file__).parent.parent
_START = 60.0  # seconds
_GRACE = 10.0  # seconds
_PAUSE = 0.005  # seconds
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Spec:
    """How a server is started; `ready` is the path that answers 200 once it serves."""

    name: str
    command: Sequence[str]
    port: int
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    ready: str = "/ready"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Process:
    """A running server."""

    def __init__(self, spec: Spec, cores: Sequence[int], log: Path) -> None:
        self.spec = spec
        self.seconds_to_ready = 0.0
        self._log = log
        self._began = time.perf_counter()
        with log.open("ab") as sink:
            self._process = subprocess.Popen(  # noqa: S603 (our own commands)
                pinned(cores, spec.command),
                cwd=_ROOT,
                env={**os.environ, "PYTHONPATH": str(_ROOT), **spec.env},  # noqa: TID251 (a child inherits PATH)
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process that the command runs in, for `taskset` becomes it."""
        return self._process.pid

    def wait_until_ready(self) -> None:
        """Wait for the first 200; raises Failure when the server ends or takes too long."""
        with httpx.Client(trust_env=False, timeout=2) as http:
            while not self._answers(http):
                late = time.perf_counter() - self._began > _START
                if late or self._process.poll() is not None:
                    raise Failure(f"{self.spec.name} should be ready within {_START:.0f} s and is not:\n{self._tail()}")
                time.sleep(_PAUSE)
        self.seconds_to_ready = time.perf_counter() - self._began

    def settle(self, cores: Sequence[int]) -> None:
        """Keep the whole tree, and what it starts from now on, to these processors."""
        for pid in self._tree():
            for thread in Path(f"/proc/{pid}/task").iterdir():
                os.sched_setaffinity(int(thread.name), cores)

    def cpu_seconds(self) -> float:
        """Add up the processor time that the whole tree has used, children that ended included."""
        return sum(_cpu_ticks(pid) for pid in self._tree()) / _TICKS

    def memory(self) -> int:
        """Add up the bytes that the tree holds; pages that several processes share count once."""
        return sum(_proportional_set(pid) for pid in self._tree())

    def stop(self) -> None:
        """End the whole group, gently at first."""
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self._signal(signal.SIGKILL)
            self._process.wait()

    def _answers(self, http: httpx.Client) -> bool:
        try:
            return http.get(self.spec.url + self.spec.ready).is_success
        except httpx.TransportError:
            return False

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            return

    def _tree(self) -> Iterator[int]:
        waiting = [self._process.pid]
        while waiting:
            pid = waiting.pop()
            yield pid
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                waiting += map(int, task.read_text().split())

    def _tail(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-15:])


def python(*arguments: str) -> list[str]:
    """Say how this interpreter runs something."""
    return [sys.executable, *arguments]


def _cpu_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15]))  # utime, stime and those of children that were waited for


def _proportional_set(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
