"""The command line that every service has: `python -m <service>` serves, and its sub-commands do chores."""

import json
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, NoReturn, TypeVar

from fastapi import FastAPI

from chassis.logging import configure
from chassis.serving import serve
from chassis.settings import ServiceSettings, describe, load
from chassis.telemetry.reports import Report, reporting

__all__ = ["Command", "Program", "run"]

S = TypeVar("S", bound=ServiceSettings)


@dataclass(frozen=True)
class Command(Generic[S]):
    """A chore of one service, as `keys rotate`; it takes the settings and what else stands on the line."""

    words: str
    summary: str
    run: Callable[[S, Namespace], None]
    arguments: Sequence[str] = ()


@dataclass(frozen=True)
class Program(Generic[S]):
    """What a service gives to its command line."""

    name: str
    settings: type[S]
    app: Callable[[S], FastAPI]
    migrate: Callable[[S], Iterable[str]]
    """Bring the database up to date and name what was done."""
    documents: Mapping[str, Callable[[], Mapping[str, object]]]
    """What is published, by version; made without settings, so that anybody can print it anywhere."""
    commands: Sequence[Command[S]] = ()


def run(program: Program[S], line: Sequence[str] | None = None) -> None:
    """Do what the command line says."""
    chosen = _parser(program).parse_args(line)
    chosen.act(chosen)


class _Parser(ArgumentParser):
    """Says in one line what is wrong."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser(program: Program[S]) -> ArgumentParser:
    parser = _Parser(
        prog=f"python -m {program.name}",
        description=f"Serve {program.name}, or do one of its chores.",
        epilog=_epilog(program),
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.set_defaults(act=partial(_serve, program))
    chores = parser.add_subparsers(title="chores", metavar="")
    groups = {"": chores}
    for command in _commands(program):
        group, _, word = command.words.rpartition(" ")
        if group not in groups:
            help_line = ", ".join(other.words for other in program.commands if other.words.startswith(f"{group} "))
            groups[group] = chores.add_parser(group, help=help_line).add_subparsers(required=True, metavar="CHORE")
        chore = groups[group].add_parser(word, help=command.summary, description=command.summary)
        for argument in command.arguments:
            chore.add_argument(argument, metavar=argument.upper())
        chore.set_defaults(act=partial(_do, program, command))
    _add_document_printer(chores.add_parser("openapi", help="print what one version publishes"), program)
    return parser


def _commands(program: Program[S]) -> list[Command[S]]:
    def migrate(settings: S, chosen: Namespace) -> None:
        for step in program.migrate(settings):
            print(step)

    return [Command("migrate", "bring the database up to date", migrate), *program.commands]


def _add_document_printer(parser: ArgumentParser, program: Program[S]) -> None:
    parser.add_argument("version", choices=program.documents, metavar="VERSION")
    parser.set_defaults(act=partial(_print_document, program))


def _print_document(program: Program[S], chosen: Namespace) -> None:
    json.dump(program.documents[chosen.version](), sys.stdout, indent=2, ensure_ascii=False)
    print()


def _do(program: Program[S], command: Command[S], chosen: Namespace) -> None:
    settings = load(program.settings)
    _log(program, settings)
    command.run(settings, chosen)


def _serve(program: Program[S], chosen: Namespace) -> None:
    settings = load(program.settings)
    with reporting(settings, program.name) as report:
        _log(program, settings, report)
        serve(partial(program.app, settings), settings)


def _log(program: Program[S], settings: S, report: Report | None = None) -> None:
    reveal = settings.env != "production"
    configure(settings.log_level, settings.log_format, program.name, reveal=reveal, report=report)


def _epilog(program: Program[S]) -> str:
    return (
        f"settings, from variables or from files of these names in lower case:\n{describe(program.settings)}\n\n"
        f"example:\n  CONCORD_PORT=8100 CONCORD_LOG_FORMAT=pretty python -m {program.name}"
    )
