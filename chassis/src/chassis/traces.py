"""Which trace a request belongs to, as W3C Trace Context (https://www.w3.org/TR/trace-context/) carries it."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

__all__ = ["Trace"]

_TRACEPARENT = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})(?P<rest>-.*)?"
)
_NO_TRACE, _NO_SPAN = "0" * 32, "0" * 16
_FORBIDDEN_VERSION = "ff"
_KNOWN_FLAGS = 0b11
"""`sampled` and, since level 2, `random-trace-id`; section 3.2.2.5 wants the others set to zero."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One step in a trace: what this process does for one request."""

    trace_id: str
    span_id: str
    flags: int
    parent_id: str | None = None

    @classmethod
    def start(cls) -> Self:
        """Begin a trace; its id is random, which flag 2 says."""
        return cls(secrets.token_hex(16), secrets.token_hex(8), _KNOWN_FLAGS)

    @classmethod
    def proceed(cls, headers: Sequence[str]) -> Self:
        """Take a step in the caller's trace, or begin one where the header is absent, repeated or malformed."""
        caller = _TRACEPARENT.fullmatch(headers[0]) if len(headers) == 1 else None
        if caller is None or not _is_valid(caller):
            return cls.start()
        return cls(caller["trace"], secrets.token_hex(8), int(caller["flags"], 16) & _KNOWN_FLAGS, caller["span"])

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.flags:02x}"


def _is_valid(caller: re.Match[str]) -> bool:
    """Check what section 3.2.2 says beyond the grammar: only versions after 00 may say more than four fields."""
    may_say_more = caller["version"] != "00"
    is_known = caller["version"] != _FORBIDDEN_VERSION and (may_say_more or not caller["rest"])
    return is_known and caller["trace"] != _NO_TRACE and caller["span"] != _NO_SPAN
