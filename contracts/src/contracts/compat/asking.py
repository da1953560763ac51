"""What the rules need of the engine and of the builder, so that neither has to know the other."""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, Protocol, TypeAlias

from contracts.compat.sameness import Sameness
from contracts.compat.shape import Shape, Text
from contracts.compat.shapes import Shapes
from contracts.compat.values import Json

Step: TypeAlias = tuple[Literal["member", "item", "name", "ghost"], str | int]


class Maker(Protocol):
    """Makes values of shapes."""

    def variants(self, shape: Shape) -> Iterator[Json]: ...
    def texts(self, text: Text, excluded: tuple[str, ...] = (), without: str | None = None) -> Iterator[Json]: ...
    def lists(self, shape: Shape, lengths: Sequence[int]) -> Iterator[Json]: ...
    def repeats(self, shape: Shape) -> Iterator[Json]: ...
    def objects(
        self, shape: Shape, members: dict[str, Json] | None = None, without: str | None = None
    ) -> Iterator[Json]: ...
    def crowded(self, shape: Shape, count: int) -> Iterator[Json]: ...
    def plug(self, path: Sequence[tuple[Shape, Step]], value: Json, *, full: bool = False) -> Json: ...


Recipe: TypeAlias = Callable[[Maker], Iterator[Json]]


class Knows(Protocol):
    """Knows both sides of a comparison."""

    sender: Shapes
    reader: Shapes
    same: Sameness
    textual: bool
    open_sender: bool

    def constant(self, value: Json) -> Json: ...
