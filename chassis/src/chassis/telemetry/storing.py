"""What is measured of units of work on the database."""

from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Literal, Protocol, TypeVar

from sqlalchemy import Connection, Pool, QueuePool

from chassis.sabotage import Units
from chassis.telemetry.instruments import Label, gauge, histogram
from chassis.telemetry.metrics import Metrics

__all__ = ["INSTRUMENTS", "measured"]

T = TypeVar("T")

_KIND = Label("kind", "whether the unit may change anything").of("read", "write")

UNIT_WAIT = histogram(
    "concord_database_unit_wait_seconds",
    "How long units of work waited until they began: for a thread, a connection, a lock, or another try.",
    _KIND,
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
UNIT_RUN = histogram(
    "concord_database_unit_run_seconds",
    "How long units of work ran, with their commit; one that never began did not run.",
    _KIND,
    Label("outcome", "`failed` is what raised, a refusal by a rule too").of("done", "failed"),
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
CONNECTIONS = gauge(
    "concord_database_connections",
    "Connections to the database.",
    Label("state", "`used` by a unit of work, or `idle`").of("used", "idle"),
)

INSTRUMENTS = (UNIT_WAIT, UNIT_RUN, CONNECTIONS)


class _UnitFigures:
    """Measures how long units of work wait, and how long they run."""

    def __init__(self, metrics: Metrics) -> None:
        self._wait = metrics.distribution(UNIT_WAIT)
        self._run = metrics.distribution(UNIT_RUN)

    async def measure(
        self,
        kind: Literal["read", "write"],
        run: Callable[[Callable[[Connection], T]], Awaitable[T]],
        unit: Callable[[Connection], T],
    ) -> T:
        """Let `run` do the unit, and note how long that took."""
        asked = perf_counter()
        begun: float | None = None

        def timed(tx: Connection) -> T:
            nonlocal begun
            begun = perf_counter()  # of the last try, where there are several
            return unit(tx)

        outcome = "failed"
        try:
            result = await run(timed)
            outcome = "done"
            return result
        finally:
            ended = perf_counter()
            self._wait.observe((begun or ended) - asked, kind)
            if begun is not None:
                self._run.observe(ended - begun, kind, outcome)


class _MeasuredUnits:
    """Runs units of work, and measures them."""

    def __init__(self, units: Units, metrics: Metrics) -> None:
        self._units = units
        self._figures = _UnitFigures(metrics)

    async def read(self, unit: Callable[[Connection], T]) -> T:
        return await self._figures.measure("read", self._units.read, unit)

    async def glance(self, unit: Callable[[Connection], T]) -> T:
        return await self._figures.measure("read", self._units.glance, unit)

    async def write(self, unit: Callable[[Connection], T]) -> T:
        return await self._figures.measure("write", self._units.write, unit)

    async def close(self) -> None:
        await self._units.close()


class PooledUnits(Units, Protocol):
    """What runs units of work on connections that it keeps."""

    @property
    def pools(self) -> tuple[Pool, ...]: ...


def measured(units: PooledUnits, metrics: Metrics) -> Units:
    """Let units of work be measured, and connections be counted whenever somebody asks."""
    connections = metrics.level(CONNECTIONS)

    def look() -> None:
        queues = [pool for pool in units.pools if isinstance(pool, QueuePool)]
        connections.set(sum(pool.checkedout() for pool in queues), "used")
        connections.set(sum(pool.checkedin() for pool in queues), "idle")

    metrics.look(look)
    return _MeasuredUnits(units, metrics)
