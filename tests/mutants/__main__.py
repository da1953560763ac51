"""`python -m tests.mutants`: take each guard away on a copy of the tree, and see which test notices."""

import os
import sys
import tempfile
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from time import perf_counter

from chassis.testing_postgres import find_programs

from .guards import MUTANTS
from .mutant import Mutant, StaleMutant
from .report import head, totals, write
from .trial import Outcome, Tree

_EXAMPLE = "example: nox -s mutants -- --only cursor --jobs 2"
_MISSING = "PostgreSQL is left out: `apt-get install postgresql` brings the initdb that some mutants want"


def main() -> int:
    """Try what was chosen; return the exit code."""
    parser = ArgumentParser(
        prog="python -m tests.mutants",
        description=__doc__,
        epilog=_EXAMPLE,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", default="", help="try only the mutants whose names hold this")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many to try at once")
    chosen = parser.parse_args()
    wanted = [mutant for mutant in MUTANTS if chosen.only in mutant.name]
    if find_programs() is None:
        print(_MISSING, flush=True)
        if "CI" in os.environ:
            return 1
        wanted = [mutant for mutant in wanted if not mutant.wants_postgresql]
    if not wanted:
        print(f"wanted a mutant whose name holds {chosen.only!r}, found none: `--only` takes a part of a name")
        return 1
    try:
        for mutant in wanted:
            mutant.applied(Path())
    except StaleMutant as stale:
        print(stale)
        return 1
    return _try(wanted, min(chosen.jobs, len(wanted)))


def _try(wanted: Sequence[Mutant], jobs: int) -> int:
    began = perf_counter()
    with tempfile.TemporaryDirectory(prefix="concord-mutants-") as folder, ThreadPoolExecutor(jobs) as threads:
        trees = SimpleQueue[Tree]()
        for number in range(jobs):
            trees.put(Tree(Path(folder, str(number))))
        print(head(), flush=True)
        outcomes = list(_reported(threads.map(partial(_on_one, trees), wanted)))
    print(totals(outcomes, perf_counter() - began), flush=True)
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


def _on_one(trees: "SimpleQueue[Tree]", mutant: Mutant) -> Outcome:
    tree = trees.get()
    try:
        return tree.try_out(mutant)
    finally:
        trees.put(tree)


def _reported(outcomes: Iterable[Outcome]) -> Iterable[Outcome]:
    for outcome in outcomes:
        print(write(outcome), flush=True)
        yield outcome


if __name__ == "__main__":
    sys.exit(main())
