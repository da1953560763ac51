"""What an operation promises to answer: each success, the 304, and its errors grouped by status."""

from http import HTTPStatus
from itertools import groupby
from typing import Any

from contracts.answers import RETRY_AFTER, ResponseHeader, Success
from contracts.errors import ApiError, Problem
from contracts.examples import example_json
from contracts.operation import Operation
from contracts.tools.documents import Json
from contracts.tools.schemas import Schemas

__all__ = ["responses"]

_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
_AUTHENTICATE: Json = {
    "description": "How to authenticate (RFC 9110 11.6.1).",
    "required": True,
    "schema": {"type": "string", "pattern": "^(?:Bearer|Basic)"},
}
_RETIREMENT = {
    "Deprecation": "When this version was deprecated (RFC 9745).",
    "Sunset": "When this version will be gone (RFC 8594).",
    "Link": "Where the version that follows lives (RFC 8288).",
}


def responses(op: Operation[..., Any], schemas: Schemas) -> Json:
    """Promise every answer, by status."""
    promised: Json = {str(success.status): _success(op, success, schemas) for success in op.successes}
    if op.conditional:
        promised["304"] = {"description": "Not Modified", "headers": _success_headers(op, op.successes[0])}
    for status, errors in groupby(op.errors, key=lambda error: error.status):
        promised[str(status)] = _failure(op, status, list(errors), schemas)
    return promised


def _success(op: Operation[..., Any], success: Success, schemas: Schemas) -> Json:
    answer: Json = {
        "description": HTTPStatus(success.status).phrase,
        "headers": _success_headers(op, success),
    }
    return answer if op.kind == "empty" else {**answer, "content": _content(op, success, schemas)}


def _success_headers(op: Operation[..., Any], success: Success) -> Json:
    kept: Json = _constant("How long this may be kept (RFC 9111).", op.cache_control)
    return {**{header.name: _header(header) for header in success.headers}, "Cache-Control": kept, **_retirement(op)}


def _content(op: Operation[..., Any], success: Success, schemas: Schemas) -> Json:
    if op.kind == "download":
        return {media: {"schema": {"type": "string", "contentMediaType": media}} for media in op.media}
    if op.kind == "events":
        return {"text/event-stream": {"x-event-schema": schemas.reply(op)}}
    schema = schemas.reply(op)
    if "$ref" not in schema:
        which = "" if success is op.successes[0] else f"{success.status} "
        schema = {**schema, "title": f"Response {which}{op.name}".title().replace("_", " ")}
    return {"application/json": {"schema": schema}}


def _failure(op: Operation[..., Any], status: int, errors: list[type[ApiError]], schemas: Schemas) -> Json:
    dialect = op.api.dialect
    models = list(dict.fromkeys(dialect.failure(error) for error in errors))
    kinds = [schemas.failure(model) for model in models]
    schema: Json = kinds[0] if len(kinds) == 1 else {"anyOf": [*kinds]}
    examples: Json = {error.code: {"summary": error.title(), "value": _example(op, error)} for error in errors}
    answer: Json = {"description": "\n".join(f"- `{error.code}`: {error.title()}" for error in errors)}
    headers = _failure_headers(op, status)
    return {
        **answer,
        **({"headers": headers} if headers else {}),
        "content": {dialect.media_type: {"schema": schema, "examples": examples}},
        "x-error-codes": [error.code for error in errors],
    }


def _failure_headers(op: Operation[..., Any], status: int) -> Json:
    headers: Json = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = _AUTHENTICATE
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        headers[RETRY_AFTER.name] = _header(RETRY_AFTER)
    return {**headers, **_retirement(op)}


def _example(op: Operation[..., Any], error: type[ApiError]) -> Json:
    """Word the error as the service would, with the example's values for what its problem adds."""
    shown: Json = example_json(error.problem)
    members: Any = {name: value for name, value in shown.items() if name not in Problem.model_fields}
    return op.api.dialect.word(error(error.title(), **members), op.path, _TRACE).model_dump(mode="json")


def _retirement(op: Operation[..., Any]) -> Json:
    headers = op.api.retirement.headers if op.api.retirement else {}
    return {name: _constant(_RETIREMENT[name], value) for name, value in headers.items()}


def _header(header: ResponseHeader) -> Json:
    schema: Json = {"type": "string", "pattern": header.pattern, "examples": [header.example]}
    return {"description": header.meaning, "required": header.always, "schema": schema}


def _constant(meaning: str, value: str) -> Json:
    return {"description": meaning, "required": True, "schema": {"type": "string", "const": value}}
