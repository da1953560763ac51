"""The values that two shapes have in common: what `allOf` makes of its parts."""

from collections.abc import Callable
from typing import TypeAlias

from contracts.compat.shape import Items, Members, Opaque, Shape, has_scalar, lesser
from contracts.compat.values import Json, Node, canonical

Both: TypeAlias = Callable[[Json, Json], Json]


def meet(one: Shape, other: Shape, both: Both) -> Shape | None:
    """Give the values that have both shapes."""
    if "any" in {one.kind, other.kind}:
        kept, free = (other, one) if one.kind == "any" else (one, other)
        return kept.but(
            opaque=_joined(one, other), branches=one.branches + other.branches, ghosts=kept.ghosts + free.ghosts
        )
    if one.kind != other.kind:
        return None
    shared = one.but(opaque=_joined(one, other), name=one.name or other.name, branches=one.branches + other.branches)
    if one.values is not None or other.values is not None:
        limited = one.values is None or other.values is None
        return shared.but(values=_common(one, other), opaque=shared.opaque + _unchecked(one, limited=limited))
    match one.kind:
        case "number":
            return shared.but(numbers=one.numbers.meet(other.numbers))
        case "string":
            return shared.but(text=one.text.meet(other.text))
        case "array":
            return shared.but(items=_meet_items(one.items, other.items, both))
        case _:
            return shared.but(members=_meet_members(one.members, other.members, both))


def _meet_items(one: Items, other: Items, both: Both) -> Items:
    length = max(len(one.prefix), len(other.prefix))
    return Items(
        tuple(both(one.at(index), other.at(index)) for index in range(length)),
        both(one.rest, other.rest),
        max(one.fewest, other.fewest),
        lesser(one.most, other.most),
        one.unique or other.unique,
    )


def _meet_members(one: Members, other: Members, both: Both) -> Members:
    names = dict.fromkeys((*one.properties, *other.properties))
    properties: Node = {}
    for name in names:
        schemas = one.schemas_for(name) + other.schemas_for(name)
        properties[name] = schemas[0]
        for schema in schemas[1:]:
            properties[name] = both(properties[name], schema)
    extra = other.extra if one.extra is None else one.extra
    if one.extra is not None and other.extra is not None:
        extra = both(one.extra, other.extra)
    patterned = dict(one.patterned)
    for pattern, schema in other.patterned.items():
        patterned[pattern] = both(patterned.get(pattern, True), schema)
    return Members(
        properties,
        tuple(dict.fromkeys(one.required + other.required)),
        extra,
        patterned,
        max(one.fewest, other.fewest),
        lesser(one.most, other.most),
        both(one.names, other.names),
    )


_ANYTHING: Node = {}


def _unchecked(shape: Shape, *, limited: bool) -> tuple[Opaque, ...]:
    """Own up that constant lists and objects were not held against the other side of a meet."""
    if not limited or shape.kind not in {"array", "object"}:
        return ()
    return (Opaque("enum", _ANYTHING, separable=False),)


def _joined(one: Shape, other: Shape) -> tuple[Opaque, ...]:
    return tuple({id(item.schema): item for item in (*one.opaque, *other.opaque)}.values())


def _common(one: Shape, other: Shape) -> tuple[Json, ...]:
    finite, limit = (one, other) if one.values is not None else (other, one)
    values = finite.values or ()
    if limit.values is not None:
        known = set(map(canonical, limit.values))
        return tuple(value for value in values if canonical(value) in known)
    return tuple(value for value in values if isinstance(value, list | dict) or has_scalar(limit, value))
