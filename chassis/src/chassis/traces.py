"""Which trace a request belongs to, as W3C Trace Context (https://www.w3.org/TR/trace-context/) carries it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import getrandbits
from typing import Self

__all__ = ["Trace", "hex_id"]

_TRACEPARENT = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})(?P<rest>-.*)?"
)
_NO_TRACE, _NO_SPAN = "0" * 32, "0" * 16
_FORBIDDEN_VERSION = "ff"
_SAMPLED, _RANDOM = 0b01, 0b10
_KNOWN_FLAGS = _SAMPLED | _RANDOM
"""Section 3.2.2.5 wants the others set to zero."""
_STATE = re.compile(r"[\x20-\x7e\t]{1,512}")
_STATE_MEMBERS = 32


def hex_id() -> str:
    """Make 16 random bytes in hex, such as a trace's id: nobody else has them, but somebody might guess them.

    Asking the system for random bytes lets go of the interpreter, and waits to have it again: 4 microseconds each time.
    """
    return f"{getrandbits(128):032x}"


def _span_id() -> str:
    return f"{getrandbits(64):016x}"


@dataclass(frozen=True, slots=True)
class Trace:
    """One step in a trace: what this process does for one request."""

    trace_id: str
    span_id: str
    flags: int
    parent_id: str | None = None

    state: str = ""
    """What tracing systems before us told each other in `tracestate`; ours adds nothing and passes it on."""

    @classmethod
    def start(cls, samples: Callable[[str], bool] | None = None) -> Self:
        """Begin a trace; its id is random, which a flag says, and `samples` decides by it who records the trace."""
        trace_id = hex_id()
        flags = _RANDOM | _SAMPLED if samples and samples(trace_id) else _RANDOM
        return cls(trace_id, _span_id(), flags)

    @classmethod
    def proceed(
        cls, headers: Sequence[str], states: Sequence[str] = (), samples: Callable[[str], bool] | None = None
    ) -> Self:
        """Take a step in the caller's trace, or begin one where the header is absent, repeated or malformed."""
        caller = _TRACEPARENT.fullmatch(headers[0]) if len(headers) == 1 else None
        if caller is None or not _is_valid(caller):
            return cls.start(samples)
        flags = int(caller["flags"], 16) & _KNOWN_FLAGS
        return cls(caller["trace"], _span_id(), flags, caller["span"], _state(states))

    def step(self) -> "Trace":
        """Take a step of our own, such as a call to a peer, whose parent is this one."""
        return Trace(self.trace_id, _span_id(), self.flags, self.span_id, self.state)

    @property
    def is_sampled(self) -> bool:
        """Say whether those who record traces should record this one, as whoever began it has decided."""
        return bool(self.flags & _SAMPLED)

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.flags:02x}"

    @property
    def headers(self) -> dict[str, str]:
        """Say to a peer what its work is part of."""
        parent = {"traceparent": self.traceparent}
        return parent | {"tracestate": self.state} if self.state else parent


def _is_valid(caller: re.Match[str]) -> bool:
    """Check what section 3.2.2 says beyond the grammar: only versions after 00 may say more than four fields."""
    may_say_more = caller["version"] != "00"
    is_known = caller["version"] != _FORBIDDEN_VERSION and (may_say_more or not caller["rest"])
    return is_known and caller["trace"] != _NO_TRACE and caller["span"] != _NO_SPAN


def _state(headers: Sequence[str]) -> str:
    """Read `tracestate`, which may come in several lines; section 3.3.1.5 lets what cannot be read be dropped."""
    state = ",".join(header for header in headers if header)
    return state if _STATE.fullmatch(state) and state.count(",") < _STATE_MEMBERS else ""
