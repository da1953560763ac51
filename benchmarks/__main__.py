"""`python -m benchmarks`: measure, and write down what was measured."""

import shlex
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.contest import Contest, Pace, Result
from benchmarks.load import require_wrk
from benchmarks.machine import describe, share_out
from benchmarks.report import as_json, as_markdown
from benchmarks.stage import Stage
from benchmarks.workloads import calling, login, placing, products, reading, translating, users, viewing

__all__ = ["WORKLOADS"]

WORKLOADS: Mapping[str, Callable[[Stage], Contest]] = {
    "read": reading.contest,
    "products": products.contest,
    "place": placing.contest,
    "includes": viewing.contest,
    "login": login.contest,
    "v1": translating.contest,
    "users": users.contest,
    "calls": calling.contest,
}

_FULL = (5, 4.0)  # rounds, and seconds of each
_QUICK = (3, 1.0)


def main() -> None:
    """Do what the command line says."""
    chosen = _parser().parse_args()
    require_wrk()
    cores = share_out(chosen.cores)
    rounds, seconds = _QUICK if chosen.quick else _FULL
    pace = Pace(chosen.rounds or rounds, chosen.seconds or seconds, lambda line: print(line, file=sys.stderr))
    machine = describe(cores)
    results = list[Result]()
    for name in chosen.only or WORKLOADS:
        with Stage.open(cores, chosen.database) as stage:
            results.append(WORKLOADS[name](stage).hold(pace, cores.load))
    command = f"nox -s bench -- {shlex.join(sys.argv[1:])}".removesuffix(" -- ")
    page = as_markdown(results, machine, command)
    print(page)
    _write(chosen.out, page, as_json(results, machine, command))


def _write(folder: Path, page: str, samples: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "benchmark.md").write_text(page)
    (folder / "benchmark.json").write_text(samples)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="nox -s bench --",
        description="Measure the services side by side with what people would use instead.",
        epilog="example:\n  nox -s bench -- --quick --only read",
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="few short rounds, for a first look")
    parser.add_argument("--only", nargs="+", choices=WORKLOADS, metavar="WORKLOAD", help=f"of {', '.join(WORKLOADS)}")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite", help="sqlite if not said")
    parser.add_argument("--rounds", type=int, help="how often everybody is measured")
    parser.add_argument("--seconds", type=float, help="how long a round lasts for each")
    parser.add_argument("--cores", type=int, nargs="+", default=[], help="processors to use; the last makes the load")
    parser.add_argument("--out", type=Path, default=Path(".artifacts/bench"), help="folder for page, samples and plot")
    return parser


if __name__ == "__main__":
    main()
