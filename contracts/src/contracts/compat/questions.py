"""What the HTTP level asks of the engine, and what it can answer by itself."""

from dataclasses import dataclass, field
from typing import Literal

from contracts.compat.document import Place
from contracts.compat.operations import Operation
from contracts.compat.values import Json, Node
from contracts.compat.views import Direction

Verdict = Literal["breaking", "suspect", "undecided", "behaviour", "policy"]
Manner = Literal["json", "text", "unchecked"]


@dataclass(frozen=True)
class Question:
    """Is all that the sender's schema allows accepted by the reader's? `manner` is how it travels."""

    operation: str
    where: str
    direction: Direction
    sender: Place
    reader: Place
    manner: Manner = "json"


@dataclass(frozen=True)
class Answer:
    """A difference that HTTP itself shows: the same exchange before and after."""

    rule: str
    message: str
    operation: str
    direction: Direction
    base: str
    revision: str
    verdict: Verdict = "breaking"
    exchange: tuple[Node, Node] | None = None
    axis: Literal["wire", "source"] = "wire"
    schema: Json = field(default=None, compare=False)


@dataclass(frozen=True)
class Pair:
    """One operation in both documents."""

    base: Operation
    revision: Operation

    @property
    def name(self) -> str:
        return self.base.name

    def answer(
        self, rule: str, message: str, direction: Direction, exchange: tuple[Node, Node] | None = None, *,
        verdict: Verdict = "breaking", at: tuple[Place, Place] | None = None,
    ) -> Answer:  # fmt: skip
        """Report what this operation does differently."""
        base, revision = at or (self.base.place, self.revision.place)
        return Answer(rule, message, self.name, direction, base.pointer, revision.pointer, verdict, exchange)

    def request(self, **parts: Json) -> Node:
        return {"method": self.base.method, "path": self.base.path, **parts}

    def exchanges(self, request: Node, before: Json, after: Json) -> tuple[Node, Node]:
        """Write the same request with what either side makes of it."""
        return {"request": request, "answer": before}, {"request": request, "answer": after}
