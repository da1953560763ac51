"""One shape of the sender against one of the reader: which rules fail, and which parts must hold too."""

from collections.abc import Iterator
from itertools import chain

from contracts.compat.arrays import array_gaps
from contracts.compat.asking import Maker, Recipe
from contracts.compat.graph import Asks, Gap, Inclusion, Pairing, Point
from contracts.compat.languages import search
from contracts.compat.numbers import Numbers, as_json
from contracts.compat.objects import object_gaps
from contracts.compat.overlaps import disjoint, reachable
from contracts.compat.shape import Opaque, Shape, has_scalar
from contracts.compat.strings import text_gaps
from contracts.compat.values import Json, canonical, mapping

_WIDER_THAN = {"int32": ("int64",), "float": ("double",)}
_SPECIAL = frozenset("\\^$.|?*+()[]{}/")
_COUNTED = frozenset({"int64", "double", "float", "int32"})


def compare(engine: Asks, pairing: Pairing) -> None:
    """Fill in the gaps and edges of a pairing."""
    sender, reader = pairing.sender, pairing.reader
    pairing.gaps += _opaque_gaps(engine, sender, reader)
    _ghost_edges(engine, pairing)
    if reader.kind == "any":
        return
    if reader.values is not None or (sender.values is not None and reader.kind not in {"array", "object"}):
        pairing.gaps += _finite_gaps(sender, reader)
        return
    match reader.kind:
        case "number":
            pairing.gaps += _number_gaps(sender.numbers, reader.numbers)
        case "string":
            pairing.gaps += text_gaps(sender.text, reader.text)
        case "array":
            array_gaps(engine, pairing)
        case _:
            object_gaps(engine, pairing)


def _finite_gaps(sender: Shape, reader: Shape) -> Iterator[Gap]:
    allowed = None if reader.values is None else {*map(canonical, reader.values)}

    def refused(value: Json) -> bool:
        return not has_scalar(reader, value) if allowed is None else canonical(value) not in allowed

    if sender.values is None and _listed_within(sender, reader):
        return
    if sender.values is None:
        shown = ", ".join(canonical(value)[:40] for value in (reader.values or ())[:8])
        rule, message = "enum.added", f"only {shown} accepted now"
        yield Gap(rule, message, lambda build: (value for value in build.variants(sender) if refused(value)))
        return
    lost = [value for value in sender.values if refused(value)]
    if lost:
        shown = ", ".join(canonical(value)[:60] for value in lost[:8])
        yield Gap("enum.narrowed", f"{shown} no longer accepted", lambda build: iter(lost))


def _listed_within(sender: Shape, reader: Shape) -> bool:
    """Tell whether a shape that lists nothing still has no values but those that the reader lists."""
    if sender.kind == "number" and sender.numbers.few_and_whole:
        return all(has_scalar(reader, value) for value in as_json(sender.numbers.samples()))
    if sender.kind == "string":
        listed = "|".join(_escaped(value) for value in reader.values or () if isinstance(value, str))
        text = sender.text
        return search(text.languages, (f"^(?:{listed})$",), text.shortest, text.longest)[0] == "none"
    return False


def _escaped(value: str) -> str:
    return "".join(f"\\{letter}" if letter in _SPECIAL else letter for letter in value)


def _number_gaps(sender: Numbers, reader: Numbers) -> Iterator[Gap]:
    def outside(_: Maker) -> Iterator[Json]:
        return as_json(value for value in sender.samples(reader) if value not in reader)

    (low, high), (bottom, top) = sender.bounds(), reader.bounds()
    if reader.whole and not sender.whole and sender.off_grid(reader):
        yield Gap("type.number-to-integer", "fractions no longer accepted", outside)
    elif sender.off_grid(reader):
        yield Gap("number.multipleOf", f"must be a multiple of {reader.step}", outside)
    if sender.below(reader):
        yield Gap("number.minimum-raised", f"minimum {low} -> {bottom}", outside)
    if sender.above(reader):
        yield Gap("number.maximum-lowered", f"maximum {high} -> {top}", outside)
    if reader.format and reader.format != sender.format and _narrows(sender.format, reader.format):
        message = f"format {sender.format or 'none'} -> {reader.format}"
        yield Gap("number.format", message, lambda build: as_json(sender.samples()), decided=reader.format in _COUNTED)


def _narrows(sent: str, read: str) -> bool:
    """Tell whether a number format promises less than it did; validators do not check these."""
    return sent in _WIDER_THAN.get(read, ()) or read not in _COUNTED


def _opaque_gaps(engine: Asks, sender: Shape, reader: Shape) -> Iterator[Gap]:
    for item in reader.opaque:
        same = any(_says_the_same(engine, known, item) for known in sender.opaque)
        if not same and not _ruled_out(engine, sender, item):
            message = f"`{item.keyword}` is beyond what the gate derives; payloads were searched instead"
            rule = "keyword.content" if item.keyword == "content" else "keyword.unmodelled"
            yield Gap(rule, message, _tried(sender, item), decided=False)


def _tried(sender: Shape, item: Opaque) -> Recipe:
    """Try what the keyword itself names, then whatever the sender sends."""
    named = [value for value in _literals(item.schema) if has_scalar(sender, value)]
    return lambda build: chain(named, build.variants(sender))


def _literals(schema: Json) -> Iterator[Json]:
    if isinstance(schema, list):
        for part in schema:
            yield from _literals(part)
    for keyword, part in mapping(schema).items():
        if keyword in {"const", "enum"}:
            yield from part if isinstance(part, list) else [part]
        else:
            yield from _literals(part)


def _ruled_out(engine: Asks, sender: Shape, item: Opaque) -> bool:
    """Tell whether the sender sends nothing of what a `not` rules out."""
    if item.keyword != "not" or sender.kind == "any":
        return False
    barred = engine.reader.of(item.schema["not"])
    return all(
        disjoint(sender, engine.sender, shape, engine.reader) or not reachable(engine, sender, shape)
        for shape in barred
    )


def _says_the_same(engine: Asks, one: Opaque, other: Opaque) -> bool:
    return one.keyword == other.keyword and other.separable and engine.same.holds(one.schema, other.schema)


def _ghost_edges(engine: Asks, pairing: Pairing) -> None:
    for ghost in pairing.reader.ghosts:
        alike = [known for known in pairing.sender.ghosts if known.kind == ghost.kind]
        sender = alike[0] if alike else Shape(ghost.kind)
        made = Inclusion(True, True, [Point(sender, [engine.pair(sender, ghost)])])
        engine.adopt(made)
        pairing.edges.append((("ghost", ghost.kind), made))
