"""How a result or an error becomes a response, in the words of the API that was called."""

import math
from collections.abc import AsyncIterator, Sequence
from functools import cache
from typing import Any

from contracts.answers import ETAG, Answer, Download, EventStream
from contracts.dialect import Dialect
from contracts.errors import ApiError, Internal, Issue, RateLimited, Unavailable
from contracts.operation import Operation
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope
from structlog import get_logger

from chassis import context
from chassis.conditional import OF_CONTENT, digest, is_match

__all__ = ["answer", "issues", "malformed", "refuse", "refuse_operation", "respond"]

_PLACES = {"body": "body", "query": "query", "path": "path", "header": "header"}
_WAIT = 1.0

_log = get_logger(__name__)


class BrokenPromise(RuntimeError):
    """A handler answered something that its operation does not declare."""


def respond(op: Operation[..., Any], result: Any) -> Response:
    """Make the response of a handler's result; raises BrokenPromise for what the contract does not say."""
    return answer(op, result if isinstance(result, Answer) else Answer(result))  # pyright: ignore[reportUnknownArgumentType]  # any result may come


def answer(op: Operation[..., Any], given: Answer[Any]) -> Response:
    """Make the response of an answer, with the headers that the contract promises and its Cache-Control."""
    form = _form(op)
    success = form.successes.get(given.status)
    if success is None:
        raise BrokenPromise(f"{op.label}: answered {given.status}, declared {[s.status for s in op.successes]}")
    missing = [header.name for header in success.headers if header.always and header not in given.headers]
    extra = [header.name for header in given.headers if header not in success.headers]
    if missing or extra:
        raise BrokenPromise(f"{op.label}: {success.status} lacks the headers {missing} and has the undeclared {extra}")
    headers = {"cache-control": form.cache_control} | {header.name: value for header, value in given.headers.items()}
    return _body(op, success.status, given.value, headers)


class _Form:
    """What is always the same about the answers of one operation."""

    def __init__(self, op: Operation[..., Any]) -> None:
        self.successes = {success.status: success for success in op.successes} | {None: op.success(None)}
        self.cache_control = op.cache_control
        self.write = TypeAdapter[Any](op.reply).serializer.to_json


@cache
def _form(op: Operation[..., Any]) -> _Form:
    return _Form(op)


class _Json(Response):
    """A JSON body that is written already; Starlette's own would encode what is bytes here."""

    def __init__(self, content: bytes, status: int, headers: dict[str, str]) -> None:
        self.status_code = status
        self.background = None
        self.body = content
        self.raw_headers = [
            *((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()),
            (b"content-length", str(len(content)).encode()),
            (b"content-type", b"application/json"),
        ]


class _Events(StreamingResponse):
    """A stream of events, which most clients leave before its end."""

    async def listen_for_disconnect(self, receive: Receive) -> None:
        await super().listen_for_disconnect(receive)
        context.dismiss()


def _body(op: Operation[..., Any], status: int, value: Any, headers: dict[str, str]) -> Response:
    match op.kind:
        case "json":
            content = _form(op).write(op.api.dialect.wrap(op.reply, status, value), warnings="error")
            if headers.get(ETAG.name) is OF_CONTENT:
                headers[ETAG.name] = digest(content)
            return _Json(content, status, headers)
        case "empty":
            return Response(status_code=status, headers=headers)
        case "download":
            return _file(op, status, value, headers)
        case _:  # events
            headers["x-accel-buffering"] = "no"  # a proxy that buffers would hold events back
            return _Events(_lines(op, value), status, headers, media_type="text/event-stream")


def _file(op: Operation[..., Any], status: int, value: Download, headers: dict[str, str]) -> Response:
    if value.media_type not in op.media:
        raise BrokenPromise(f"{op.label}: answered {value.media_type}, declared {op.media}")
    headers["x-content-type-options"] = "nosniff"
    return Response(value.content, status, headers, media_type=value.media_type)


async def _lines(op: Operation[..., Any], events: EventStream[Any]) -> AsyncIterator[bytes]:
    """Write events (WHATWG HTML 9.2.6); JSON has no line breaks of its own."""
    async with events:
        async for event in events:
            yield b"data: " + _form(op).write(event, warnings="error") + b"\n\n"


def not_modified(op: Operation[..., Any], scope: Scope, response: Response) -> Response:
    """Answer 304 to a reader who has this version already (RFC 9110, 13.1.2)."""
    if not op.conditional:
        return response
    seen = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"if-none-match"), None)
    tag = response.headers.get("etag")
    if seen is None or tag is None or not is_match(seen, tag):
        return response
    kept = {name: response.headers[name] for name in ("etag", "cache-control")}
    return Response(status_code=304, headers=kept)


def refuse_operation(op: Operation[..., Any], request: Request, error: Exception) -> Response:
    """Make the response of an error that a handler raised; what is not declared is our own fault."""
    if isinstance(error, RequestValidationError):
        error = malformed(op.api.dialect.malformed, error)
    if not isinstance(error, ApiError) or not isinstance(error, op.errors):
        _log.error("undeclared_error", exc_info=error)
        context.blame(error)
        error = Internal()
    return refuse(op.api.dialect, request, error)


def refuse(dialect: Dialect, request: Request, error: ApiError) -> Response:
    """Make the response of an error, in the words of an API."""
    serving = context.current()
    body = dialect.word(error, request.scope["path"], serving.trace.trace_id if serving else "0" * 32)
    headers = {"cache-control": "no-store"} | error.headers | _wait(error)
    return Response(body.model_dump_json().encode(), error.status, headers, media_type=dialect.media_type)


def _wait(error: ApiError) -> dict[str, str]:
    if error.retry_after is None and not isinstance(error, RateLimited | Unavailable):
        return {}
    return {"retry-after": str(math.ceil(error.retry_after or _WAIT))}


def malformed(kind: type[ApiError], error: RequestValidationError) -> ApiError:
    """Say what is wrong with a request: the first fault in words, and each where it is."""
    found = issues(error.errors())
    first, more = found[0], len(found) - 1
    also = f" (and {more} more)" if more else ""
    return kind(f"{first.place} {first.pointer or '/'}: {first.detail}{also}", issues=found)


def issues(errors: Sequence[Any]) -> list[Issue]:
    """Say what Pydantic found in the contract's words; never what was sent, which may be a secret."""
    return [_issue(error) for error in errors[:100]]


def _issue(error: Any) -> Issue:
    place, *path = [str(part) for part in error["loc"]]
    if error["type"] == "json_invalid":  # where the framework names a position, not a member
        return Issue(code="json_invalid", detail=f"Not JSON: {error['ctx']['error']}"[:1000], place=place, pointer="")
    pointer = "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in path)
    return Issue(
        code=str(error["type"])[:100],
        detail=str(error["msg"])[:1000],
        place=_PLACES.get(place, "body"),
        pointer=pointer[:500],
    )
