"""What travels between two versions: bodies and answers, each with the translation that carries it across."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contracts.compat.bodies import compare_bodies
from contracts.compat.document import Document, Place
from contracts.compat.media import contents
from contracts.compat.operations import Operation as Published
from contracts.compat.operations import operations
from contracts.compat.parameters import compare_parameters
from contracts.compat.questions import Answer, Pair, Question
from contracts.compat.values import mapping, text
from contracts.operation import Operation
from contracts.tools.steps import Lens, Step, carried

__all__ = ["Lane", "NoSuccessor", "lanes"]

_JSON = "application/json"


@dataclass(frozen=True)
class Lane:
    """One question of the engine, and what carries payloads from the sender's version to the reader's.

    `lens` translates the whole payload. `onto` is for a PUT: its body is a part of the resource, and is written onto
    what is stored. `refusable` answers may be refused by 409 where the old version has no words for them.
    """

    question: Question
    lens: Lens | None = None
    onto: Lens | None = None
    stored: Place | None = None
    refusable: bool = False


@dataclass(frozen=True)
class NoSuccessor:
    """An operation of the old version that nothing in the next one follows."""

    published: Published
    name: str


def lanes(step: Step, base: Document, revision: Document) -> Iterator[Lane | Answer | NoSuccessor]:
    """Pair the operations of two versions; HTTP's own answers come as they are."""
    before, after = _by_id(base), _by_id(revision)
    for op in step.old.operations():
        successor = step.successor(op)
        if op.name not in before or step.ends(op):
            continue  # the gate itself tells of what is gone; what ends with its version is declared to
        if successor is None or successor.name not in after:
            yield NoSuccessor(before[op.name], op.name)
        else:
            yield from _lanes(step, op, successor, Pair(before[op.name], after[successor.name]))


def _by_id(document: Document) -> dict[str, Published]:
    found = operations(document).values()
    return {text(mapping(operation.place.node).get("operationId")): operation for operation in found}


def _lanes(step: Step, op: Operation[..., Any], successor: Operation[..., Any], pair: Pair) -> Iterator[Lane | Answer]:
    answered = _answered(pair.revision, successor)
    for item in (*compare_parameters(pair), *compare_bodies(pair)):
        if isinstance(item, Answer):
            yield item
        elif item.where.startswith("body"):
            yield _sent(step, op, item, answered)
        else:
            yield Lane(item)
    known = _answered(pair.base, op)
    if known is not None and answered is None:
        message = f"version {step.new.version} answers without the body that version {step.old.version} promises"
        yield Answer("response.body-removed", message, pair.name, "response", known.pointer, "")
    elif known is not None and answered is not None:
        asked = Question(pair.name, "answer", "response", answered, known)
        yield Lane(asked, step.lens(carried(op)), refusable=any(error.status == 409 for error in op.errors))


def _sent(step: Step, op: Operation[..., Any], question: Question, answered: Place | None) -> Lane:
    """Carry a body by its own translation, that of a PUT as the part of a resource that it replaces."""
    whole = step.lens(carried(op))
    if op.method == "PUT" and whole is not None and answered is not None:
        return Lane(question, onto=whole, stored=answered)
    return Lane(question, step.lens(op.body.type if op.body else None))


def _answered(published: Published, op: Operation[..., Any]) -> Place | None:
    """Find the schema of what a result consists of: without its envelope, its list or its page."""
    for status, answer in published.responses().items():
        content = contents(answer).get(_JSON)
        if status.startswith("2") and content is not None:
            return _inside(published.document, content / "schema", op)
    return None


def _inside(document: Document, schema: Place, op: Operation[..., Any]) -> Place:
    place = document.follow(schema)
    if op.api.dialect.reply(op.returns) is not op.returns:
        place = document.follow(place / "properties" / "data")
    if carried(op) is not op.returns and (place / "properties").has("items"):
        place = document.follow(place / "properties" / "items")
    return document.follow(place / "items") if place.has("items") else place
