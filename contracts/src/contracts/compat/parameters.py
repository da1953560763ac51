"""Parameters: which are needed, how they are written, and what they may say."""

from collections.abc import Iterator

from contracts.compat.document import Document, Place
from contracts.compat.media import contents, schema_of
from contracts.compat.questions import Answer, Manner, Pair, Question
from contracts.compat.values import mapping, text

_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
Key = tuple[str, str]


def compare_parameters(pair: Pair) -> Iterator[Answer | Question]:
    """Judge what old clients put into paths, queries, headers and cookies."""
    before, after = pair.base.parameters(), pair.revision.parameters()
    for key, parameter in after.items():
        if key in before:
            yield from _changed(pair, key, before[key], parameter)
        elif _required(parameter) and key[0] != "path":
            yield _missing(pair, "parameter.required-added", "is new and required", key, parameter)
    for key, parameter in before.items():
        if key not in after and key[0] != "path":
            message = f"{_called(key)} is ignored now"
            at = parameter, pair.revision.place
            yield pair.answer("parameter.removed", message, "request", verdict="behaviour", at=at)


def _changed(pair: Pair, key: Key, before: Place, after: Place) -> Iterator[Answer | Question]:
    if _required(after) and not _required(before):
        yield _missing(pair, "parameter.became-required", "is required now", key, after, before)
    yield from _style(pair, key, before, after)
    if mapping(before.node).get("allowEmptyValue") is True and mapping(after.node).get("allowEmptyValue") is not True:
        exchange = pair.exchanges(pair.request(query=f"{key[1]}="), "accepted", "400 or 422: empty value")
        yield pair.answer(
            "parameter.empty-value", f"{_called(key)} may no longer be empty", "request", exchange, at=(before, after)
        )
    yield from _question(pair, key, before, after)


def _question(pair: Pair, key: Key, before: Place, after: Place) -> Iterator[Question]:
    documents = before.has("content") and after.has("content")
    manner: Manner = "json" if documents else "text"
    where = f"{_called(key)} as {next(iter(contents(before)))}" if documents else _called(key)
    yield Question(pair.name, where, "request", schema_of(before), schema_of(after), manner)


def _style(pair: Pair, key: Key, before: Place, after: Place) -> Iterator[Answer]:
    spelled = respelled(pair, key[0], before, after)
    if spelled:
        request = pair.request(parameter=key[1], written=spelled[0])
        exchange = pair.exchanges(request, "accepted", "400 or 422: read as another value")
        message = f"{_called(key)} is written {spelled[1]} now, was {spelled[0]}"
        yield pair.answer("parameter.style-changed", message, "request", exchange, at=(before, after))


def respelled(pair: Pair, where: str, before: Place, after: Place) -> tuple[str, str] | None:
    """Say how lists and objects were spelled and are now; a scalar looks the same in most styles."""
    old, new = _spelling(where, before), _spelling(where, after)
    plain = not (_compound(pair.base.document, before) or _compound(pair.revision.document, after))
    if old == new or (plain and {old[0], new[0]} <= {"form", "simple", "spaceDelimited", "pipeDelimited"}):
        return None
    return _spelled(old), _spelled(new)


def _spelling(where: str, parameter: Place) -> tuple[str, bool]:
    if parameter.has("content"):
        return f"as {next(iter(contents(parameter)), 'a document')}", False
    style = text(mapping(parameter.node).get("style")) or _STYLES.get(where, "form")
    explode = mapping(parameter.node).get("explode")
    return style, explode if isinstance(explode, bool) else style == "form"


def _spelled(spelling: tuple[str, bool]) -> str:
    return f"{spelling[0]}{' exploded' if spelling[1] else ''}"


def _compound(document: Document, parameter: Place) -> bool:
    node = mapping(document.follow(schema_of(parameter)).node)
    return text(node.get("type")) in {"array", "object", ""}


def _required(parameter: Place) -> bool:
    return mapping(parameter.node).get("required") is True


def _called(key: Key) -> str:
    return f"{key[0]} {key[1]}"


def _missing(pair: Pair, rule: str, said: str, key: Key, after: Place, before: Place | None = None) -> Answer:
    exchange = pair.exchanges(pair.request(without=_called(key)), "accepted", f"400 or 422: {_called(key)} is missing")
    at = before or pair.base.place, after
    return pair.answer(rule, f"{_called(key)} {said}", "request", exchange, at=at)
