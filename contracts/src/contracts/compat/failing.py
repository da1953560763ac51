"""Where an inclusion fails: the deepest gaps, each once, with every root they are reached from."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TypeAlias

from contracts.compat.asking import Maker, Step
from contracts.compat.building import NoInstance
from contracts.compat.engine import Engine
from contracts.compat.graph import Gap, Inclusion, Pairing, Point
from contracts.compat.overlaps import tags
from contracts.compat.questions import Question
from contracts.compat.shape import Shape
from contracts.compat.values import Json

MOST_ROUTES = 3  # ways to a gap that are worth trying; of the others only the question counts
Path = tuple[tuple[Shape, Step], ...]
_Trail: TypeAlias = "tuple[_Trail, tuple[Shape, Step]] | None"
_Look: TypeAlias = tuple[list[Gap], list[tuple[Inclusion | Pairing, tuple[Shape, Step] | None]]]


@dataclass(frozen=True)
class Route:
    """One way from a root down to a gap."""

    question: Question
    path: Path
    place: Inclusion


@dataclass(eq=False)
class Failure:
    """One gap and the ways that lead to it."""

    gap: Gap
    holder: Inclusion | Pairing
    routes: list[Route] = field(default_factory=list[Route])


def failures(engine: Engine, roots: list[tuple[Question, Inclusion]]) -> list[Failure]:
    """Collect the gaps under all roots that do not hold."""
    return _Search(engine).run(roots)


class _Search:
    """Walks what does not hold under each root; what one node leads to is worked out once for all of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._found: dict[int, Failure] = {}
        self._seen: dict[int, _Look] = {}

    def run(self, roots: list[tuple[Question, Inclusion]]) -> list[Failure]:
        for question, root in roots:
            if not root.holds:
                self._descend(question, root)
        return list(self._found.values())

    def _descend(self, question: Question, root: Inclusion) -> None:
        seen: set[int] = {id(root)}
        waiting: deque[tuple[Inclusion | Pairing, _Trail, Inclusion]] = deque([(root, None, root)])
        while waiting:
            node, trail, place = waiting.popleft()
            place = node if isinstance(node, Inclusion) else place
            gaps, below = self._look(node)
            for gap in gaps:
                self._add(gap, node, question, trail, place)
            for child, step in below:
                if id(child) not in seen:
                    seen.add(id(child))
                    waiting.append((child, trail if step is None else (trail, step), place))

    def _add(self, gap: Gap, holder: Inclusion | Pairing, question: Question, trail: _Trail, place: Inclusion) -> None:
        failure = self._found.setdefault(id(gap), Failure(gap, holder))
        path = _path(trail) if len(failure.routes) < MOST_ROUTES else ()
        failure.routes.append(Route(question, path, place))

    def _look(self, node: Inclusion | Pairing) -> _Look:
        if id(node) not in self._seen:
            self._seen[id(node)] = self._inside(node) if isinstance(node, Inclusion) else self._edges(node)
        return self._seen[id(node)]

    def _inside(self, node: Inclusion) -> _Look:
        if node.anything:
            return [self._anything(node)], []
        gaps, below = list(node.gaps), list[tuple[Inclusion | Pairing, tuple[Shape, Step] | None]]()
        for point in node.points:
            if not any(option.holds for option in point.options):
                best = self._best(point, alone=len(node.points) == 1)
                if best is None:
                    gaps.append(self._branch(point))
                else:
                    below.append((best, None))
        return gaps, below

    def _edges(self, node: Pairing) -> _Look:
        below: list[tuple[Inclusion | Pairing, tuple[Shape, Step] | None]] = [
            (child, (node.sender, step)) for step, child in node.edges if not child.holds and step[0] != "ghost"
        ]
        return [*node.gaps, *self._misplaced(node)], below

    def _anything(self, node: Inclusion) -> Gap:
        """Say once that anything may be sent, rather than kind by kind what of it is refused."""
        deep = [_Deep(point, 3) for point in node.points if not any(item.holds for item in point.options)]
        recipes = [*(gap.recipe for gap in node.gaps), *deep]
        message = f"anything sent, {node.anything} accepted"
        return Gap("type.narrowed", message, lambda build: chain.from_iterable(recipe(build) for recipe in recipes))

    def _misplaced(self, node: Pairing) -> Iterator[Gap]:
        for (kind, name), child in node.edges:
            if kind == "ghost" and not child.holds:
                message = f"keywords for {name} changed on a {node.reader.kind}, where validators ignore them"
                yield Gap("keyword.misplaced", message, lambda _: iter(()), decided=False)

    def _best(self, point: Point, *, alone: bool) -> Pairing | None:
        """Choose the branch that was meant: by name, by tag, or because there is no other."""
        if len(point.options) == 1 and (alone or not point.options[0].reader.name or point.sender.kind != "object"):
            return point.options[0]
        for option in point.options:
            named = point.sender.name and option.reader.name == point.sender.name
            if named or self._share_tag(point.sender, option.reader):
                return option
        if point.sender.kind != "object":
            return min(point.options, key=lambda option: len(option.gaps) + len(option.edges))
        return None

    def _share_tag(self, sender: Shape, reader: Shape) -> bool:
        mine, theirs = tags(sender, self._engine.sender), tags(reader, self._engine.reader)
        return any(set(mine[name]) & set(theirs[name]) for name in mine if name in theirs)

    def _branch(self, point: Point) -> Gap:
        known = ", ".join(dict.fromkeys(option.reader.name or option.reader.kind for option in point.options))
        message = f"{point.sender.name or point.sender.kind} fits none of: {known}"
        return Gap("union.branch-removed", message, _Deep(point, 4))


def _path(trail: _Trail) -> Path:
    steps: list[tuple[Shape, Step]] = []
    while trail is not None:
        trail, step = trail
        steps.append(step)
    return tuple(reversed(steps))


@dataclass(frozen=True)
class _Deep:
    """Values of a shape that break one of its options somewhere below."""

    point: Point
    depth: int

    def __call__(self, build: Maker) -> Iterator[Json]:
        below = (self._pairing(build, option, self.depth) for option in self.point.options)
        return chain(islice(build.variants(self.point.sender), 6), *below, build.variants(self.point.sender))

    def _pairing(self, build: Maker, pairing: Pairing, depth: int) -> Iterator[Json]:
        for gap in pairing.gaps:
            yield from islice(gap.recipe(build), 4)
        for step, child in pairing.edges if depth else ():
            if not child.holds and step[0] != "ghost":
                for value in islice(self._inclusion(build, child, depth - 1), 4):
                    try:
                        yield build.plug(((pairing.sender, step),), value)
                    except NoInstance:
                        continue

    def _inclusion(self, build: Maker, inclusion: Inclusion, depth: int) -> Iterator[Json]:
        for gap in inclusion.gaps:
            yield from islice(gap.recipe(build), 4)
        for point in inclusion.points:
            if not any(option.holds for option in point.options):
                for option in point.options:
                    yield from self._pairing(build, option, depth)
