"""Bodies of requests and answers: which media types match, and which schemas are compared."""

from collections.abc import Iterator, Mapping

from contracts.compat.document import Place
from contracts.compat.encodings import compare_encoding
from contracts.compat.media import bare, contents, covers, is_bytes, is_form, manner
from contracts.compat.questions import Answer, Pair, Question
from contracts.compat.values import mapping
from contracts.compat.views import Direction


def compare_bodies(pair: Pair) -> Iterator[Answer | Question]:
    """Judge what old clients send as a body."""
    before, after = pair.base.body(), pair.revision.body()
    if after is None:
        if before is not None:
            at = before, pair.revision.place
            yield pair.answer("body.removed", "the body is ignored now", "request", verdict="behaviour", at=at)
        return
    needed = mapping(after.node).get("required") is True
    if needed and (before is None or mapping(before.node).get("required") is not True):
        rule = "body.required-added" if before is None else "body.became-required"
        exchange = pair.exchanges(pair.request(body=None), "accepted", "400 or 422: the body is missing")
        at = before or pair.base.place, after
        yield pair.answer(rule, "a request without a body is refused now", "request", exchange, at=at)
    if before is not None:
        yield from _request_contents(pair, before, after)


def _request_contents(pair: Pair, before: Place, after: Place) -> Iterator[Answer | Question]:
    offered = contents(after)
    for media, content in contents(before).items():
        found = next((name for name in offered if covers(name, media)), None)
        if found is None:
            exchange = pair.exchanges(pair.request(content_type=media), "accepted", "415 Unsupported Media Type")
            message = f"bodies of {media} are no longer accepted"
            yield pair.answer("body.media-type-removed", message, "request", exchange, at=(before, after))
        else:
            yield from _question(pair, f"body {media}", "request", media, content, offered[found])
            if is_form(media):
                yield from compare_encoding(pair, content, offered[found])


def compare_content(
    pair: Pair, where: str, sent: Mapping[str, Place], known: Mapping[str, Place], direction: Direction
) -> Iterator[Question]:
    """Ask about each media type that a sender uses and a reader knows."""
    for media, content in sent.items():
        found = [name for name in known if covers(name, media) or covers(bare(media), name)]
        if found:
            yield from _question(pair, f"{where} {media}", direction, media, content, known[found[0]])


def _question(
    pair: Pair, where: str, direction: Direction, media: str, sender: Place, reader: Place
) -> Iterator[Question]:
    known, said = manner(media), [side.has("schema") for side in (sender, reader)]
    if known == "unchecked" and is_bytes(sender) and is_bytes(reader):
        return
    if all(said) or (any(said) and known == "json"):  # a schema that is left out allows anything
        yield Question(pair.name, where, direction, sender / "schema", reader / "schema", known)
