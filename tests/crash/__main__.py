"""`python -m tests.crash`: break the shop at every point, on both databases, and count what does not hold."""

import asyncio
import os
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

import httpx
from chassis.testing_postgres import find_programs

from tests.leaving import leave_when_told

from .databases import Databases, open_databases
from .points import Case, cases
from .report import Row, head, totals
from .rush import PATIENT, rush
from .stack import open_stack
from .sweep import sweep

_MISSING = "PostgreSQL is left out: `apt-get install postgresql` brings the initdb that the run wants"


def main() -> int:
    """Run what was chosen; return the exit code."""
    example = "example: python -m tests.crash --only Placing.place --databases sqlite --no-rush"
    parser = ArgumentParser(prog="python -m tests.crash", description=__doc__, epilog=example)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"], metavar="KIND")
    parser.add_argument("--stacks", type=int, default=3, help="how many stacks of services for each database (3)")
    parser.add_argument("--only", default="", help="run only the cases whose names hold this")
    parser.add_argument("--every", type=int, default=1, help="run only every so manyeth case")
    parser.add_argument("--spread", action="store_true", help="run each case on one of the databases, in turn")
    parser.add_argument("--no-rush", action="store_true", help="leave the long run out")
    parser.add_argument("--no-sweep", action="store_true", help="leave the faults out")
    parser.add_argument("--seed", type=int, default=1, help="of the long run (1)")
    chosen = parser.parse_args()
    if "postgresql" in chosen.databases and find_programs() is None:
        print(_MISSING, flush=True)
        if "CI" in os.environ:
            return 1
        chosen.databases.remove("postgresql")
    leave_when_told()
    with tempfile.TemporaryDirectory(prefix="concord-crash-") as folder, open_databases(chosen.databases) as databases:
        return asyncio.run(_run(chosen, Path(folder), databases))


async def _run(chosen: Namespace, place: Path, databases: Databases) -> int:
    began, rows = perf_counter(), list[Row]()

    def report(row: Row) -> None:
        rows.append(row)
        print(row, flush=True)

    print(head(), flush=True)
    wanted = [] if chosen.no_sweep else [case for case in cases() if chosen.only in str(case)][:: chosen.every]
    async with asyncio.TaskGroup() as group:
        for position, kind in enumerate(chosen.databases):
            share = wanted[position :: len(chosen.databases)] if chosen.spread else wanted
            queue = _queue(share)
            for number in range(min(chosen.stacks, len(share))):
                home = place / f"{kind}-{number}"
                group.create_task(_sweep(home, databases, kind, queue, report))
    if not chosen.no_rush:
        async with asyncio.TaskGroup() as group:
            for kind in chosen.databases:
                group.create_task(_rush(place / f"{kind}-rush", databases, kind, chosen.seed, report))
    print(totals(rows, perf_counter() - began), flush=True)
    return 0 if rows and all(row.verdict.is_good for row in rows) else 1


async def _sweep(
    home: Path, databases: Databases, kind: str, queue: "asyncio.Queue[Case]", report: Callable[[Row], None]
) -> None:
    async with _client() as http, open_stack(home, await databases.make(kind, home), http) as stack:
        await sweep(stack, http, kind, queue, report)


async def _rush(home: Path, databases: Databases, kind: str, seed: int, report: Callable[[Row], None]) -> None:
    async with _client() as http, open_stack(home, await databases.make(kind, home), http, **PATIENT) as stack:
        report(await rush(stack, http, kind, seed))


def _client() -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=None, keepalive_expiry=4)
    return httpx.AsyncClient(limits=limits, trust_env=False)


def _queue(wanted: Sequence[Case]) -> "asyncio.Queue[Case]":
    queue = asyncio.Queue[Case]()
    for case in wanted:
        queue.put_nowait(case)
    return queue


if __name__ == "__main__":
    sys.exit(main())
