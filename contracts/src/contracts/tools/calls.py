"""How operations and functions are called, before and after: what a call loses."""

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.compat.values import Json, Node, mapping, sequence, text

__all__ = ["Loss", "function", "importing", "operations"]


@dataclass(frozen=True)
class Loss:
    """Something that code may use and that is gone or different; `program` ran before."""

    rule: str
    place: str
    message: str
    program: str = ""


def importing(place: str) -> str:
    """Write the line that imports a public name."""
    module, _, name = place.partition(":")
    return f"from {module} import {name}\n"


def operations(place: str, old: Node, new: Node) -> Iterator[Loss]:
    """Compare the operations of an Api."""
    start, name = importing(place), place.partition(":")[2]
    for operation, called in mapping(old["operations"]).items():
        now = mapping(new["operations"]).get(operation)
        if now is None:
            yield Loss("source.operation-removed", place, f"{name}.{operation} is gone", f"{start}{name}.{operation}")
        else:
            call = f"{start}{name}(None).{operation}({{}}).close()"
            names = f"{start}names = {name}.{operation}.parameters"
            yield from _called(place, f"{name}.{operation}", (call, names), called, now)


def function(place: str, old: Node, new: Node) -> Iterator[Loss]:
    """Compare a function."""
    start, name = f"from inspect import signature\n{importing(place)}", place.partition(":")[2]
    programs = f"{start}signature({name}).bind({{}})", f"{start}names = signature({name}).parameters.values()"
    yield from _called(place, name, programs, old, new)


def _called(place: str, name: str, programs: tuple[str, str], old: Json, new: Json) -> Iterator[Loss]:
    """Compare two signatures: `programs` call by keyword, and list the arguments."""
    before, after = _by_name(old), _by_name(new)
    yield from _missing(place, name, programs[0], before, after)
    yield from _moved(place, name, programs[1], before, after)
    for argument in [one for one in before if before[one] is not None and after.get(one) is not None]:
        if before[argument] != after[argument]:
            message = f"{name} took {before[argument]} for {argument}, and takes {after[argument]} now"
            yield Loss("source.default-changed", place, message)
    results = text(mapping(old)["result"]), text(mapping(new)["result"])
    if results[0] != results[1]:
        message = f"{name} returned {results[0]}, and returns {results[1]} now"
        yield Loss("source.result-changed", place, message)


def _missing(
    place: str, name: str, program: str, before: dict[str, str | None], after: dict[str, str | None]
) -> Iterator[Loss]:
    everything = ", ".join(f"{argument}=None" for argument in before)
    least = ", ".join(f"{argument}=None" for argument, default in before.items() if default is None)
    for argument in before:
        if argument not in after:
            message = f"{name} takes no {argument} any more"
            yield Loss("source.argument-removed", place, message, program.format(everything))
    for argument, default in after.items():
        if default is None and before.get(argument, "") is not None:
            message = f"{name} cannot be called without {argument} any more"
            yield Loss("source.argument-required", place, message, program.format(least))


def _moved(
    place: str, name: str, program: str, before: dict[str, str | None], after: dict[str, str | None]
) -> Iterator[Loss]:
    if before.keys() <= after.keys() and list(after)[: len(before)] != list(before):
        proof = f"{program}\nassert [one.name for one in names][:{len(before)}] == {list(before)}"
        yield Loss("source.argument-moved", place, f"{name} takes its arguments in another order", proof)


def _by_name(called: Json) -> dict[str, str | None]:
    arguments = map(mapping, sequence(mapping(called).get("arguments")))
    return {text(one["name"]): text(one["default"]) if one["default"] is not None else None for one in arguments}
