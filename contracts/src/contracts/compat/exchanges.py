"""The HTTP level of two documents: operations are paired, and what no body can show is judged here."""

from collections.abc import Iterator

from contracts.compat.access import compare_security, moved
from contracts.compat.bodies import compare_bodies
from contracts.compat.document import Document, Place
from contracts.compat.hooks import compare_hooks
from contracts.compat.notes import Notes
from contracts.compat.operations import Operation, fits, operations, webhooks
from contracts.compat.parameters import compare_parameters
from contracts.compat.questions import Answer, Pair, Question
from contracts.compat.responses import compare_responses
from contracts.compat.sameness import NOTES
from contracts.compat.values import Node, mapping


def compare_exchanges(base: Document, revision: Document) -> Iterator[Answer | Question]:
    """Give all answers that HTTP gives, and all questions that it leaves to the engine."""
    pairs = list(_pairs(operations(base), operations(revision)))
    notes = Notes()
    for before, after in pairs:
        if after is None:
            yield _gone(before, revision)
        else:
            yield from _pair(Pair(before, after))
            yield from notes.of(Pair(before, after))
            yield from compare_hooks(before.callbacks(), after.callbacks(), after.place)
    yield from _servers([Pair(before, after) for before, after in pairs if after is not None])
    yield from compare_hooks(webhooks(base), webhooks(revision), revision.root)


def _pairs(before: dict[str, Operation], after: dict[str, Operation]) -> Iterator[tuple[Operation, Operation | None]]:
    """Pair operations by the full path they answer on, or else by the path as written."""
    routes = {route: operation for operation in after.values() for route in operation.routes}
    for key, operation in before.items():
        full = next((routes[route] for route in operation.routes if route in routes), None)
        yield operation, full or after.get(key) or _taken_in(operation, after)


def _taken_in(operation: Operation, after: dict[str, Operation]) -> Operation | None:
    """Find a template that a path without parameters falls under, where it takes any text."""
    if "{" in operation.path:
        return None
    for other in after.values():
        same = other.method == operation.method and fits(other.path, operation.path)
        if same and all(_takes_any_text(place) for (where, _), place in other.parameters().items() if where == "path"):
            return other
    return None


def _takes_any_text(parameter: Place) -> bool:
    schema = mapping((parameter / "schema").node)
    return set(schema) - NOTES == {"type"} and schema["type"] == "string"


def _pair(pair: Pair) -> Iterator[Answer | Question]:
    yield from compare_parameters(pair)
    yield from compare_bodies(pair)
    yield from compare_responses(pair)
    yield from compare_security(pair)


def _gone(operation: Operation, revision: Document) -> Answer:
    request: Node = {"method": operation.method, "path": operation.path}
    exchange: tuple[Node, Node] = {"request": request, "answer": "routed"}, {"request": request, "answer": "404 or 405"}
    message = f"{operation.name} no longer exists"
    return Answer(
        "operation.removed", message, operation.name, "request", operation.place.pointer,
        revision.at("paths").pointer, "breaking", exchange,
    )  # fmt: skip


def _servers(pairs: list[Pair]) -> Iterator[Answer]:
    """Report a server path that is gone once, not once an operation."""
    gone: dict[str, list[Pair]] = {}
    for pair in pairs:
        for prefix in moved(pair):
            gone.setdefault(prefix, []).append(pair)
    for prefix, lost in gone.items():
        for pair in lost:
            now = " or ".join(item or "/" for item in pair.revision.prefixes)
            message = f"nothing answers under {prefix or '/'} any more, only under {now}"
            request = pair.request(server=prefix or "/")
            exchange = pair.exchanges(request, "routed", "404")
            yield Answer(
                "server.path-removed", message, pair.name, "request", "/servers", "/servers", exchange=exchange
            )
