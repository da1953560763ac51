"""What is wrong with a refusal: its status, its shape, its words, its headers."""

from collections.abc import Iterable, Iterator
from typing import Any

import httpx
from contracts.dialect import Dialect
from contracts.errors import ApiError
from contracts.operation import Operation
from pydantic import ValidationError

__all__ = ["faults"]

_INNARDS = ("Traceback", 'File "', "Exception", "pydantic", "sqlalchemy")


def faults(op: Operation[..., Any], answer: httpx.Response, wanted: Iterable[type[ApiError]]) -> list[str]:
    """Say what is wrong with an answer that should be one of the wanted refusals."""
    return [f"{_shown(answer.request)}: {fault}" for fault in _faults(op.api.dialect, answer, list(wanted))]


def _faults(dialect: Dialect, answer: httpx.Response, wanted: list[type[ApiError]]) -> Iterator[str]:
    statuses = {error.status for error in wanted}
    if answer.status_code not in statuses:
        yield f"wanted {sorted(statuses)}, found {answer.status_code} {answer.text[:200]!r}"
        return
    if answer.headers.get("content-type") != dialect.media_type:
        yield f"wanted {dialect.media_type}, found {answer.headers.get('content-type')}"
    missing = {"x-request-id", "x-process-time", "cache-control"} - set(answer.headers)
    if missing:
        yield f"lacks the headers {sorted(missing)}"
    if answer.request.method != "HEAD":
        yield from _body_faults(dialect, answer, wanted)


def _body_faults(dialect: Dialect, answer: httpx.Response, wanted: list[type[ApiError]]) -> Iterator[str]:
    error = dialect.read(answer.status_code, answer.content, wanted)
    if error is None:
        yield f"carries none of {[error.code for error in wanted]}: {answer.text[:200]!r}"
        return
    try:
        dialect.failure(type(error)).model_validate_json(answer.content, extra="forbid")
    except ValidationError as exc:
        yield f"is not what failures look like: {exc}"
    if len(error.detail) < len("Not JSON: x") or any(word in answer.text for word in _INNARDS):
        yield f"is not clear: {answer.text[:200]!r}"


def _shown(request: httpx.Request) -> str:
    sent = request.content if isinstance(request.stream, httpx.ByteStream) else b"..."
    return f"{request.method} {request.url.raw_path.decode()[:100]} {dict(request.headers)} {sent[:150]!r}"
