"""What code that imports the package loses: each loss shown by a program of two lines that no longer runs."""

import re
from collections.abc import Callable, Iterator, Mapping

from contracts.compat.findings import Finding, Pointer, identify
from contracts.compat.questions import Verdict
from contracts.compat.values import Json, Node, canonical, mapping, text, texts
from contracts.tools.calls import Loss, function, importing, operations
from contracts.tools.packages import Package

__all__ = ["losses", "shown"]

_MODULE = re.compile(r"contracts\.(\w+)\.(v[0-9]+|identity)")


def losses(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Loss]:
    """Compare two descriptions of a package's public names."""
    modules = {name.partition(":")[0] for name in after}
    gone = dict.fromkeys(module for name in before if (module := name.partition(":")[0]) not in modules)
    for module in gone:
        yield Loss("source.module-removed", module, f"the module {module} is gone", f"import {module}")
    for place, described in before.items():
        if place.partition(":")[0] in gone:
            continue
        if place not in after:
            yield _removed(place, mapping(described), before, after)
        else:
            yield from _changed(place, mapping(described), mapping(after[place]))


def _removed(place: str, described: Node, before: Mapping[str, Json], after: Mapping[str, Json]) -> Loss:
    """Report a name that is gone, and the new one that looks the same."""
    module, _, name = place.partition(":")
    fresh = [other for other in after if other not in before and other.startswith(f"{module}:")]
    same = [other for other in fresh if canonical(after[other]) == canonical(described) and len(described) > 1]
    hint = f", and {same[0].partition(':')[2]} looks the same" if same else ""
    return Loss("source.name-removed", place, f"{name} is gone{hint}", f"from {module} import {name}")


def _changed(place: str, old: Node, new: Node) -> Iterator[Loss]:
    kind, name = text(old["kind"]), place.partition(":")[2]
    if kind == new["kind"]:
        yield from _COMPARED.get(kind, _alike)(place, old, new)
    else:
        yield Loss("source.kind-changed", place, f"{name} was a {kind}, and is a {text(new['kind'])} now")


def _alike(place: str, old: Node, new: Node) -> Iterator[Loss]:
    """Take what can only be named to be the same as long as it has its name."""
    yield from ()


def _members(place: str, old: Node, new: Node) -> Iterator[Loss]:
    name = place.partition(":")[2]
    for member in mapping(old["members"]):
        if member not in mapping(new["members"]):
            yield Loss("source.member-removed", place, f"{name}.{member} is gone", f"{importing(place)}{name}.{member}")


def _bases(place: str, old: Node, new: Node) -> Iterator[Loss]:
    name = place.partition(":")[2]
    for base in texts(old["bases"]):
        if base not in texts(new["bases"]):
            wide = base.partition(":")[2]
            proof = f"{importing(base)}{importing(place)}assert issubclass({name}, {wide})"
            yield Loss("source.base-removed", place, f"`except {wide}` no longer catches {name}", proof)


def _fields(place: str, old: Node, new: Node) -> Iterator[Loss]:
    start, name = importing(place), place.partition(":")[2]
    before, after = mapping(old.get("fields")), mapping(new.get("fields"))
    for field, described in before.items():
        if field not in after:
            program = f"{start}{name}.model_construct({field}=None).{field}"
            yield Loss("source.field-removed", place, f"{name}.{field} is gone", program)
        elif mapping(described)["type"] != mapping(after[field])["type"]:
            types = text(mapping(described)["type"]), text(mapping(after[field])["type"])
            message = f"{name}.{field} was a {types[0]}, and is a {types[1]} now"
            yield Loss("source.type-changed", place, message)
    for field, described in after.items():
        known = mapping(before.get(field)).get("required") is True
        if old.get("sent") and mapping(described)["required"] and not known:
            program = f'{start}assert not {name}.model_fields["{field}"].is_required()'
            if field not in before:
                program = f'{start}assert "{field}" not in {name}.model_fields'
            yield Loss("source.field-required", place, f"{name} cannot be made without {field} any more", program)


_COMPARED: dict[str, Callable[[str, Node, Node], Iterator[Loss]]] = {
    "enum": _members,
    "error": _bases,
    "model": _fields,
    "api": operations,
    "function": function,
}


def shown(found: list[Loss], sides: tuple[Package, Package]) -> Iterator[Finding]:
    """Run each program on both sides: it proves a loss when it ran, and does not run any more."""
    programs: list[Json] = [loss.program for loss in found]
    before, after = (texts(side.ask("perform", programs)) for side in sides)
    for loss, ran, runs in zip(found, before, after, strict=True):
        proved = bool(loss.program) and not ran and bool(runs)
        yield _finding(loss, "breaking" if proved else "suspect" if loss.program else "behaviour", runs)


def _finding(loss: Loss, verdict: Verdict, refusal: str) -> Finding:
    module = loss.place.partition(":")[0]
    versioned = _MODULE.fullmatch(module)
    document = f"{versioned[1]}.{versioned[2]}.json" if versioned else "contracts"
    at = Pointer(base=loss.place, revision=loss.place)
    return Finding(
        id=identify(document, loss.rule, "request", at, loss.message),
        document=document, rule=loss.rule, verdict=verdict, source="code", axis="source", direction="request",
        operation=loss.place, operations=[loss.place], where="import", pointer=at, root=at, message=loss.message,
        witness=loss.program or None, control=None, refusal=refusal,
    )  # fmt: skip
