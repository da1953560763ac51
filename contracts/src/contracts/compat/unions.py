"""How each shape of a sender finds its place among the shapes of a reader."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from contracts.compat.asking import Maker
from contracts.compat.graph import Asks, Gap, Inclusion, Point
from contracts.compat.overlaps import ambiguous, disjoint, tags
from contracts.compat.shape import Shape, has_scalar, literal
from contracts.compat.values import KINDS, Json, canonical
from contracts.compat.wire import translations

_MOST_TAGS = 40


def expand(engine: Asks, inclusion: Inclusion, senders: tuple[Shape, ...]) -> None:
    """Give every sender shape its options, and every shape without one a gap."""
    readers = engine.reader.of(inclusion.reader)
    if any(reader.kind == "any" and not reader.opaque and not reader.branches for reader in readers):
        return
    if any(sender.kind == "any" for sender in senders):
        inclusion.anything = _wanted(readers)
    homeless: list[Shape] = []
    for sender in _spread(engine, senders, readers):
        rest = _uncovered(engine, sender, readers)
        if rest is not None:
            _place(engine, inclusion, rest, readers, homeless)
    if homeless:
        inclusion.gaps.append(_no_place(homeless, readers))


def _spread(engine: Asks, senders: Sequence[Shape], readers: Sequence[Shape]) -> Iterator[Shape]:
    """Take apart what has to be compared part by part: anything, constants, tagged objects."""
    for sender in senders:
        if sender.kind == "any" and not any(reader.kind == "any" for reader in readers):
            finite: dict[str, tuple[Json, ...]] = {"null": (None,), "boolean": (False, True)}
            yield from (Shape(kind, finite.get(kind), opaque=sender.opaque) for kind in KINDS)
        elif sender.values is not None and sender.kind in {"array", "object"}:
            yield from _literals(sender, readers)
        elif sender.values is not None and any(reader.branches for reader in readers):
            yield from (sender.but(values=(value,)) for value in sender.values)
        else:
            yield from _by_tag(engine, sender, readers)


def _literals(sender: Shape, readers: Sequence[Shape]) -> Iterator[Shape]:
    listed = {canonical(value): reader for reader in readers for value in reader.values or ()}
    for value in sender.values or ():
        reader = listed.get(canonical(value))
        if reader is not None and reader.opaque:
            yield sender.but(values=(value,))
        elif reader is None:
            yield literal(value)


def _by_tag(engine: Asks, sender: Shape, readers: Sequence[Shape]) -> Iterator[Shape]:
    """Split an object by the values of a required tag that the reader's branches tell apart."""
    objects = [tags(reader, engine.reader) for reader in readers if reader.kind == "object"]
    if sender.kind == "object" and len(objects) > 1:
        for name, values in tags(sender, engine.sender).items():
            apart = any(name in item and not set(values) <= set(item[name]) for item in objects)
            if name in sender.members.required and 1 < len(values) <= _MOST_TAGS and apart:
                for value in values.values():
                    properties = {**sender.members.properties, name: engine.constant(value)}
                    yield sender.but(members=replace(sender.members, properties=properties))
                return
    yield sender


def _uncovered(engine: Asks, sender: Shape, readers: Sequence[Shape]) -> Shape | None:
    """Leave out the values of an enumeration that some branch accepts for certain."""
    if sender.values is None or sender.kind in {"array", "object"}:
        return sender
    plain = [reader for reader in readers if not reader.opaque and not reader.branches]
    left = tuple(value for value in sender.values if not any(_takes(engine, reader, value) for reader in plain))
    return sender.but(values=left) if left else None


def _takes(engine: Asks, reader: Shape, value: Json) -> bool:
    return not reader.text.formats and not reader.numbers.format and has_scalar(reader, value)


def _place(engine: Asks, inclusion: Inclusion, sender: Shape, readers: Sequence[Shape], homeless: list[Shape]) -> None:
    alike = [
        (shape, reader)
        for reader in readers
        for shape in (translations(sender, reader, engine.sender) if engine.textual else (sender,))
        if reader.kind in {"any", shape.kind}
    ]
    options = [pair for pair in alike if not disjoint(pair[0], engine.sender, pair[1], engine.reader)] or alike
    if not options:
        homeless.append(sender)
        return
    best = sorted(options, key=lambda option: _distance(engine, *option))
    inclusion.points.append(Point(sender, [engine.pair(shape, reader) for shape, reader in best]))
    if ambiguous(engine, sender, [reader for _, reader in options]):
        message = "more than one branch of `oneOf` may accept the same value, and `oneOf` refuses such a value"
        inclusion.gaps.append(Gap("union.overlap", message, lambda build: build.variants(sender), decided=False))


def _distance(engine: Asks, sender: Shape, reader: Shape) -> tuple[bool, ...]:
    mine, theirs = tags(sender, engine.sender), tags(reader, engine.reader)
    tagged = any(set(mine[name]) & set(theirs[name]) for name in mine if name in theirs)
    return not (sender.name and sender.name == reader.name), not tagged, sender.kind != reader.kind


def _no_place(homeless: Sequence[Shape], readers: Sequence[Shape]) -> Gap:
    wanted = _wanted(readers)
    found = ", ".join(dict.fromkeys(_called(shape) for shape in homeless))

    def recipe(build: Maker) -> Iterator[Json]:
        return chain.from_iterable(islice(build.variants(shape), 6) for shape in homeless)

    return Gap("type.narrowed", f"{found} sent, {wanted} accepted", recipe)


def _wanted(readers: Sequence[Shape]) -> str:
    return ", ".join(dict.fromkeys(map(_called, readers))) or "nothing"


def _called(shape: Shape) -> str:
    if shape.kind == "number" and shape.numbers.whole:
        return shape.name or "integer"
    return shape.name or shape.kind
