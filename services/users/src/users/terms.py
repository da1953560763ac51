"""What the settings say to the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

__all__ = ["Terms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How tokens are made, how passwords are kept, and which secrets there are."""

    issuer: str
    token_lifetime: timedelta
    key_ahead: timedelta
    password_threads: int
    password_memory_kib: int
    cursor_secret: bytes = field(repr=False)
    client_secrets: Mapping[str, str] = field(repr=False)
    seed_password: str | None = field(repr=False)
