"""What comes back from a call: statuses, headers, files and streams of events."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, Self, TypeVar

__all__ = [
    "ETAG",
    "IDEMPOTENCY_REPLAYED",
    "LOCATION",
    "RETRY_AFTER",
    "Answer",
    "Download",
    "EventStream",
    "ResponseHeader",
    "Success",
    "Upload",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ResponseHeader:
    """A header that callers may rely on; one that is not `always` there is absent from some answers."""

    name: str
    meaning: str
    pattern: str
    example: str
    always: bool = True


ETAG = ResponseHeader(
    "ETag", "The version that was read (RFC 9110); send it back in If-Match.", r'^"[!#-~]{1,100}"$', '"7.12"'
)
LOCATION = ResponseHeader("Location", "Where to read what was made.", r"^/[!-~]{1,500}$", "/v2/orders/0199b2a0")
RETRY_AFTER = ResponseHeader("Retry-After", "When to ask again, in seconds.", r"^[0-9]{1,6}$", "2")
IDEMPOTENCY_REPLAYED = ResponseHeader(
    "Idempotency-Replayed",
    "Present when this is the stored answer to an earlier request.",
    r"^true$",
    "true",
    False,
)


@dataclass(frozen=True, slots=True)
class Success:
    """One way in which a call succeeds: its status, and the headers that come with it."""

    status: int
    headers: tuple[ResponseHeader, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A result with its status and headers; without a status, the one that the contract declares."""

    value: T
    status: int | None = None
    headers: Mapping[ResponseHeader, str] = field(default_factory=dict[ResponseHeader, str])


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in; its name and media type are the sender's claims, not facts."""

    content: bytes
    filename: str = "file"
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way out."""

    content: bytes
    media_type: str


class EventStream(Generic[T]):
    """Events as they happen (server-sent events, WHATWG HTML 9.2): iterate, and close when done."""

    def __init__(self, events: AsyncIterator[T]) -> None:
        self._events = events

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        return await anext(self._events)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Let go of the connection or the source behind the events."""
        close = getattr(self._events, "aclose", None)
        if close is not None:
            await close()
