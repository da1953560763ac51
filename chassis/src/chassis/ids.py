"""Identifiers that sort by the time they were made."""

from uuid import UUID

from uuid_utils.compat import uuid7

__all__ = ["new_id"]


def new_id() -> UUID:
    """Make a UUIDv7 (RFC 9562), greater than every one this process made before."""
    return uuid7()
