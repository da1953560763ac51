"""Answers: which statuses and media types an old client may meet, and what their bodies and headers hold."""

from collections.abc import Iterator

from contracts.compat.bodies import compare_content
from contracts.compat.document import Document, Place
from contracts.compat.media import bare, contents, covers, schema_of
from contracts.compat.parameters import respelled
from contracts.compat.questions import Answer, Pair, Question
from contracts.compat.values import mapping

_UNSENT = {"content-type"}


def compare_responses(pair: Pair) -> Iterator[Answer | Question]:
    """Judge what old clients get back."""
    before, after = pair.base.responses(), pair.revision.responses()
    for status, answer in after.items():
        for known in _known(status, before, after):
            yield from _changed(pair, status, before[known], answer)
        if not _expected(status, before):
            yield from _added(pair, status, answer)
    for status in before:
        if not _promised(status, after):
            yield from _removed(pair, status, before[status], list(after))


def _known(status: str, before: dict[str, Place], after: dict[str, Place]) -> list[str]:
    """Give the statuses of the old document that an answer with this one may be read by."""
    found = [old for old in (status if status in before else _met_by(status, before),) if old]
    return [*found, *(old for old in before if old not in {*after, *found} and _met_by(old, after) == status)]


def _met_by(status: str, answers: dict[str, Place]) -> str:
    """Give the range or default that a status falls under."""
    ranged = f"{status[:1]}XX"
    if ranged in answers:
        return ranged
    return "DEFAULT" if "DEFAULT" in answers else ""


def _expected(status: str, before: dict[str, Place]) -> bool:
    """Tell whether old clients know what to do with a status; a default is no news to anybody."""
    return status in before or bool(_met_by(status, before)) or status == "DEFAULT"


def _promised(status: str, after: dict[str, Place]) -> bool:
    """Tell whether a status may still come; that a default takes it in promises no success."""
    if status in after or status == "2XX":
        return status in after or any(left.startswith("2") for left in after)
    met = _met_by(status, after)
    return met not in {"", "DEFAULT"} if status.startswith("2") else bool(met)


def _added(pair: Pair, status: str, answer: Place) -> Iterator[Answer]:
    success = status.startswith("2")
    at = pair.base.place / "responses", answer
    known = ", ".join(pair.base.responses()) or "no status"
    exchange = pair.exchanges(pair.request(), f"one of {known}", f"may be {status}")
    message = f"may answer {status}, which old clients do not know"
    if success:
        yield pair.answer("response.status-added", message, "response", exchange, at=at)
    else:
        yield pair.answer("response.error-added", message, "response", verdict="policy", at=at)


def _removed(pair: Pair, status: str, answer: Place, left: list[str]) -> Iterator[Answer]:
    at = answer, pair.revision.place / "responses"
    if status.startswith("2"):
        exchange = pair.exchanges(pair.request(), status, f"one of {', '.join(left) or 'no status'}")
        message = f"never answers {status} any more"
        yield pair.answer("response.status-removed", message, "response", exchange, at=at)
    else:
        message = f"never answers {status} any more"
        yield pair.answer("response.error-removed", message, "response", verdict="behaviour", at=at)


def _changed(pair: Pair, status: str, before: Place, after: Place) -> Iterator[Answer | Question]:
    known, sent = contents(before), contents(after)
    at = before, after
    if known and not sent:
        exchange = pair.exchanges(pair.request(), f"{status} with a body", f"{status} without a body")
        yield pair.answer("response.body-removed", f"{status} has no body now", "response", exchange, at=at)
    elif known:
        yield from _media_types(pair, status, at)
    yield from compare_content(pair, status, sent, known, "response")
    yield from _headers(pair, status, before, after)


def _media_types(pair: Pair, status: str, at: tuple[Place, Place]) -> Iterator[Answer]:
    sent = contents(at[1])
    for media in contents(at[0]):
        if not any(covers(media, other) or covers(other, media) or bare(other) == media for other in sent):
            request = pair.request(accept=media)
            exchange = pair.exchanges(request, f"{status} as {media}", "406, or " + " or ".join(sent))
            message = f"{status} is no longer available as {media}"
            yield pair.answer("response.media-type-removed", message, "response", exchange, at=at)


def _headers(pair: Pair, status: str, before: Place, after: Place) -> Iterator[Answer | Question]:
    sent = _named(pair.revision.document, after)
    for name, header in _named(pair.base.document, before).items():
        promised = mapping(header.node).get("required") is True
        kept = sent.get(name)
        if promised and (kept is None or mapping(kept.node).get("required") is not True):
            exchange = pair.exchanges(pair.request(), f"{status} with {name}", f"{status}, perhaps without {name}")
            message = f"{status} may come without the header {name}"
            yield pair.answer("response.header-dropped", message, "response", exchange, at=(header, kept or after))
        elif kept is None:
            message = f"{status} no longer declares the header {name}"
            yield pair.answer("response.header-undeclared", message, "response", verdict="policy", at=(header, after))
        if kept is not None:
            yield from _respelled(pair, f"{status} header {name}", header, kept)
            where = f"{status} header {name}"
            yield Question(pair.name, where, "response", schema_of(kept), schema_of(header), "text")


def _respelled(pair: Pair, where: str, before: Place, after: Place) -> Iterator[Answer]:
    spelled = respelled(pair, "header", before, after)
    if spelled:
        exchange = pair.exchanges(pair.request(), f"{where}, {spelled[0]}", f"{where}, {spelled[1]}")
        message = f"{where} is written {spelled[1]} now, was {spelled[0]}"
        yield pair.answer("response.header-style", message, "response", exchange, at=(before, after))


def _named(document: Document, answer: Place) -> dict[str, Place]:
    return {
        name.lower(): document.follow(header)
        for name, header in (answer / "headers").children()
        if name.lower() not in _UNSENT
    }
