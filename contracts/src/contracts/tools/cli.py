"""The command `contracts`: each of its commands is a module of this package."""

import sys

import typer

from contracts.tools.changelog import changelog
from contracts.tools.diff import diff, replay
from contracts.tools.explain import explain
from contracts.tools.export import export
from contracts.tools.faults import ToolError
from contracts.tools.gate import gate
from contracts.tools.laws import laws
from contracts.tools.lint import lint
from contracts.tools.readers import readers
from contracts.tools.regenerate import regenerate
from contracts.tools.release import release
from contracts.tools.verify import verify

__all__ = ["app", "main"]

app = typer.Typer(
    name="contracts",
    help="Prove that what is declared, what is published and what older clients rely on agree.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(export)
app.command()(release)
app.command()(verify)
app.command()(laws)
app.command()(diff)
app.command()(replay)
app.command()(explain)
app.command()(gate)
app.command()(changelog)
app.command()(readers)
app.command()(lint)
app.command()(regenerate)


def main() -> None:
    """Run a command: exit 1 for a finding, 2 where it cannot run."""
    try:
        app()
    except ToolError as exc:
        typer.echo(f"contracts: {exc}", err=True)
        sys.exit(2)
