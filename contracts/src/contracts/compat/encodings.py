"""How the parts of a form are written: media types, styles and headers of each."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from contracts.compat.document import Place
from contracts.compat.media import covers, normal
from contracts.compat.questions import Answer, Pair
from contracts.compat.values import Json, mapping, text

Follow: TypeAlias = Callable[[Place], Place]


def compare_encoding(pair: Pair, before: Place, after: Place) -> Iterator[Answer]:
    """Judge what old clients put around each part of a form."""
    parts = {**mapping((before / "encoding").node), **mapping((after / "encoding").node)}
    for name in parts:
        old, new = before / "encoding" / name, after / "encoding" / name
        yield from _media_type(pair, name, old, new)
        yield from _style(pair, name, old, new)
        yield from _headers(pair, name, old, new)


def _media_type(pair: Pair, name: str, old: Place, new: Place) -> Iterator[Answer]:
    """Compare the types that both sides name; what is left out goes by the schema, which is compared anyway."""
    accepted = _types(new)
    lost = [media for media in _types(old) if accepted and not any(covers(wide, media) for wide in accepted)]
    if lost:
        message = f"the part {name} is no longer accepted as {' or '.join(lost)}"
        exchange = pair.exchanges(pair.request(part=name, content_type=lost[0]), "accepted", "400, 415 or 422")
        yield pair.answer("body.part-type-removed", message, "request", exchange, at=(old, new))


def _types(encoding: Place) -> list[str]:
    named = text(mapping(encoding.node).get("contentType"))
    return [normal(media) for media in named.split(",") if media.strip()]


def _style(pair: Pair, name: str, old: Place, new: Place) -> Iterator[Answer]:
    spelled = _spelling(old), _spelling(new)
    if spelled[0] != spelled[1]:
        message = f"the part {name} is written {_spelled(spelled[1])} now, was {_spelled(spelled[0])}"
        exchange = pair.exchanges(
            pair.request(part=name, written=_spelled(spelled[0])), "accepted", "400 or 422: read as another value"
        )
        yield pair.answer("body.part-style-changed", message, "request", exchange, at=(old, new))


def _spelling(encoding: Place) -> tuple[str, Json]:
    style = text(mapping(encoding.node).get("style"), "form")
    return style, mapping(encoding.node).get("explode", style == "form")


def _spelled(spelling: tuple[str, Json]) -> str:
    return f"{spelling[0]}{' exploded' if spelling[1] is True else ''}"


def _headers(pair: Pair, name: str, old: Place, new: Place) -> Iterator[Answer]:
    known = _needed(pair.base.document.follow, old)
    for header in sorted(_needed(pair.revision.document.follow, new) - known):
        message = f"the part {name} needs the header {header}"
        exchange = pair.exchanges(pair.request(part=name, without=f"header {header}"), "accepted", "400 or 422")
        yield pair.answer("body.part-header-required", message, "request", exchange, at=(old, new))


def _needed(follow: Follow, encoding: Place) -> set[str]:
    headers = ((name.lower(), follow(header)) for name, header in (encoding / "headers").children())
    return {name for name, header in headers if mapping(header.node).get("required") is True}
