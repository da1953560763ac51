"""`python -m benchmarks`: measure, and write down what was measured."""

import shlex
import signal
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from benchmarks.contest import Contest, Pace, Result
from benchmarks.load import require_wrk
from benchmarks.machine import Cores, describe, share_out
from benchmarks.plot import as_svg
from benchmarks.profile import profile
from benchmarks.report import as_json, as_markdown
from benchmarks.stage import Stage
from benchmarks.workloads import (
    calling,
    connections,
    crowding,
    login,
    machinery,
    placing,
    products,
    reading,
    starting,
    telemetry,
    translating,
    users,
    viewing,
    working,
)

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
    "machinery": machinery.contest,
    "connections": connections.contest,
    "orders": crowding.contest,
    "workers": working.contest,
    "start": starting.contest,
    "traces": telemetry.traces,
    "errors": telemetry.errors,
}

_IN_DEPTH = {
    "machinery",
    "connections",
    "orders",
    "workers",
    "start",
    "traces",
    "errors",
}  # which the quick run leaves out
_FULL = (5, 4.0)  # rounds, and seconds of each
_QUICK = (1, 1.0)


def main() -> None:
    """Do what the command line says."""
    chosen = _parser().parse_args()
    signal.signal(signal.SIGTERM, _end)
    require_wrk()
    cores = share_out(chosen.cores)
    rounds, seconds = _QUICK if chosen.quick else _FULL
    pace = Pace(chosen.rounds or rounds, chosen.seconds or seconds, lambda line: print(line, file=sys.stderr))
    machine = describe(cores)
    results = list[Result]()
    where = ""
    try:
        for name in chosen.only or [name for name in WORKLOADS if not (chosen.quick and name in _IN_DEPTH)]:
            with Stage.open(cores, chosen.database, is_quick=chosen.quick) as stage:
                results.append(WORKLOADS[name](stage).hold(pace, cores.load))
        where = _profile(cores) if chosen.profile else ""
    finally:
        if results:  # which are not lost where the rest cannot be measured
            _report(results, machine, where, chosen.out)


def _report(results: Sequence[Result], machine: Mapping[str, str], where: str, folder: Path) -> None:
    command = f"nox -s bench -- {shlex.join(sys.argv[1:])}".removesuffix(" -- ")
    page = as_markdown(results, machine, command, where)
    print(page)
    files = {".md": page, ".json": as_json(results, machine, command), ".svg": as_svg(results)}
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, content in files.items():
        (folder / f"benchmark{suffix}").write_text(content)


def _end(number: int, frame: FrameType | None) -> None:
    """Leave as after Ctrl-C, so that no server stays behind."""
    sys.exit(128 + number)


def _profile(cores: Cores) -> str:
    with Stage.open(cores, "sqlite") as stage:
        return profile(stage)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="nox -s bench --",
        description="Measure the services side by side with what people would use instead.",
        epilog="example:\n  nox -s bench -- --quick --only read",
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="one short round of the main workloads, for a first look")
    parser.add_argument("--only", nargs="+", choices=WORKLOADS, metavar="WORKLOAD", help=f"of {', '.join(WORKLOADS)}")
    parser.add_argument("--profile", action="store_true", help="tell also where the time of one request goes")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite", help="sqlite if not said")
    parser.add_argument("--rounds", type=int, help="how often everybody is measured")
    parser.add_argument("--seconds", type=float, help="how long a round lasts for each")
    parser.add_argument("--cores", type=int, nargs="+", default=[], help="processors to use; the last makes the load")
    parser.add_argument("--out", type=Path, default=Path(".artifacts/bench"), help="folder for page, samples and plot")
    return parser


if __name__ == "__main__":
    main()
