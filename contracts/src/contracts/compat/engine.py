"""Whether the reader accepts every value that the sender may send: one engine, run in two directions."""

from collections import deque
from collections.abc import Callable

from contracts.compat.graph import Inclusion, Pairing, decide
from contracts.compat.pairs import compare
from contracts.compat.sameness import Sameness
from contracts.compat.shape import Shape
from contracts.compat.shapes import Shapes
from contracts.compat.unions import expand
from contracts.compat.values import Json, canonical


class Engine:
    """Builds the graph for one direction and decides it."""

    def __init__(self, sender: Shapes, reader: Shapes, *, textual: bool = False, open_sender: bool = False) -> None:
        self.sender, self.reader = sender, reader
        self.textual, self.open_sender = textual, open_sender
        self.same = Sameness(sender.view, reader.view)
        self._inclusions: dict[tuple[int, int], Inclusion] = {}
        self._adopted: list[Inclusion] = []
        self._pairings: list[Pairing] = []
        self._constants: dict[str, Json] = {}
        self._kept: list[Json] = []
        self._waiting: deque[Callable[[], None]] = deque()

    def include(self, sender: Json, reader: Json) -> Inclusion | None:
        """Ask whether one schema lies within another; None where that is plain to see."""
        sender, reader = self.sender.view.follow(sender), self.reader.view.follow(reader)
        if self.same.holds(sender, reader):
            return None
        key = id(sender), id(reader)
        if key not in self._inclusions:
            made = self._inclusions[key] = Inclusion(sender, reader)
            self._kept += [sender, reader]
            self._waiting.append(lambda: expand(self, made, self.sender.of(sender)))
        return self._inclusions[key]

    def adopt(self, inclusion: Inclusion) -> None:
        """Take in a node that was made by hand."""
        self._adopted.append(inclusion)

    def pair(self, sender: Shape, reader: Shape) -> Pairing:
        made = Pairing(sender, reader)
        self._pairings.append(made)
        self._waiting.append(lambda: compare(self, made))
        return made

    def constant(self, value: Json) -> Json:
        return self._constants.setdefault(canonical(value), {"const": value})

    def decide(self) -> None:
        """Expand everything that is waiting, then take away what cannot hold until nothing changes."""
        while self._waiting:
            self._waiting.popleft()()
        decide([*self._inclusions.values(), *self._adopted], self._pairings)
