"""Media types: which ones take in others, and how what they name is read."""

import re

from contracts.compat.document import Place
from contracts.compat.questions import Manner
from contracts.compat.values import mapping, text

_FORMS = ("application/x-www-form-urlencoded", "multipart/")
_SAME_MODEL = frozenset({"json", "yaml", "cbor", "msgpack", "bson", "ndjson", "jsonl", "hal", "*"})
_NOTHING_SAID = frozenset({"charset", "boundary", "q"})


def normal(media: str) -> str:
    """Write a media type alike however it was written, without parameters that tell nothing apart."""
    kind, *given = (part.strip() for part in media.split(";"))
    pairs = (part.partition("=") for part in given)
    kept = sorted(f"{name.strip().lower()}={value.strip()}" for name, _, value in pairs if value)
    return ";".join([kind.lower(), *(part for part in kept if part.partition("=")[0] not in _NOTHING_SAID)])


def contents(holder: Place) -> dict[str, Place]:
    """Give the bodies of a request or an answer by media type."""
    return {normal(media): content for media, content in (holder / "content").children()}


def covers(wide: str, narrow: str) -> bool:
    """Tell whether one media type or range takes in another."""
    (known, *asked), (found, *given) = wide.split(";"), narrow.split(";")
    return set(asked) <= set(given) and bool(re.fullmatch(re.escape(known).replace(r"\*", ".*"), found))


def bare(media: str) -> str:
    """Give the format that a type such as application/problem+json is written in."""
    head, _, suffix = media.partition(";")[0].rpartition("+")
    return f"application/{suffix}" if head else media.partition(";")[0]


def is_xml(media: str) -> bool:
    """Tell whether a media type is written in XML."""
    return "xml" in re.split(r"[/+;]", media)


def is_form(media: str) -> bool:
    """Tell whether a media type is a form, whose members are sent one by one."""
    return media.startswith(_FORMS)


def manner(media: str) -> Manner:
    """Say how payloads of a media type are read: as JSON, as text, or by nothing we have."""
    words = set(re.split(r"[/+;.-]", media.partition(";")[0]))
    if is_form(media) or (media.startswith("text/") and not words & {*_SAME_MODEL, "xml"}):
        return "text"
    return "json" if words & _SAME_MODEL else "unchecked"


def is_bytes(content: Place) -> bool:
    """Tell whether a body is said to be nothing but bytes, as OpenAPI 3.0 and 3.1 each say it."""
    schema = mapping((content / "schema").node)
    return text(schema.get("type"), "string") == "string" and not set(schema) & {"$ref", "allOf", "anyOf", "oneOf"}


def schema_of(holder: Place) -> Place:
    """Give the schema of a parameter or header, which may stand under a media type."""
    if holder.has("schema") or not contents(holder):
        return holder / "schema"
    return next(iter(contents(holder).values())) / "schema"
