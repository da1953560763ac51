"""What stands around all routes: whom we answer as, HEAD as GET, answers where no route is, or when one fails."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contracts.dialect import PROBLEM, Dialect
from contracts.errors import ApiError, BadRequest, Internal, MethodNotAllowed, NotFound
from contracts.operation import Api
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog import get_logger

from chassis import context
from chassis.answering import malformed, refuse

__all__ = ["FailureMiddleware", "HeadMiddleware", "HostMiddleware", "Paths", "refuse_outside"]

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^\[\]:/@?#\s]+)(?::[0-9]{1,5})?", re.IGNORECASE)

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Place:
    path: str
    pattern: re.Pattern[str]
    method: str
    dialect: Dialect


class Paths:
    """All paths that the contracts of an application name."""

    def __init__(self, apis: Sequence[type[Api]]) -> None:
        self._places = [
            _Place(op.path, re.compile(re.sub(r"{[^{}]+}", "[^/]+", op.path)), op.method, api.dialect)
            for api in apis
            for op in api.operations()
        ]
        self._versions = {f"/{api.version}/": api.dialect for api in apis}

    def dialect(self, path: str) -> Dialect:
        """Find the words in which to answer about a path, also where no operation is."""
        exact = (place.dialect for place in self._places if place.pattern.fullmatch(path))
        version = (dialect for prefix, dialect in self._versions.items() if path.startswith(prefix))
        return next(exact, next(version, PROBLEM))

    def allow(self, path: str) -> str:
        """List the methods that a path knows (RFC 9110, 10.2.1): of all operations, not just of the first route."""
        literal = [place for place in self._places if place.path == path]  # goes before what a template matches
        matching = literal or [place for place in self._places if place.pattern.fullmatch(path)]
        methods = {place.method for place in matching}
        return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def refuse_outside(app: FastAPI, paths: Paths) -> None:
    """Answer what no operation answers: unknown paths and methods, and errors of the pages beside the API."""

    async def answer(request: Request, error: Exception) -> Response:
        return refuse(paths.dialect(request.scope["path"]), request, _translate(request, error, paths))

    for kind in (ApiError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, answer)


def _translate(request: Request, error: Exception, paths: Paths) -> ApiError:
    path: str = request.scope["path"]  # not that of `url`, which cannot be made of every query that is sent
    if isinstance(error, ApiError):
        return error
    if isinstance(error, RequestValidationError):
        return malformed(BadRequest, error)
    if isinstance(error, HTTPException) and error.status_code == 404:
        return NotFound(f"Nothing is at {path}; see /v2/docs for what there is.")
    if isinstance(error, HTTPException) and error.status_code == 405:
        allow = paths.allow(path) or dict(error.headers or {}).get("Allow", "GET")
        return MethodNotAllowed(f"{path} knows {allow}, not {request.method}.", headers={"allow": allow})
    return BadRequest(str(getattr(error, "detail", "The request cannot be understood.")))


class FailureMiddleware:
    """Answers 500 in the API's words when all else failed; the framework would answer outside of our headers."""

    def __init__(self, app: ASGIApp, paths: Paths) -> None:
        self._app = app
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def watch(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except ClientDisconnect:
            context.dismiss()
            _log.info("client_left")  # before all of its request was here: nothing was begun, and nobody listens
        except Exception as error:
            _log.exception("unhandled_error")
            context.blame(error)
            if has_begun:  # too late for another answer: the server breaks the connection off, and the client sees it
                raise
            response = refuse(self._paths.dialect(scope["path"]), Request(scope), Internal())
            await response(scope, receive, send)


class HostMiddleware:
    """Answers to our own names only: a page elsewhere that points its name at us would make browsers our callers."""

    def __init__(self, app: ASGIApp, names: Iterable[str], paths: Paths) -> None:
        """Take names such as `shop.example`, and `*.shop.example` for all that end so."""
        self._app = app
        self._names = [name.lower() for name in names]
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_ours(scope):
            await self._app(scope, receive, send)
            return
        error = BadRequest("The Host header should be a name of this service, and it is not; ask for it by its name.")
        response = refuse(self._paths.dialect(scope["path"]), Request(scope), error)
        await response(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        sent = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        found = _HOST.fullmatch(sent[0]) if len(sent) == 1 else None
        host = found[1].lower() if found else ""
        return any(host == name or (name.startswith("*.") and host.endswith(name[1:])) for name in self._names)


class HeadMiddleware:
    """Answers HEAD as GET without the body (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, without_body)


class HeaderMiddleware:
    """Puts the same headers on every answer under a path prefix, such as those of a version that retires."""

    def __init__(self, app: ASGIApp, prefix: str, headers: Iterable[tuple[str, str]]) -> None:
        self._app = app
        self._prefix = prefix
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self._prefix):
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *self._headers]}
            await send(message)

        await self._app(scope, receive, with_headers)
