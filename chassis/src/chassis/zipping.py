"""Compressed answers for those who take them; for everybody else no more than the note that it depends on that."""

from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["ZipMiddleware"]

_NEVER = tuple(kind.rstrip("*").encode() for kind in DEFAULT_EXCLUDED_CONTENT_TYPES)
_VARY = (b"vary", b"Accept-Encoding")


class ZipMiddleware:
    """Starlette's compression, and a short way past it, which answers in the same words."""

    def __init__(self, app: ASGIApp, smallest: int) -> None:
        """Compress answers of so many bytes and more."""
        self._app = app
        self._zipped = GZipMiddleware(app, minimum_size=smallest)
        self._smallest = smallest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _takes_gzip(scope):
            await self._app(scope, receive, _Plain(send, self._smallest).send)
        else:
            await self._zipped(scope, receive, send)


class _Plain:
    """Sends an answer as it is, and says of one that could have been compressed that others may get it so."""

    def __init__(self, send: Send, smallest: int) -> None:
        self._send = send
        self._smallest = smallest
        self._head: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and not _is_never_zipped(message):
            self._head = message  # until it is known how much follows
            return
        head, self._head = self._head, None
        if head is not None:
            if message.get("more_body") or len(message.get("body", b"")) >= self._smallest:
                head = {**head, "headers": [*head["headers"], _VARY]}
            await self._send(head)
        await self._send(message)


def _takes_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


def _is_never_zipped(head: Message) -> bool:
    return head["status"] == 206 or any(
        name == b"content-encoding" or (name == b"content-type" and value.startswith(_NEVER))
        for name, value in head["headers"]
    )
