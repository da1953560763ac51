"""Call another service a hundred times at once: what the caller spends."""

import subprocess
from dataclasses import dataclass

from pydantic import BaseModel

from benchmarks.contest import Contest
from benchmarks.load import Load
from benchmarks.machine import pinned
from benchmarks.processes import python
from benchmarks.rivals import Rivals
from benchmarks.samples import Sample, WrongAnswer
from benchmarks.shop import open_shop
from benchmarks.stage import Stage

__all__ = ["OURS", "STOCK", "TYPED", "contest"]

STOCK = "stock httpx"
OURS = "Concord: httpx over chassis.wire"
TYPED = "Concord: contract client of chassis.peers"
_CLIENTS = {
    STOCK: "httpx",
    "httpx2": "httpx2",
    "aiohttp": "aiohttp",
    "httpx over httpx-aiohttp": "httpx-aiohttp",
    "contract client over stock httpx": "contract",
    OURS: "wire",
    TYPED: "peers",
}


class Told(BaseModel):
    """What a client says of itself."""

    calls: int
    seconds: float
    cpu_seconds: float
    p50: float
    p99: float
    memory: int


@dataclass(frozen=True, slots=True)
class Client:
    """A process that calls, and measures itself."""

    name: str
    kind: str
    url: str
    cores: tuple[int, ...]

    def check(self) -> None:
        """Let the calls themselves look at each answer."""

    def run(self, load: Load) -> Sample:
        """Call for so many seconds, and tell what it took."""
        arguments = (self.kind, self.url, str(load.connections), str(load.seconds))
        command = pinned(self.cores, python("-m", "benchmarks.contenders.calling", *arguments))
        ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
        if ran.returncode != 0:
            raise WrongAnswer(ran.stderr.rstrip(" +|-\n").rpartition("\n")[2].lstrip(" |"))
        told = Told.model_validate_json(ran.stdout)
        return Sample(
            rate=told.calls / told.seconds,
            cpu=told.cpu_seconds / told.calls * 1e6,
            p50=told.p50,
            p99=told.p99,
            memory=told.memory / 2**20,
        )


def contest(stage: Stage) -> Contest:
    """Start one server that answers from memory, on the load's processor; the clients have the server's."""
    shop = open_shop(stage)
    (order,) = shop.write_orders(1)
    path = f"/v2/orders/{order}"
    rivals = Rivals(stage, shop, shop.url("orders") + path)
    (raw,) = stage.start(rivals.asgi("raw_asgi"), cores=stage.cores.load)
    for process in shop.processes.values():
        process.stop()
    return Contest(
        "calls between services",
        "An order of five lines from a server that has it in memory, 100 calls at a time; CPU is the caller's. "
        "All read the JSON; contract clients also send deadline and trace, and validate what they read.",
        STOCK,
        [Client(name, kind, raw.spec.url + path, stage.cores.server) for name, kind in _CLIENTS.items()],
        connections=100,
    )
