"""Databases for the stacks: SQLite files, or databases on a PostgreSQL server of our own."""

import asyncio
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chassis.testing_postgres import PostgresCluster, find_programs

from .stack import NAMES

__all__ = ["Databases", "open_databases"]


@dataclass(frozen=True, slots=True)
class Databases:
    """Makes three databases at a time, one for each service."""

    cluster: PostgresCluster | None

    async def make(self, kind: str, folder: Path) -> dict[str, str]:
        """Make databases, and return their URLs."""
        if self.cluster is None or kind == "sqlite":
            return {name: f"sqlite:///{folder / name}.db" for name in NAMES}
        return {name: await asyncio.to_thread(self._copy, self.cluster, name) for name in NAMES}

    def _copy(self, cluster: PostgresCluster, name: str) -> str:
        return cluster.url(cluster.make_database(f"{name}/migrations"))


@contextmanager
def open_databases(kinds: Iterable[str]) -> Generator[Databases]:
    """Start what the kinds of databases need; there is no event loop yet, or migrations could not run."""
    programs = find_programs()
    if programs is None or "postgresql" not in kinds:
        yield Databases(None)
        return
    with PostgresCluster.running(programs) as cluster:
        for name in NAMES:
            cluster.make_database(f"{name}/migrations")  # so that all that follow are copies
        yield Databases(cluster)
