"""Whether two shapes may share a value: by kind, by tags, by what they list, refuse or require."""

from collections.abc import Sequence

from contracts.compat.graph import Asks
from contracts.compat.languages import search
from contracts.compat.shape import Shape, has_scalar
from contracts.compat.shapes import Shapes
from contracts.compat.values import Json, canonical


def ambiguous(engine: Asks, sender: Shape, readers: Sequence[Shape]) -> bool:
    """Tell whether a value might fall into two branches of one `oneOf` of the reader."""
    for at, one in enumerate(readers):
        for other in readers[at + 1 :]:
            if not (reachable(engine, sender, one) and reachable(engine, sender, other)):
                continue
            for mine in one.branches:
                for theirs in other.branches:
                    apart = mine.union == theirs.union and mine.index != theirs.index
                    if not apart or disjoint(one, engine.reader, other, engine.reader):
                        continue
                    if not (_kept_apart(engine, sender, mine.schema) or _kept_apart(engine, sender, theirs.schema)):
                        return True
    return False


def reachable(engine: Asks, sender: Shape, reader: Shape) -> bool:
    """Tell whether a sender sends all that a branch of the reader requires."""
    if sender.kind != "object" or sender.values is not None or engine.open_sender:
        return True
    return all(map(sender.members.may_hold, reader.members.required))


def _kept_apart(engine: Asks, sender: Shape, branch: Json) -> bool:
    """Tell whether the sender's own `oneOf` already keeps this shape out of that branch."""
    for own in sender.branches:
        for sibling in engine.sender.siblings(own.union):
            if sibling.index != own.index and engine.same.holds(sibling.schema, branch):
                return True
    return False


def tags(shape: Shape, shapes: Shapes) -> dict[str, dict[str, Json]]:
    """Give the members of an object whose few values tell it from others."""
    found: dict[str, dict[str, Json]] = {}
    if shape.kind == "object":
        for name, schema in shape.members.properties.items():
            held = shapes.scalars(schema)
            if held is not None:
                found[name] = {canonical(value): value for value in held}
    return found


def disjoint(one: Shape, ones: Shapes, other: Shape, others: Shapes) -> bool:
    """Tell whether two shapes certainly share no value."""
    if "any" in {one.kind, other.kind}:
        return False
    if one.kind != other.kind:
        return True
    if one.values is not None or other.values is not None:
        return _listed_apart(one, other)
    match one.kind:
        case "number":
            return one.numbers.meet(other.numbers).empty
        case "string":
            both = one.text.meet(other.text)
            return search(both.languages, (), both.shortest, both.longest)[0] == "none"
        case "object":
            return _told_apart(one, ones, other, others) or _closed_to(one, other) or _closed_to(other, one)
        case _:
            return False


def _told_apart(one: Shape, ones: Shapes, other: Shape, others: Shapes) -> bool:
    """Tell whether a member that both require has values of its own in each."""
    mine, theirs = tags(one, ones), tags(other, others)
    required = set(one.members.required) & set(other.members.required)
    return any(name in theirs and name in required and not set(mine[name]) & set(theirs[name]) for name in mine)


def _listed_apart(one: Shape, other: Shape) -> bool:
    """Tell whether none of the values that one shape lists belongs to the other."""
    if one.values is not None and other.values is not None:
        return not {*map(canonical, one.values)} & {*map(canonical, other.values)}
    listed, free = (one, other) if one.values is not None else (other, one)
    scalars = [value for value in listed.values or () if not isinstance(value, list | dict)]
    return len(scalars) == len(listed.values or ()) and not any(has_scalar(free, value) for value in scalars)


def _closed_to(one: Shape, other: Shape) -> bool:
    """Tell whether one shape refuses a member that the other requires."""
    return any(False in one.members.schemas_for(name) for name in other.members.required)
