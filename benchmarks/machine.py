"""The machine that is measured on, and how its processors are shared out."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from shutil import which

from benchmarks.failures import Failure

__all__ = ["Cores", "describe", "pinned", "share_out"]

_NAMED = ("fastapi", "starlette", "uvicorn", "pydantic", "sqlalchemy", "httpx", "litestar", "flask", "django")


@dataclass(frozen=True, slots=True)
class Cores:
    """Which processors serve, and which make the load."""

    server: tuple[int, ...]
    """One, for a server that is measured by itself."""
    shop: tuple[int, ...]
    """Two where there are enough, for three services at once."""
    load: tuple[int, ...]
    all: tuple[int, ...]


def share_out(wanted: Sequence[int] = ()) -> Cores:
    """Give the last processor to the load and the first ones to the servers."""
    free = tuple(wanted) or tuple(sorted(os.sched_getaffinity(0)))
    load = free[-1:]
    return Cores(server=free[:1], shop=free[:2] if len(free) > 2 else free[:1], load=load, all=free)


def pinned(cores: Sequence[int], command: Sequence[str]) -> list[str]:
    """Say how a command is run on these processors only."""
    taskset = which("taskset")
    if taskset is None:
        raise Failure("The benchmark wants taskset and finds none: apt-get install util-linux.")
    return [taskset, "-c", ",".join(map(str, cores)), *command]


def describe(cores: Cores) -> dict[str, str]:
    """Name the machine and the versions of what is measured."""
    return {
        "processor": f"{_model()}, {os.cpu_count()} processors",
        "kernel": platform.release(),
        "Python": platform.python_version(),
        "processors": f"server {_list(cores.server)}, shop {_list(cores.shop)}, load {_list(cores.load)}",
        "load average at the start": f"{os.getloadavg()[0]:.1f}",
        **{name: version(name) for name in _NAMED},
    }


def _model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _list(cores: Sequence[int]) -> str:
    return "+".join(map(str, cores))
