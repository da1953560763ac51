"""What FastAPI is told of an operation, and what its specification cannot say by itself.

The shape of the result is the promise of `contracts.tools.promise`, and `contracts verify` compares the two.
"""

from collections.abc import Iterable
from http import HTTPStatus
from itertools import groupby
from typing import Any

from contracts.answers import RETRY_AFTER, ResponseHeader, Success
from contracts.errors import ApiError, Problem, RateLimited, Unavailable
from contracts.examples import example_json
from contracts.operation import Operation
from fastapi import Response
from fastapi.responses import JSONResponse

__all__ = ["documentation", "dress"]

_TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag that was read (RFC 9110 13.1.2); the answer is 304 while it still holds.",
    "schema": {"type": "string", "title": "If-None-Match"},
}
_CHALLENGE = {
    "description": "How to authenticate (RFC 9110 11.6.1).",
    "required": True,
    "schema": {"type": "string", "pattern": "^(?:Bearer|Basic)"},
}
_RETIREMENT = {
    "Deprecation": "When this version was deprecated (RFC 9745).",
    "Sunset": "When this version will be gone (RFC 8594).",
    "Link": "Where the version that follows lives (RFC 8288).",
}


def documentation(op: Operation[..., Any]) -> dict[str, Any]:
    """Tell FastAPI of an operation, as arguments of `add_api_route`."""
    first, *others = op.successes
    is_json = op.kind == "json"
    models = {success.status: op.reply for success in others}
    models |= {first.status: op.reply} if op.kind == "events" else {}
    models |= {status: _failure(op, errors) for status, errors in _by_status(op.errors)}
    return {
        "operation_id": op.name,
        "summary": op.summary,
        "description": op.description,
        "tags": [op.api.service],
        "deprecated": True if op.api.retirement else None,
        "status_code": first.status,
        "response_model": op.reply if is_json else None,
        "response_class": JSONResponse if is_json else Response,
        "responses": {status: {"model": model} for status, model in models.items()},
    }


def dress(op: Operation[..., Any], said: dict[str, Any]) -> None:
    """Complete what FastAPI says of an operation: media types, headers, codes and examples."""
    if not op.description:
        said.pop("description", None)
    said["x-repeatable"] = op.repeatable
    if op.body:
        said["x-max-bytes"] = op.max_bytes
    if op.conditional:
        said.setdefault("parameters", []).append(_IF_NONE_MATCH)
    responses = said["responses"]
    for success in op.successes:
        _dress_success(op, success, responses[str(success.status)])
    if op.conditional:
        headers = responses[str(op.successes[0].status)]["headers"]
        responses["304"] = {"description": "Not Modified", "headers": headers}
    if all(error.status != 422 for error in op.errors):
        responses.pop("422", None)  # what FastAPI adds by itself
    for status, errors in _by_status(op.errors):
        responses[str(status)] = _refusal(op, list(errors), responses[str(status)])


def _dress_success(op: Operation[..., Any], success: Success, said: dict[str, Any]) -> None:
    said["description"] = HTTPStatus(success.status).phrase
    said["headers"] = {
        **{header.name: _header(header) for header in success.headers},
        "Cache-Control": _constant("How long this may be kept (RFC 9111).", op.cache_control),
        **_everywhere(op),
    }
    if op.kind == "events":
        schema = said["content"]["application/json"]["schema"]
        said["content"] = {"text/event-stream": {"x-event-schema": schema}}
    elif op.kind == "download":
        said["content"] = {media: {"schema": {"type": "string", "contentMediaType": media}} for media in op.media}


def _refusal(op: Operation[..., Any], errors: list[type[ApiError]], said: dict[str, Any]) -> dict[str, Any]:
    schema = said["content"]["application/json"]["schema"]
    schema.pop("title", None)
    headers = {"WWW-Authenticate": _CHALLENGE} if errors[0].status == 401 else {}
    if errors[0].status in {RateLimited.status, Unavailable.status}:
        headers[RETRY_AFTER.name] = _header(RETRY_AFTER)
    headers |= _everywhere(op)
    return {
        "description": "\n".join(f"- `{error.code}`: {error.title()}" for error in errors),
        **({"headers": headers} if headers else {}),
        "content": {
            op.api.dialect.media_type: {
                "schema": schema,
                "examples": {error.code: {"summary": error.title(), "value": _example(op, error)} for error in errors},
            }
        },
        "x-error-codes": [error.code for error in errors],
    }


def _example(op: Operation[..., Any], error: type[ApiError]) -> Any:
    members = {name: value for name, value in example_json(error.problem).items() if name not in Problem.model_fields}
    return op.api.dialect.word(error(error.title(), **members), op.path, _TRACE_ID).model_dump(mode="json")


def _by_status(errors: Iterable[type[ApiError]]) -> Iterable[tuple[int, Iterable[type[ApiError]]]]:
    return groupby(errors, key=lambda error: error.status)


def _failure(op: Operation[..., Any], errors: Iterable[type[ApiError]]) -> Any:
    """Name the type of the body that carries any of these errors."""
    failure, *others = dict.fromkeys(op.api.dialect.failure(error) for error in errors)
    union: Any = failure
    for other in others:
        union = union | other
    return union


def _header(header: ResponseHeader) -> dict[str, Any]:
    schema = {"type": "string", "pattern": header.pattern, "examples": [header.example]}
    return {"description": header.meaning, "required": header.always, "schema": schema}


def _constant(description: str, value: str) -> dict[str, Any]:
    return {"description": description, "required": True, "schema": {"type": "string", "const": value}}


def _everywhere(op: Operation[..., Any]) -> dict[str, Any]:
    retirement = op.api.retirement
    return (
        {name: _constant(_RETIREMENT[name], value) for name, value in retirement.headers.items()} if retirement else {}
    )
