"""`python -m observe`: watch the shop live, or write what Prometheus and Grafana load."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from fractions import Fraction
from functools import partial
from pathlib import Path

from rich.console import Console

from demo.interrupts import run
from observe.files import ROOT, RUNBOOKS, stale, texts, write
from observe.live import observe

_STOPPED = 0  # Ctrl-C is how this ends

_EXAMPLES = """examples:
  python -m observe                  the same as: nox -s observe
  python -m observe --port 9200      the page on another port
  python -m observe --scale 1/60     an alert that waits for a minute waits for a second
"""

_WRITE_EXAMPLES = """examples:
  python -m observe write                                 write the committed files again
  python -m observe write --check                         only say whether they are what the data says
  python -m observe write --scale 1/300 --to /etc/shop    five minutes become one second, for a run that breaks things
"""


def main() -> int:
    """Do what the command line says; return the exit code."""
    chosen = _parser().parse_args()
    code: int = chosen.act(chosen)
    return code


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m observe",
        description="Start the shop under light load, and a page that shows it live; with alerts where Prometheus is.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=_port, default=8200, metavar="PORT", help="where the page is (8200); 0 is any")
    parser.add_argument("--scale", type=_factor, default=1.0, metavar="FACTOR", help="multiply alerts' times by it (1)")
    parser.set_defaults(act=_observe)
    _add_write(
        parser.add_subparsers(metavar="").add_parser(
            "write",
            help="write what Prometheus and Grafana load",
            description="Write the rules of Prometheus, and a dashboard for Grafana, from the data in observe/.",
            epilog=_WRITE_EXAMPLES,
            formatter_class=RawDescriptionHelpFormatter,
        )
    )
    return parser


def _add_write(parser: ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="write nothing, fail where a file is not up to date")
    parser.add_argument("--scale", type=_factor, default=1.0, metavar="FACTOR", help="multiply all times by it (1)")
    parser.add_argument("--to", type=Path, default=ROOT, metavar="DIR", help="write below this folder (deploy/observe)")
    parser.add_argument("--runbooks", default=RUNBOOKS, metavar="URL", help=f"where the runbooks are ({RUNBOOKS})")
    parser.set_defaults(act=_write)


def _observe(chosen: Namespace) -> int:
    return run(partial(observe, Console(highlight=False), chosen.port, chosen.scale), interrupted=_STOPPED)


def _write(chosen: Namespace) -> int:
    made = texts(chosen.scale, chosen.runbooks)
    old = stale(chosen.to, made)
    if chosen.check:
        for name in old:
            sys.stderr.write(f"{chosen.to / name} is not what observe/ says: run `python -m observe write`\n")
        return 1 if old else 0
    write(chosen.to, made)
    return 0


def _factor(text: str) -> float:
    try:
        factor = float(Fraction(text))
    except (ValueError, ZeroDivisionError):
        factor = 0
    if factor <= 0:
        raise ArgumentTypeError(f"a factor is a number above 0 such as 1/300 or 0.01, and {text!r} is none")
    return factor


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ArgumentTypeError(f"a port is a number from 0 to 65535, and {text!r} is none")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
