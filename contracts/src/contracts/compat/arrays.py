"""Rules for lists: how many items, whether they repeat, and what stands at each place."""

from collections.abc import Iterator

from contracts.compat.asking import Recipe
from contracts.compat.graph import Asks, Gap, Pairing
from contracts.compat.shape import Items, Shape, lesser
from contracts.compat.values import canonical


def array_gaps(engine: Asks, pairing: Pairing) -> None:
    """Compare the length of lists and what stands at each place."""
    sender, reader = pairing.sender, pairing.reader.items
    items = _bounded(engine, sender.items)
    pairing.gaps += _count_gaps(sender, items, reader)
    if reader.unique and not items.unique and (items.most is None or items.most > 1) and not _all_differ(engine, items):
        pairing.gaps.append(
            Gap("array.uniqueItems", "equal items no longer accepted", lambda build: build.repeats(sender))
        )
    length = max(len(items.prefix), len(reader.prefix))
    for index in range(length + 1):
        if items.most is not None and index >= items.most:
            break
        child = engine.include(items.at(index), reader.at(index))
        if child is not None:
            pairing.edges.append((("item", index), child))


def _bounded(engine: Asks, items: Items) -> Items:
    """End a list where no item can stand."""
    places = (*items.prefix, items.rest)
    ends = [index for index, schema in enumerate(places) if not engine.sender.of(schema)]
    most = lesser(items.most, ends[0]) if ends else items.most
    known = engine.sender.scalars(items.rest) if items.unique else None
    if known is not None:  # items that differ run out
        most = lesser(most, len(items.prefix) + len(known))
    return Items(items.prefix, items.rest, items.fewest, most, items.unique)


def _all_differ(engine: Asks, items: Items) -> bool:
    """Tell whether each place of a short list has values of its own."""
    if items.most is None or items.most > len(items.prefix):
        return False
    places = [engine.sender.scalars(schema) for schema in items.prefix[: items.most]]
    listed = [set(map(canonical, values)) for values in places if values is not None]
    return len(listed) == len(places) and len(set[str]().union(*listed)) == sum(map(len, listed))


def _count_gaps(shape: Shape, sender: Items, reader: Items) -> Iterator[Gap]:
    def of_length(*lengths: int) -> Recipe:
        return lambda build: build.lists(shape, lengths)

    if reader.fewest > sender.fewest:
        message = f"minItems {sender.fewest} -> {reader.fewest}"
        yield Gap("array.minItems-raised", message, of_length(sender.fewest, reader.fewest - 1))
    if reader.most is not None and (sender.most is None or sender.most > reader.most):
        message = f"maxItems {'none' if sender.most is None else sender.most} -> {reader.most}"
        yield Gap("array.maxItems-lowered", message, of_length(max(reader.most + 1, sender.fewest)))
