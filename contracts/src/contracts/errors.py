"""The errors that cross the wire: raised by services, sent as bodies, raised again by typed clients.

The docstring of an error is its published title.
"""

import inspect
from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, JsonValue

from contracts.wire import Response

__all__ = [
    "ApiError",
    "BadRequest",
    "Conflict",
    "ContractViolated",
    "Forbidden",
    "IdempotencyKeyMissing",
    "IdempotencyKeyReused",
    "Internal",
    "InvalidCursor",
    "InvalidIdempotencyKey",
    "Issue",
    "Malformed",
    "MethodNotAllowed",
    "NoAnswer",
    "NotFound",
    "PayloadTooLarge",
    "PreconditionFailed",
    "PreconditionRequired",
    "Problem",
    "RateLimited",
    "Unauthenticated",
    "Unavailable",
    "Unreachable",
    "UnsupportedMediaType",
]


class Issue(Response):
    """One thing wrong with a request, and where."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "missing",
                    "detail": "Field required",
                    "place": "body",
                    "pointer": "/lines/0/quantity",
                }
            ]
        }
    )

    code: Annotated[str, Field(max_length=100)]
    detail: Annotated[str, Field(max_length=1000)]
    place: Annotated[str, Field(max_length=20, description="body, query, path, header, form or file")]
    pointer: Annotated[str, Field(max_length=500, description="Where in that place (RFC 6901)")]


class Problem(Response):
    """What went wrong, for programs and for people (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:concord:problem:not_found",
                    "title": "There is no such thing",
                    "status": 404,
                    "detail": "user 0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87",
                    "instance": "/v2/users/0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87",
                    "code": "not_found",
                    "errors": [],
                    "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
                }
            ]
        }
    )

    type: Annotated[str, Field(max_length=200, description="A URN that names this kind of problem")]
    title: Annotated[str, Field(max_length=200)]
    status: Annotated[int, Field(strict=True, ge=400, le=599)]
    detail: Annotated[str, Field(max_length=2000)]
    instance: Annotated[str, Field(max_length=2000, description="The path that was asked for")]
    code: Annotated[str, Field(max_length=100, description="A stable word to branch on")]
    errors: Annotated[list[Issue], Field(max_length=100, description="Each thing that is wrong, where several are")]
    trace_id: Annotated[str, Field(max_length=32, description="What to quote when asking for help")]


class ApiError(Exception):
    """Something went wrong."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    problem: ClassVar[type[Problem]] = Problem

    def __init__(
        self,
        detail: str = "",
        *,
        issues: Sequence[Issue] = (),
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
        **members: JsonValue,
    ) -> None:
        """`detail` is for people, `retry_after` is in seconds, `members` are what this error's problem adds."""
        super().__init__(detail)
        self.detail = detail
        self.issues = tuple(issues)
        self.retry_after = retry_after
        self.headers = dict(headers or {})
        self.members = members

    @classmethod
    def title(cls) -> str:
        """What this error is called, for people."""
        return (inspect.getdoc(cls) or cls.__name__).partition("\n")[0].removesuffix(".")


class BadRequest(ApiError):
    """The request cannot be understood."""

    status, code = 400, "bad_request"


class InvalidCursor(BadRequest):
    """The cursor is not one of ours, or belongs to another list."""

    code = "invalid_cursor"


class IdempotencyKeyMissing(BadRequest):
    """This operation needs an Idempotency-Key."""

    code = "idempotency_key_missing"


class InvalidIdempotencyKey(BadRequest):
    """The Idempotency-Key is not well formed."""

    code = "invalid_idempotency_key"


class Unauthenticated(ApiError):
    """Who is calling is not known."""

    status, code = 401, "unauthenticated"


class Forbidden(ApiError):
    """The caller may not do this."""

    status, code = 403, "forbidden"


class NotFound(ApiError):
    """There is no such thing."""

    status, code = 404, "not_found"


class MethodNotAllowed(ApiError):
    """This resource does not know that method."""

    status, code = 405, "method_not_allowed"


class Conflict(ApiError):
    """A rule of the shop refuses this."""

    status, code = 409, "conflict"


class PreconditionFailed(ApiError):
    """The resource has changed since it was read."""

    status, code = 412, "precondition_failed"


class PayloadTooLarge(ApiError):
    """The body is larger than this operation takes."""

    status, code = 413, "payload_too_large"


class UnsupportedMediaType(ApiError):
    """This operation does not take bodies of that type."""

    status, code = 415, "unsupported_media_type"


class Malformed(ApiError):
    """The request is not what the contract says."""

    status, code = 422, "malformed"


class IdempotencyKeyReused(Malformed):
    """This Idempotency-Key came with another request before."""

    status, code = 422, "idempotency_key_reused"


class PreconditionRequired(ApiError):
    """This change needs an If-Match with the ETag that was read."""

    status, code = 428, "precondition_required"


class RateLimited(ApiError):
    """Too many requests; wait and try again."""

    status, code = 429, "rate_limited"


class NoAnswer(ApiError):
    """No usable answer came from a service."""

    status, code = 503, "unavailable"

    answered: int | None = None
    """The status of the answer that was of no use; None where there was none."""


class Internal(NoAnswer):
    """The service failed; nothing the caller did is to blame."""

    status, code = 500, "internal"


class Unavailable(NoAnswer):
    """The service cannot be reached, or cannot answer now."""


class Unreachable(Unavailable):
    """The service cannot be reached, or does not answer in time."""


class ContractViolated(NoAnswer):
    """A service answered something that its contract does not say."""

    status, code = 502, "contract_violated"
