"""Calls that the service makes at its clients: it is the sender of their parts, the old client reads them."""

from collections.abc import Iterator

from contracts.compat.bodies import compare_content
from contracts.compat.document import Place
from contracts.compat.media import bare, contents, covers, schema_of
from contracts.compat.operations import Operation
from contracts.compat.questions import Answer, Pair, Question
from contracts.compat.values import Json, Node, mapping


def compare_hooks(
    before: dict[str, Operation], after: dict[str, Operation], owner: Place
) -> Iterator[Answer | Question]:
    """Judge callbacks or webhooks, paired by what they call."""
    for key, hook in before.items():
        if key in after:
            pair = Pair(hook, after[key])
            yield from _call_bodies(pair)
            yield from _call_parameters(pair)
            yield from _replies(pair)
            continue
        exchange: tuple[Node, Node] = {"call": hook.name, "made": True}, {"call": hook.name, "made": False}
        message, at = f"{hook.name} is never called any more", (hook.place.pointer, owner.pointer)
        yield Answer("callback.removed", message, hook.name, "response", *at, "breaking", exchange)


def _call_bodies(pair: Pair) -> Iterator[Answer | Question]:
    known, sent = pair.base.body(), pair.revision.body()
    if known is None:
        return
    if _required(known) and (sent is None or not _required(sent)):
        message, at = "calls may come without a body", (known, sent or pair.revision.place)
        yield pair.answer("callback.body-dropped", message, "response", _met(pair, "body", missing=True), at=at)
    if sent is not None:
        offered = contents(known)
        for media in contents(sent):
            if offered and not any(covers(name, media) or covers(bare(media), name) for name in offered):
                message, what = f"calls come as {media}, which old receivers do not read", f"body as {media}"
                yield pair.answer("callback.media-type-added", message, "response", _met(pair, what), at=(known, sent))
        yield from compare_content(pair, "call", contents(sent), offered, "response")


def _call_parameters(pair: Pair) -> Iterator[Answer | Question]:
    sent = pair.revision.parameters()
    for key, known in pair.base.parameters().items():
        now, called = sent.get(key), f"{key[0]} {key[1]}"
        if _required(known) and (now is None or not _required(now)):
            message, at = f"calls may come without {called}", (known, now or pair.revision.place)
            yield pair.answer(
                "callback.parameter-dropped", message, "response", _met(pair, called, missing=True), at=at
            )
        if now is not None:
            yield Question(pair.name, f"call {called}", "response", schema_of(now), schema_of(known), "text")


def _replies(pair: Pair) -> Iterator[Answer | Question]:
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


def _met(pair: Pair, part: str, *, missing: bool = False) -> tuple[Node, Node]:
    """Write the same call before and after: what old receivers wait for, and what may come."""
    call: dict[str, Json] = {"call": pair.name, "part": part}
    return (
        ({**call, "made": "with it"}, {**call, "made": "perhaps without it"})
        if missing
        else ({**call, "made": "never"}, {**call, "made": "perhaps"})
    )


def _required(part: Place) -> bool:
    return mapping(part.node).get("required") is True
