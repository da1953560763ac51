"""Rules for lists: how many items, whether they repeat, and what stands at each place."""

from collections.abc import Iterator

from contracts.compat.asking import Maker, Recipe
from contracts.compat.graph import Asks, Gap, Pairing
from contracts.compat.shape import Items, Shape, lesser
from contracts.compat.values import Json


def array_gaps(engine: Asks, pairing: Pairing) -> None:
    """Compare the length of lists and what stands at each place."""
    sender, reader = pairing.sender, pairing.reader.items
    items = _bounded(engine, sender.items)
    pairing.gaps += _count_gaps(sender, items, reader)
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
    return Items(items.prefix, items.rest, items.fewest, most, items.unique)


def _count_gaps(shape: Shape, sender: Items, reader: Items) -> Iterator[Gap]:
    def of_length(*lengths: int) -> Recipe:
        return lambda build: build.lists(shape, lengths)

    if reader.fewest > sender.fewest:
        message = f"minItems {sender.fewest} -> {reader.fewest}"
        yield Gap("array.minItems-raised", message, of_length(sender.fewest, reader.fewest - 1))
    if reader.most is not None and (sender.most is None or sender.most > reader.most):
        message = f"maxItems {'none' if sender.most is None else sender.most} -> {reader.most}"
        yield Gap("array.maxItems-lowered", message, of_length(max(reader.most + 1, sender.fewest)))
    if reader.unique and not sender.unique and (sender.most is None or sender.most > 1):

        def repeated(build: Maker) -> Iterator[Json]:
            return build.repeats(shape)

        yield Gap("array.uniqueItems", "equal items no longer accepted", repeated)
