"""The database of a service: units of work, each one plain function over a connection.

`await database.write(lambda tx: store.reserve(tx, order))` runs the function in a transaction that is
committed before the call returns, so that an answer never speaks of what was not saved.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TypeVar

from sqlalchemy import Connection, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from chassis.faults import Faults
from chassis.sabotage import Units, UnitSaboteur
from chassis.sqlite import SqliteUnits, Synchronous
from chassis.telemetry.metrics import Metrics
from chassis.telemetry.storing import measured
from chassis.tracing import TracedUnits

if TYPE_CHECKING:
    from chassis.postgres import PostgresUnits

__all__ = ["Database", "Dialect", "dialect_of", "parse_url"]

T = TypeVar("T")
Dialect = Literal["sqlite", "postgresql"]


class Database:
    """Runs units of work on an SQLite file or a PostgreSQL server.

    A unit must depend on nothing but the database and what it was given, and change nothing else: it may run in
    another thread, and again from its start: on PostgreSQL after it lost a race, on SQLite after another unit broke
    the transaction that both were in.
    """

    def __init__(self, dialect: Dialect, units: Units) -> None:
        self.dialect: Dialect = dialect
        self._units = units

    @classmethod
    def open(
        cls, url: str, *, synchronous: Synchronous = "FULL", pool: int = 10, metrics: Metrics | None = None
    ) -> "Database":
        """Prepare what `url` names without connecting yet; `synchronous` is SQLite's, and NORMAL may lose the last
        commits when the power fails."""
        parsed = parse_url(url)
        dialect = dialect_of(parsed)
        units = SqliteUnits(parsed, synchronous, pool) if dialect == "sqlite" else _postgres(parsed, pool)
        return cls(dialect, measured(units, metrics) if metrics else units)

    async def read(self, unit: Callable[[Connection], T]) -> T:
        """Run the unit on one consistent snapshot, in which it can change nothing."""
        return await self._units.read(unit)

    async def glance(self, unit: Callable[[Connection], T]) -> T:
        """Run a unit that reads a few rows by their keys, where they are: on SQLite without a change of thread.

        It holds up everybody for as long as it takes, so it must be done in microseconds, whatever there is to read.
        """
        return await self._units.glance(unit)

    async def write(self, unit: Callable[[Connection], T]) -> T:
        """Run the unit in one transaction: committed when this returns, rolled back when the unit raises.

        Cancelling the caller leaves the unit whole or undone, never half done.
        """
        return await self._units.write(unit)

    def sabotage(self, faults: Faults) -> None:
        """Let units of work meet faults from now on, for tests."""
        self._units = UnitSaboteur(self._units, faults)

    def trace(self) -> None:
        """Let units of work in sampled traces be recorded from now on."""
        self._units = TracedUnits(self._units, self.dialect)

    async def ping(self) -> None:
        """Raise `Unavailable` unless the database answers."""
        await self.read(lambda connection: connection.execute(select(1)).one())

    async def close(self) -> None:
        """Let go of all connections; units in flight on SQLite finish first."""
        await self._units.close()


def parse_url(text: str) -> URL:
    """Read the URL of a database that a service can use, and refuse every other without telling its password."""
    try:
        url = make_url(text)
    except ArgumentError:  # its text may hold a password
        raise _refusal("text that is not a URL") from None
    on_file = url.drivername == "sqlite" and url.database not in (None, "", ":memory:")
    if not on_file and url.drivername not in ("postgresql", "postgresql+asyncpg"):
        raise _refusal(url.render_as_string(hide_password=True))
    return url


def dialect_of(url: URL) -> Dialect:
    """Say which of the two databases a parsed URL names."""
    return "sqlite" if url.drivername == "sqlite" else "postgresql"


def _postgres(url: URL, pool: int) -> "PostgresUnits":
    from chassis.postgres import PostgresUnits  # noqa: PLC0415 -- its driver takes a third of a start

    return PostgresUnits(url, pool)


def _refusal(found: str) -> ValueError:
    return ValueError(
        "the database URL should be sqlite:///path/to/file.db or postgresql://user:password@host/name, "
        f"found {found}: set CONCORD_DATABASE_URL to one of those"
    )
