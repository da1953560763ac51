"""`python -m observe`: write what Prometheus and Grafana load."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from fractions import Fraction
from pathlib import Path

from observe.files import ROOT, RUNBOOKS, stale, texts, write

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
    parser = ArgumentParser(prog="python -m observe", description="Watch the shop.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_write(
        commands.add_parser(
            "write",
            help="write the rules of Prometheus",
            description="Write the rules of Prometheus from the data in observe/.",
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


if __name__ == "__main__":
    sys.exit(main())
