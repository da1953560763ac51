"""Why a command of the toolchain ends early: it cannot run, which is no finding of its own, or the fault is ours."""

import traceback
from collections.abc import Callable
from typing import ParamSpec

import typer

from contracts.compat.failures import Unreadable, reason

__all__ = ["ToolError", "guarded"]

P = ParamSpec("P")


class ToolError(Exception):
    """A command cannot run; the message says what was wanted, what was found, and what to do."""


def guarded(command: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Run a command: unreadable input and places are the caller's (2), anything unforeseen is ours (3)."""
    try:
        command(*args, **kwargs)
    except Unreadable as error:
        raise ToolError(str(error)) from None
    except (typer.Exit, typer.Abort, ToolError, BrokenPipeError):  # the last where nobody reads on, as before `head`
        raise
    except OSError as error:
        wanted, todo = "a place that can be read and written", "look at the path and at its permissions"
        raise ToolError(f"{error.filename or 'the output'}: wanted {wanted}, found {reason(error)}; {todo}") from None
    except Exception as error:  # noqa: BLE001 -- exit 3 tells CI that the gate failed, not the contract
        typer.echo(traceback.format_exc(), err=True)
        typer.echo(f"contracts: this is a fault of the gate itself, please report it: {error!r}", err=True)
        raise typer.Exit(3) from None
