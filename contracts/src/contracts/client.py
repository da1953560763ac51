"""How a contract is spoken over HTTP: the one module that knows httpx.

`httpx2` has the same interface, and its clients are taken as well.
"""

import asyncio
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import httpx

from contracts.answers import Answer, EventStream
from contracts.codec import WireRequest, decode, encode, events
from contracts.errors import ContractViolated, NoAnswer, Unavailable, Unreachable
from contracts.operation import Operation

__all__ = ["AsgiTransport", "HttpTransport"]

Headers = Callable[[Operation[..., Any]], Awaitable[Mapping[str, str]]]

_MEGABYTE = 1024 * 1024


class HttpTransport:
    """Sends calls through an `httpx.AsyncClient` that the caller owns; its base URL says where the service lives.

    An httpx transport does as well, and costs half: it knows no base URL, cookies, proxies or headers of its own.
    """

    def __init__(
        self,
        http: httpx.AsyncClient | httpx.AsyncBaseTransport,
        *,
        base_url: str = "",
        timeout: float = 10.0,
        budget: Callable[[], float | None] | None = None,
        token: str | None = None,
        headers: Headers | None = None,
        max_bytes: int = 8 * _MEGABYTE,
    ) -> None:
        """`timeout` is seconds for a whole call (for a stream, until it begins, and then between two lines).

        `base_url` is for what has none; `budget` says how many seconds are left to whoever waits for this
        call, and shortens the timeout; `headers` is asked before each call for what else to send; `max_bytes` bounds
        what is read of an answer.
        """
        library = _library(http)
        is_bare = hasattr(http, "handle_async_request")
        self._wire = (_Bare if is_bare else _Client)(http, library, base_url.rstrip("/"), timeout)
        self._timeout = timeout
        self._budget = budget
        self._authorization = {"authorization": f"Bearer {token}"} if token else {}
        self._headers = headers
        self._max_bytes = max_bytes
        self._failures = (library.TransportError, TimeoutError, ConnectionError)

    async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        """Call `op`; see `Transport.send` for what is raised."""
        request = encode(op, arguments)
        request.headers.update(self._authorization, **(await self._headers(op) if self._headers else {}))
        try:
            async with asyncio.timeout(self._left()):
                response = await self._open(request)
                if op.kind == "events" and op.success(response.status_code):
                    return Answer(EventStream(self._events(op, response)), response.status_code)
                content = await self._read(op, response)
        except self._failures as exc:
            raise Unreachable(f"{op.label}: no answer from {self._wire.place}: {_reason(exc)}") from exc
        try:
            return decode(op, response.status_code, response.headers, content)
        except NoAnswer as error:
            error.answered = response.status_code
            raise

    async def _open(self, request: WireRequest) -> httpx.Response:
        built = self._wire.build(request)
        try:
            return await self._wire.send(built)
        except AttributeError as exc:  # what httpx says over anyio when a peer dies at the moment of the connection
            raise ConnectionError("the connection was lost as it was made") from exc

    def _left(self) -> float:
        left = self._budget() if self._budget else None
        return self._timeout if left is None else min(left, self._timeout)

    async def _read(self, op: Operation[..., Any], response: httpx.Response) -> bytes:
        """Read a whole body, but never more than is allowed."""
        content = bytearray()
        try:
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > self._max_bytes:
                    raise ContractViolated(f"{op.label}: the answer is larger than {self._max_bytes} bytes")
        finally:
            await response.aclose()
        return bytes(content)

    async def _events(self, op: Operation[..., Any], response: httpx.Response) -> AsyncIterator[Any]:
        try:
            async for event in events(op, response.aiter_lines()):
                yield event
        except self._failures as exc:
            raise Unavailable(f"{op.label}: the stream broke off: {_reason(exc)}") from exc
        finally:
            await response.aclose()


class AsgiTransport(HttpTransport):
    """Sends calls to an ASGI application in this process; an event stream is read to its end first."""

    def __init__(self, app: Callable[..., Awaitable[None]], *, timeout: float = 10.0, token: str | None = None) -> None:
        inside = httpx.ASGITransport(app, raise_app_exceptions=False)
        super().__init__(
            httpx.AsyncClient(transport=inside, base_url="http://in-process"), timeout=timeout, token=token
        )


class _Client:
    """Sends requests as a client does, which may add to them what it was given."""

    def __init__(self, http: Any, library: Any, base_url: str, timeout: float) -> None:
        self.place = base_url or str(http.base_url)
        self._http = http
        self._base_url = base_url
        self._timeout = library.Timeout(timeout)

    def build(self, request: WireRequest) -> Any:
        return self._http.build_request(
            request.method,
            self._base_url + request.path,
            params=tuple(request.query) or None,
            headers=request.headers,
            content=request.content,
            timeout=self._timeout,
        )

    async def send(self, built: Any) -> httpx.Response:
        return await self._http.send(built, stream=True, follow_redirects=False)


class _Bare:
    """Hands requests to a transport as they are."""

    def __init__(self, http: Any, library: Any, base_url: str, timeout: float) -> None:
        self.place = base_url
        self._http = http
        self._request = library.Request
        self._extensions = {"timeout": library.Timeout(timeout).as_dict()}

    def build(self, request: WireRequest) -> Any:
        return self._request(
            request.method,
            self.place + request.path,
            params=tuple(request.query) or None,
            headers=request.headers,
            content=request.content,
            extensions=self._extensions,
        )

    async def send(self, built: Any) -> httpx.Response:
        return await self._http.handle_async_request(built)


def _library(http: httpx.AsyncClient | httpx.AsyncBaseTransport) -> Any:
    """Find the library that this comes from, also through subclasses; its errors are what calls can raise."""
    home = next(
        kind.__module__ for kind in type(http).__mro__ if kind.__name__ in {"AsyncClient", "AsyncBaseTransport"}
    )
    return importlib.import_module(home.partition(".")[0])


def _reason(exc: BaseException) -> str:
    return f"{type(exc).__name__} {exc}".strip()
