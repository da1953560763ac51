"""Where the time of a request goes: samples of a service's stack, taken by py-spy while it answers."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmarks.failures import Failure
from benchmarks.load import Load
from benchmarks.requests import Request
from benchmarks.shop import open_shop
from benchmarks.stage import Stage

__all__ = ["profile"]

_SECONDS = 10
_RATE = "400"  # samples a second
_ELSE = "everything else"
_PARTS: Mapping[str, tuple[str, ...]] = {
    "uvicorn: HTTP in and out, the loop": ("uvicorn/", "asyncio/"),
    "token": ("chassis/auth.py", "chassis/tokens.py", "chassis/keys.py", "jwt/"),
    "database": ("sqlalchemy/", "chassis/sqlite.py", "chassis/database.py", "/store/", "chassis/columns.py"),
    "metrics": ("chassis/telemetry/", "prometheus_client/"),
    "traces": ("chassis/tracing.py", "chassis/spans.py", "chassis/traces.py", "opentelemetry/", "fastapi/telemetry/"),
    "log line": ("chassis/logging.py", "chassis/redaction.py", "structlog/", "json/"),
    "context of a request": ("chassis/context.py",),
    "compression, refused": ("starlette/middleware/gzip.py",),
    "ETag": ("chassis/conditional.py",),
    "contract path": (
        "chassis/express.py",
        "chassis/answering.py",
        "chassis/arguments.py",
        "chassis/supplies.py",
        "chassis/matching.py",
        "chassis/binding.py",
        "chassis/route.py",
        "starlette/responses.py",
    ),
    "models: validation and JSON": ("pydantic/", "contracts/"),
    "other layers": ("chassis/boundary.py", "starlette/", "fastapi/"),
    "the service's own code": ("orders/",),
}
"""What a frame belongs to; a sample counts for the innermost frame that is listed."""


def profile(stage: Stage) -> str:
    """Read an order over and over, and tell in a table what the processor did meanwhile."""
    shop = open_shop(stage)
    (order,) = shop.write_orders(1)
    process = shop.processes["orders"]
    request = Request(f"{process.spec.url}/v2/orders/{order}", headers=shop.bearer)
    Load(64, 2, stage.cores.load).put_on(request)
    stacks = stage.folder / "stacks.txt"
    command = ["record", "--gil", "-p", str(process.pid), "-d", str(_SECONDS), "-r", _RATE, "-f", "raw", "-o", stacks]
    spy = Path(sys.executable).with_name("py-spy")
    said = stage.folder / "py-spy.log"
    with said.open("wb") as log, subprocess.Popen([spy, *command], stdout=log, stderr=log) as watching:  # noqa: S603 (ours)
        before = process.cpu_seconds()
        outcome = Load(64, _SECONDS, stage.cores.load).put_on(request)
        cpu = (process.cpu_seconds() - before) / outcome.requests * 1e6
        watching.wait()
    if not stacks.exists():
        raise Failure(
            f"py-spy should write down stacks, which takes the right to trace processes; it said:\n{said.read_text()}"
        )
    return _table(_shares(stacks.read_text().splitlines()), cpu)


def _shares(lines: Iterable[str]) -> dict[str, float]:
    counted = Counter[str]()
    for line in lines:
        stack, _, count = line.rpartition(" ")
        counted[_part(stack.split(";"))] += int(count)
    return {part: count / counted.total() for part, count in counted.most_common()}


def _part(frames: list[str]) -> str:
    for frame in reversed(frames):
        for part, files in _PARTS.items():
            if any(file in frame for file in files):
                return part
    return _ELSE


def _table(shares: Mapping[str, float], cpu: float) -> str:
    rows = [f"| {part} | {share:.1%} | {share * cpu:.0f} |" for part, share in shares.items()]
    head = [f"CPU of one request: {cpu:.0f} us.", "", "| part | share | us |", "| --- | ---: | ---: |"]
    return "\n".join([*head, *rows])
