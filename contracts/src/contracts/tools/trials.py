"""What code reads of both documents: bodies, query parameters and answers, each schema once."""

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.compat.document import Document, Place
from contracts.compat.media import contents, schema_of
from contracts.compat.operations import Operation, operations
from contracts.compat.values import mapping, text
from contracts.compat.views import Direction

__all__ = ["Trial", "trials"]

_JSON = "application/json"


@dataclass(frozen=True)
class Trial:
    """One schema of both documents, and the key by which the packages know the model behind it."""

    key: str
    operation: str
    where: str
    direction: Direction
    base: Place
    revision: Place
    operations: tuple[str, ...] = ()

    @property
    def textual(self) -> bool:
        return self.where.startswith("query")


def trials(name: str, base: Document, revision: Document) -> list[Trial]:
    """Find what both documents have and code reads: bodies, query parameters and answers; each schema once."""
    after = {_id(operation): operation for operation in operations(revision).values()}
    found: dict[tuple[Direction, str, str], list[Trial]] = {}
    for operation in operations(base).values():
        if _id(operation) in after:
            for trial in _of(name, operation, after[_id(operation)]):
                sides = base.follow(trial.base).pointer, revision.follow(trial.revision).pointer
                found.setdefault((trial.direction, *sides), []).append(trial)
    return [_together(same) for same in found.values()]


def _together(same: list[Trial]) -> Trial:
    first = same[0]
    names = tuple(sorted({trial.operation for trial in same}))
    return Trial(first.key, first.operation, first.where, first.direction, first.base, first.revision, names)


def _id(operation: Operation) -> str:
    return text(mapping(operation.place.node).get("operationId"))


def _of(name: str, before: Operation, after: Operation) -> Iterator[Trial]:
    label = f"{name} {_id(before)}"
    bodies = [item and contents(item) for item in (before.body(), after.body())]
    for media in bodies[0] or {}:
        if media in (bodies[1] or {}):
            sides = [(found or {})[media] / "schema" for found in bodies]
            yield Trial(f"{label} body", before.name, f"body {media}", "request", sides[0], sides[1])
    known = after.parameters()
    for (place, wire), parameter in before.parameters().items():
        if place == "query" and (place, wire) in known:
            sides = [schema_of(parameter), schema_of(known[place, wire])]
            yield Trial(f"{label} query {wire}", before.name, f"query {wire}", "request", sides[0], sides[1])
    answers = [_answer(operation) for operation in (before, after)]
    if answers[0] and answers[1]:
        yield Trial(f"{label} answer", before.name, f"answer {_JSON}", "response", answers[0], answers[1])


def _answer(operation: Operation) -> Place | None:
    for status, answer in operation.responses().items():
        if status.startswith("2") and _JSON in contents(answer):
            return contents(answer)[_JSON] / "schema"
    return None
