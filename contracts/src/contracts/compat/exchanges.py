"""The HTTP level of two documents: operations are paired, and what no body can show is judged here."""

from collections.abc import Iterator

from contracts.compat.access import compare_security, moved
from contracts.compat.bodies import compare_bodies, compare_content
from contracts.compat.document import Document, Place
from contracts.compat.notes import Notes
from contracts.compat.operations import Operation, contents, operations, webhooks
from contracts.compat.parameters import compare_parameters
from contracts.compat.questions import Answer, Pair, Question
from contracts.compat.responses import compare_responses
from contracts.compat.values import Node


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
            yield from _hooks(before.callbacks(), after.callbacks(), after.place)
    yield from _servers([Pair(before, after) for before, after in pairs if after is not None])
    yield from _hooks(webhooks(base), webhooks(revision), revision.root)


def _pairs(before: dict[str, Operation], after: dict[str, Operation]) -> Iterator[tuple[Operation, Operation | None]]:
    """Pair operations by the full path they answer on, or else by the path as written."""
    routes = {route: operation for operation in after.values() for route in operation.routes}
    for key, operation in before.items():
        full = next((routes[route] for route in operation.routes if route in routes), None)
        yield operation, full or after.get(key)


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


def _hooks(before: dict[str, Operation], after: dict[str, Operation], owner: Place) -> Iterator[Answer | Question]:
    """Judge calls that the service makes: it is the sender of their bodies, the old client reads them."""
    for key, hook in before.items():
        if key not in after:
            exchange: tuple[Node, Node] = {"call": hook.name, "made": True}, {"call": hook.name, "made": False}
            message, at = f"{hook.name} is never called any more", (hook.place.pointer, owner.pointer)
            yield Answer("callback.removed", message, hook.name, "response", *at, "breaking", exchange)
            continue
        pair = Pair(hook, after[key])
        known, sent = hook.body(), after[key].body()
        if known is not None and sent is not None:
            yield from compare_content(pair, "call", contents(sent), contents(known), "response")
        yield from _hook_replies(pair)


def _hook_replies(pair: Pair) -> Iterator[Answer | Question]:
    accepted = pair.revision.responses()
    for status, reply in pair.base.responses().items():
        if status in accepted:
            sent, read = contents(reply), contents(accepted[status])
            yield from compare_content(pair, f"reply {status}", sent, read, "request")
        elif not {"DEFAULT", f"{status[:1]}XX"} & set(accepted):
            before: Node = {"reply": status, "answer": "accepted"}
            exchange = before, {**before, "answer": "treated as a failure"}
            message = f"a client's reply {status} is no longer accepted"
            yield pair.answer("callback.reply-removed", message, "request", exchange)
