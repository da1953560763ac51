"""Where the services' traces and errors go while they are measured: it reads them and forgets them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

__all__ = ["app"]

_TAKEN = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/x-protobuf")]}


async def app(
    scope: Mapping[str, Any],
    receive: Callable[[], Awaitable[Mapping[str, Any]]],
    send: Callable[[Mapping[str, Any]], Awaitable[None]],
) -> None:
    """Take all that is sent; an empty body says that nothing of it was refused."""
    if scope["type"] != "http":
        return
    while scope["method"] == "POST" and (await receive()).get("more_body"):
        pass
    await send(_TAKEN)
    await send({"type": "http.response.body", "body": b""})
