"""`contracts verify`: the contract test, whether what each app publishes is what its declarations promise."""

import typer

from contracts.operation import Api
from contracts.tools.apis import apis
from contracts.tools.compare import Difference, differences
from contracts.tools.documents import Json, parse, render
from contracts.tools.faults import guarded
from contracts.tools.promise import promise
from contracts.tools.published import published

__all__ = ["broken_promises", "verify"]


def broken_promises(api: type[Api], document: Json) -> list[Difference]:
    """Compare what is published with what an Api promises."""
    label = f"{api.service} {api.version}"
    promised = parse(render(promise(api)), label)  # as plain JSON: an enum member is its text
    return differences(label, promised, document)


def verify() -> None:
    """Check that what each app publishes is what its declarations promise.

    The promise is computed from models and operations alone; each difference is named by operation and place.

    Example: contracts verify
    """
    guarded(_verify)


def _verify() -> None:
    found = apis()
    broken = 0
    for name, document in published(found).items():
        faults = broken_promises(found[name], document)
        broken += len(faults)
        typer.echo(f"{' '.join(name)}: {f'{len(faults)} differences' if faults else 'as promised'}")
        for fault in faults:
            typer.echo(f"  {fault.sentence()}")
    if broken:
        typer.echo("Change the app, or the declaration where that is what is wrong; both must say the same.", err=True)
        raise typer.Exit(1)
