"""Conditional requests (RFC 9110, 13): a read that changed nothing, and a change that must not undo another."""

from hashlib import sha256

from contracts.errors import PreconditionFailed, PreconditionRequired

__all__ = ["OF_CONTENT", "digest", "etag", "is_match", "require_match"]

OF_CONTENT = "(the digest of the content)"
"""Stands for an entity tag that is made of all that is answered, once that is written."""


def digest(content: bytes) -> str:
    """Make a strong entity tag that moves whenever the content does."""
    return etag(sha256(content).hexdigest()[:32])


def etag(*parts: object) -> str:
    """Make a strong entity tag of what moves when the resource does."""
    return '"' + ".".join(str(part) for part in parts) + '"'


def tags(header: str) -> list[str]:
    """Read the entity tags of an If-Match or If-None-Match; a weak tag counts as the strong one it names."""
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]


def is_match(header: str, current: str) -> bool:
    """Tell whether a header names this tag, or anything at all."""
    return header.strip() == "*" or current.removeprefix("W/") in tags(header)


def require_match(if_match: str | None, current: str) -> None:
    """Let a change pass only if it was made to the version that is there now.

    Only the first part of a tag counts, the resource's own version, so that a sale does not fail an edit.
    Raises PreconditionRequired without a header, PreconditionFailed for an older version.
    """
    if if_match is None:
        raise PreconditionRequired(f"Send If-Match with the ETag that was read; it is {current} now.")
    if if_match.strip() != "*" and _version(current) not in {_version(tag) for tag in tags(if_match)}:
        raise PreconditionFailed(f"If-Match is {if_match}, and the ETag is {current} now: read again, then change.")


def _version(tag: str) -> str:
    return tag.strip('"').partition(".")[0]
