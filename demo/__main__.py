"""`python -m demo`: show the shop, or keep it up."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from functools import partial
from pathlib import Path

from rich.console import Console

from demo.demonstration import demonstrate
from demo.interrupts import run
from demo.up import check_ports, keep_up

_STOPPED = 130  # what shells say of a command that Ctrl-C has ended

_EXAMPLES = """examples:
  python -m demo                           the same as: nox -s demo
  CONCORD_TOKEN_SECONDS=60 python -m demo  with a setting of the services (python -m users --help lists them)
"""

_UP_EXAMPLES = """examples:
  python -m demo up                                      the same as: nox -s up
  python -m demo up --ports 9001 9002 9003 --data shop   on other ports, keeping accounts and orders in ./shop
"""


def main() -> int:
    """Do what the command line says; return the exit code."""
    chosen = _parser().parse_args()
    code: int = chosen.act(Console(highlight=False), chosen)
    return code


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m demo",
        description="Start the shop's three services, place real orders, tell what happens, clean up.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.set_defaults(act=_demonstrate)
    _add_up(
        parser.add_subparsers(metavar="").add_parser(
            "up",
            help="keep the shop up until Ctrl-C",
            description="Start the shop's three services and keep them up until Ctrl-C; changed code is reloaded.",
            epilog=_UP_EXAMPLES,
            formatter_class=RawDescriptionHelpFormatter,
        )
    )
    return parser


def _add_up(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--ports",
        nargs=3,
        type=_port,
        default=(8001, 8002, 8003),
        metavar=("USERS", "CATALOG", "ORDERS"),
        help="where the services listen (8001 8002 8003)",
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep the databases in this folder")
    parser.set_defaults(act=_keep_up)


def _demonstrate(console: Console, chosen: Namespace) -> int:
    code = run(partial(demonstrate, console), interrupted=_STOPPED)
    if code == _STOPPED:
        console.print("Stopped; no process and no file is left.")
    return code


def _keep_up(console: Console, chosen: Namespace) -> int:
    check_ports(chosen.ports)
    code = run(partial(keep_up, console, chosen.ports, _folder(chosen.data)), interrupted=0)
    if code == 0:
        console.print("The shop is closed.")
    return code


def _folder(data: Path | None) -> Path | None:
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
    return data and data.resolve()


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ArgumentTypeError(f"a port is a number from 1 to 65535, and {text!r} is none")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
