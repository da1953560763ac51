"""The way to other services: an httpx transport that keeps connections, and spends little on each request.

It takes whole requests, of small bodies, and speaks HTTP/1.1 without proxies or redirects; that is all that calls
between services need. Why it is ours: docs/decisions/0010-calls-between-services-have-a-transport-of-their-own.md.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from ssl import SSLContext

import httpx

from chassis.connection import Answer, Connection

__all__ = ["Wire"]

_Origin = tuple[str, str, int]


class Wire(httpx.AsyncBaseTransport):
    """Sends requests over connections that it keeps for `idle` seconds, at most `keep` to each service."""

    def __init__(self, idle: float, keep: int = 50, tls: SSLContext | None = None) -> None:
        self._idle = idle
        self._keep = keep
        self._tls = tls
        self._kept: dict[_Origin, deque[Connection]] = {}
        self._is_closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; its answer's body is read as it is needed."""
        message = _written(request, await request.aread())
        origin = _origin(request.url)
        patience: dict[str, float | None] = request.extensions.get("timeout", {})
        connection = self._reuse(origin) or await self._connect(origin, patience.get("connect"))
        try:
            answer = await connection.ask(message, patience.get("read"))
        except BaseException:
            connection.close()
            raise
        body = _Body(self, origin, connection, answer, patience.get("read"))
        return httpx.Response(answer.status, headers=answer.headers, stream=body)

    async def aclose(self) -> None:
        """Hang up wherever nothing is under way, and elsewhere as soon as that ends."""
        self._is_closed = True
        while self._kept:
            _, kept = self._kept.popitem()
            for connection in kept:
                connection.close()

    def release(self, origin: _Origin, connection: Connection) -> None:
        """Keep a connection for the next request, if it can take one."""
        if self._is_closed or not connection.is_reusable:
            connection.close()
            return
        connection.idle_since = now = asyncio.get_running_loop().time()
        kept = self._kept.setdefault(origin, deque())
        kept.append(connection)
        while len(kept) > self._keep or kept[0].idle_since < now - self._idle:
            kept.popleft().close()

    def _reuse(self, origin: _Origin) -> Connection | None:
        """Take the connection that was used last; the peer may be about to close the others."""
        kept = self._kept.get(origin)
        oldest = asyncio.get_running_loop().time() - self._idle
        while kept:
            connection = kept.pop()
            if connection.is_reusable and connection.idle_since > oldest:
                return connection
            connection.close()
        return None

    async def _connect(self, origin: _Origin, patience: float | None) -> Connection:
        scheme, host, port = origin
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(patience):
                _, connection = await loop.create_connection(Connection, host, port, ssl=self._security(scheme))
        except TimeoutError as late:
            raise httpx.ConnectTimeout(f"no connection to {host} port {port} in {patience} s") from late
        except OSError as refused:
            raise httpx.ConnectError(f"no connection to {host} port {port}: {refused}") from refused
        return connection

    def _security(self, scheme: str) -> SSLContext | None:
        if scheme == "http":
            return None
        if self._tls is None:
            self._tls = httpx.create_ssl_context(trust_env=False)  # only now: it costs more than all else at start
        return self._tls


class _Body(httpx.AsyncByteStream):
    """The body of an answer; closing it early gives the connection up."""

    def __init__(
        self, wire: Wire, origin: _Origin, connection: Connection, answer: Answer, patience: float | None
    ) -> None:
        self._release = lambda: wire.release(origin, connection)
        self._connection = connection
        self._answer = answer
        self._patience = patience
        self._is_closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while content := await self._connection.read(self._answer, self._patience):
            yield content

    async def aclose(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._release()


def _origin(url: httpx.URL) -> _Origin:
    if url.scheme not in {"http", "https"}:
        raise httpx.UnsupportedProtocol(f"a peer's URL should begin with http:// or https://, found {url.scheme!r}")
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)


def _written(request: httpx.Request, content: bytes) -> bytes:
    """Write a request down (RFC 9112)."""
    if request.method in {"HEAD", "CONNECT"}:  # whose answers are framed in other ways
        raise httpx.UnsupportedProtocol(f"{request.method} is no way to call a service; use the httpx transport")
    if "transfer-encoding" in request.headers:  # it is here as a whole
        del request.headers["transfer-encoding"]
        request.headers["content-length"] = str(len(content))
    lines = [b"%s %s HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
    lines += [b"%s: %s" % header for header in request.headers.raw]
    head = b"\r\n".join(lines)
    breaks = len(lines) - 1
    if head.count(b"\r") != breaks or head.count(b"\n") != breaks or b"\0" in head:
        raise httpx.LocalProtocolError(
            "a header should be one line without NUL, found more: look at what it is made of"
        )
    return head + b"\r\n\r\n" + content
