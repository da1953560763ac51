"""The AND-OR graph of an inclusion: schemas find a place (OR), pairs of shapes hold in every part (AND)."""

from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from contracts.compat.asking import Knows, Recipe, Step
from contracts.compat.shape import Shape
from contracts.compat.values import Json


@dataclass(eq=False)
class Gap:
    """One rule that failed at one place, and how to make values that show it."""

    rule: str
    message: str
    recipe: Recipe
    at: tuple[str, ...] = ()
    decided: bool = True  # False: the rule could not tell; only a payload can


@dataclass(eq=False)
class Pairing:
    """A sender's shape and a reader's: all its edges must hold (AND)."""

    sender: Shape
    reader: Shape
    gaps: list[Gap] = field(default_factory=list[Gap])
    edges: list[tuple[Step, "Inclusion"]] = field(default_factory=list["tuple[Step, Inclusion]"])
    holds: bool = True


@dataclass(eq=False)
class Point:
    """One shape of the sender: one of the options must hold (OR)."""

    sender: Shape
    options: list[Pairing]


@dataclass(eq=False)
class Inclusion:
    """A sender's schema within a reader's: every shape of the sender must find a place."""

    sender: Json
    reader: Json
    points: list[Point] = field(default_factory=list[Point])
    gaps: list[Gap] = field(default_factory=list[Gap])
    holds: bool = True
    anything: str = ""  # where the sender may send anything: what the reader takes instead


class Asks(Knows, Protocol):
    """Takes further questions while it answers one."""

    def include(self, sender: Json, reader: Json) -> Inclusion | None: ...
    def pair(self, sender: Shape, reader: Shape) -> Pairing: ...
    def adopt(self, inclusion: Inclusion) -> None: ...


def decide(inclusions: list[Inclusion], pairings: list[Pairing]) -> None:
    """Find the greatest fixpoint, so that recursive schemas are judged by assuming what they lead back to."""
    _Fixpoint(inclusions, pairings).run()


class _Fixpoint:
    """All hold at first; a node falls when a gap or a fallen child makes it, and takes its parents with it."""

    def __init__(self, inclusions: list[Inclusion], pairings: list[Pairing]) -> None:
        self._inclusions, self._pairings = inclusions, pairings
        self._above: dict[int, list[Inclusion | Pairing]] = {}

    def run(self) -> None:
        for inclusion in self._inclusions:
            for point in inclusion.points:
                for option in point.options:
                    self._above.setdefault(id(option), []).append(inclusion)
        for pairing in self._pairings:
            for _, child in pairing.edges:
                self._above.setdefault(id(child), []).append(pairing)
        waiting: deque[Inclusion | Pairing] = deque([*self._inclusions, *self._pairings])
        while waiting:
            node = waiting.popleft()
            if node.holds and not stands(node):
                node.holds = False
                waiting += self._above.get(id(node), [])


def stands(node: Inclusion | Pairing) -> bool:
    """Tell whether a node may still hold."""
    if node.gaps:
        return False
    if isinstance(node, Pairing):
        return all(child.holds for _, child in node.edges)
    return all(any(option.holds for option in point.options) for point in node.points)
