"""Start a service until it is ready, with its database there and its code compiled."""

from dataclasses import dataclass

from benchmarks.contest import Contest
from benchmarks.load import Load
from benchmarks.processes import Process, Spec
from benchmarks.rivals import Rivals
from benchmarks.samples import Sample
from benchmarks.shop import NAMES, open_shop, service
from benchmarks.stage import Stage

__all__ = ["contest"]


@dataclass(frozen=True, slots=True)
class Start:
    """Somebody who is started, and stopped again."""

    name: str
    spec: Spec
    stage: Stage

    def check(self) -> None:
        """Let the start itself show whether it works."""

    def run(self, load: Load) -> Sample:
        """Start it once, whatever the load."""
        process = Process(self.spec, self.stage.cores.server, self.stage.folder / f"start-{self.spec.name}.log")
        try:
            process.wait_until_ready()
            seconds = process.seconds_to_ready
            return Sample(
                rate=1 / seconds,
                cpu=process.cpu_seconds() * 1e6,
                p50=seconds * 1e3,
                p99=seconds * 1e3,
                memory=process.memory() / 2**20,
            )
        finally:
            process.stop()


def contest(stage: Stage) -> Contest:
    """Make the databases, so that only the start is left."""
    shop = open_shop(stage)
    (order,) = shop.write_orders(1)
    rivals = Rivals(stage, shop, f"{shop.url('orders')}/v2/orders/{order}")
    plain = Start("FastAPI + async ORM, the same things on", rivals.asgi("fastapi_orm_tutorial"), stage)
    settings = {**shop.settings, "CONCORD_SEED_PASSWORD": ""}  # hashing passwords for customers of tests takes its time
    ours = [Start(name, service(stage, name, shop.databases[name], settings), stage) for name in NAMES]
    return Contest(
        "start",
        "From the start of the process to the first answer of /readyz; p50 and p99 are that time, CPU and MiB what it "
        "took, and req/s one divided by it.",
        plain.name,
        [*ours, plain],
        connections=1,
        is_drawn=False,
    )
