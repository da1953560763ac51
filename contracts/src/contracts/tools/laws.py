"""`contracts laws`: tries the laws of translations on generated values of every translation there is."""

from typing import Annotated, Any

import typer
from hypothesis import settings
from rich.console import Console
from rich.table import Table

from contracts.tools.apis import translations
from contracts.tools.faults import guarded
from contracts.tools.lenses import LAWS, LawBroken, laws_hold
from contracts.translation import Translation

__all__ = ["laws"]

_MANY = 200


def laws(
    examples: Annotated[int, typer.Option("--examples", min=1, help="How many values to try the laws on.")] = _MANY,
) -> None:
    """Try the laws of every translation on generated values; a broken one shows the smallest example.

    Example: contracts laws --examples 1000
    """
    guarded(_laws, examples)


def _laws(examples: int) -> None:
    table = Table("translation", "values", "may lose", "laws", box=None)
    config = settings(max_examples=examples, derandomize=True)
    faults = {lens: fault for lens in translations() if (fault := _fault(lens, config))}
    for lens in translations():
        losses = [name for name, rule in lens.rules.items() if rule.lossy]
        verdict = "BROKEN" if lens in faults else "hold"
        table.add_row(_name(lens), str(examples), ", ".join(losses) or "nothing", verdict)
    Console().print(table)
    typer.echo(f"The laws are {', '.join(LAWS)}.")
    for fault in faults.values():
        typer.echo(fault)
    if faults:
        typer.echo("Correct the rule that the example shows, or declare what it loses.", err=True)
        raise typer.Exit(1)


def _name(lens: type[Translation[Any, Any]]) -> str:
    return f"{lens.__module__.removeprefix('contracts.').partition('.')[0]} {lens.__name__}"


def _fault(lens: type[Translation[Any, Any]], config: settings) -> str | None:
    try:
        laws_hold(lens, config)
    except LawBroken as exc:
        return str(exc)
    return None
