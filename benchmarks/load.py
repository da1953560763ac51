"""The load: `wrk` on processors of its own, told what to send by a script in Lua."""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from pydantic import BaseModel

from benchmarks.failures import Failure
from benchmarks.machine import pinned
from benchmarks.requests import Request

__all__ = ["Load", "Outcome", "require_wrk"]

_COMMON = Path(__file__).with_name("wrk.lua")


class Outcome(BaseModel):
    """What came of one run."""

    requests: int
    microseconds: int
    wrong: int
    broken: int
    latencies: list[int]
    """A thousand quantiles, in microseconds."""

    @property
    def rate(self) -> float:
        return self.requests / (self.microseconds / 1e6)

    def latency(self, share: float) -> float:
        """Tell within how many milliseconds this share of the answers came."""
        return self.latencies[min(999, int(share * 1000))] / 1000


@dataclass(frozen=True, slots=True)
class Load:
    """How hard and how long to ask."""

    connections: int
    seconds: float
    cores: tuple[int, ...]

    def put_on(self, *requests: Request) -> Outcome:
        """Send the requests, each from its share of the connections, and tell what came of all of them."""
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="concord-bench-")))
            runs = [self._start(request, len(requests), folder / f"{n}.lua") for n, request in enumerate(requests)]
            return _merged([_read(run) for run in runs])

    def _start(self, request: Request, sharers: int, script: Path) -> "subprocess.Popen[str]":
        script.write_text(_script(request))
        connections = max(1, self.connections // sharers)
        command = [require_wrk(), "--latency"]
        command += ["-t", str(min(len(self.cores), connections)), "-c", str(connections), "--timeout", "30s"]
        command += ["-d", f"{max(1, round(self.seconds))}s", "-s", str(script), request.url]
        here = pinned(self.cores, command)
        return subprocess.Popen(here, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603 (ours)


def require_wrk() -> str:
    """Find `wrk`; raises Failure where there is none."""
    found = which("wrk")
    if found is None:
        raise Failure("The benchmark wants the load generator wrk and finds none: apt-get install wrk.")
    return found


def _read(run: "subprocess.Popen[str]") -> Outcome:
    told, _ = run.communicate()
    line = told.strip().rpartition("\n")[2]
    if run.returncode != 0 or not line.startswith("{"):
        raise Failure(f"wrk should tell what it measured in its last line, and told:\n{told}")
    return Outcome.model_validate_json(line)


def _merged(outcomes: Sequence[Outcome]) -> Outcome:
    if len(outcomes) == 1:
        return outcomes[0]
    weighted = sorted((point, outcome.requests) for outcome in outcomes for point in outcome.latencies)
    total, seen, latencies = sum(weight for _, weight in weighted), 0, list[int]()
    for point, weight in weighted:
        seen += weight
        latencies += [point] * (seen * 1000 // total - len(latencies))
    return Outcome(
        requests=sum(outcome.requests for outcome in outcomes),
        microseconds=max(outcome.microseconds for outcome in outcomes),
        wrong=sum(outcome.wrong for outcome in outcomes),
        broken=sum(outcome.broken for outcome in outcomes),
        latencies=latencies,
    )


def _script(request: Request) -> str:
    is_strict = bool(request.flow) or request.status >= 400
    headers = ", ".join(f"[{_lua(name)}] = {_lua(value)}" for name, value in request.headers.items())
    return "\n".join(
        (
            f"method, wanted, strict = {_lua(request.method)}, {request.status}, {str(is_strict).lower()}",
            f"headers = {{{headers}}}",
            f"body = {_lua(request.body) if request.body else 'nil'}",
            _COMMON.read_text(),
            request.flow,
        )
    )


def _lua(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string without \u or \/ is one of Lua's
