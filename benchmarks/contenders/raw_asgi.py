"""The limit: an ASGI application that sends bytes which are there already."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from benchmarks.contenders.settings import expected_order

__all__ = ["app"]

_BODY = expected_order()
_HEADERS = [
    (b"content-type", b"application/json"),
    (b"content-length", str(len(_BODY)).encode()),
    (b"etag", b'"1"'),  # which the contract promises, so that contract clients can be measured on this too
]


async def app(
    scope: Mapping[str, Any],
    receive: Callable[[], Awaitable[Mapping[str, Any]]],
    send: Callable[[Mapping[str, Any]], Awaitable[None]],
) -> None:
    """Answer every request alike."""
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": _BODY})
