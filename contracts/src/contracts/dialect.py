"""How an API words its answers: bare with problems, enveloped, or as OAuth does."""

import json
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from contracts.errors import ApiError, BadRequest, Malformed, Problem
from contracts.wire import Holder, Response

__all__ = [
    "ENVELOPE",
    "OAUTH",
    "PROBLEM",
    "Dialect",
    "Envelope",
    "ErrorEnvelope",
    "InvalidRequest",
    "OAuthError",
]

T = TypeVar("T")


class Envelope(Holder, Generic[T]):
    """Version 1's success: the HTTP status again, a word, and the data."""

    suffix = "Envelope"

    code: Annotated[int, Field(strict=True, ge=200, le=299)]
    msg: Annotated[str, Field(max_length=100)]
    data: T

    @classmethod
    def holding(cls, example: JsonValue) -> JsonValue:
        return {"code": 200, "msg": "success", "data": example}


class ErrorEnvelope(Response):
    """Version 1's failure: the HTTP status again, and what went wrong for people to read."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"code": 404, "msg": "There is no such thing", "data": None}]}
    )

    code: Annotated[int, Field(strict=True, ge=400, le=599)]
    msg: Annotated[str, Field(max_length=2000)]
    data: None


class OAuthError(Response):
    """What an OAuth endpoint answers when it refuses (RFC 6749, 5.2)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"error": "invalid_grant", "error_description": "Wrong name or password"}]}
    )

    error: Annotated[str, Field(max_length=100)]
    error_description: Annotated[str, Field(max_length=2000)]


class InvalidRequest(BadRequest):
    """The request lacks a parameter, repeats one, or is otherwise malformed."""

    code = "invalid_request"


class Dialect:
    """The bare resource on success; problem details (RFC 9457) on failure."""

    name: ClassVar[str] = "problem"
    media_type: ClassVar[str] = "application/problem+json"
    malformed: ClassVar[type[ApiError]] = Malformed
    tells_codes: ClassVar[bool] = True  # whether two errors of one status can be told apart

    def reply(self, returns: Any) -> Any:
        """The type of a whole successful body."""
        return returns

    def wrap(self, reply: Any, status: int, value: object) -> object:
        """Make a successful body, of the type `reply`, of a result."""
        return value

    def unwrap(self, body: Any) -> Any:
        """Take the result out of a successful body."""
        return body

    def failure(self, error: type[ApiError]) -> type[BaseModel]:
        """The type of the body that carries `error`."""
        return error.problem

    def word(self, error: ApiError, instance: str, trace_id: str) -> BaseModel:
        """Make the body that carries `error`."""
        return error.problem.model_validate(
            {
                "type": f"urn:concord:problem:{error.code}",
                "title": error.title(),
                "status": error.status,
                "detail": error.detail[:2000] or error.title(),
                "instance": instance[:2000],
                "code": error.code,
                "errors": error.issues[:100],
                "trace_id": trace_id,
                **error.members,
            }
        )

    def read(self, status: int, body: bytes, declared: Iterable[type[ApiError]]) -> ApiError | None:
        """Find the declared error that a body carries; None when it carries none of them."""
        code = _member(body, "code")
        found = next((error for error in declared if error.code == code and error.status == status), None)
        if found is None:
            return None
        try:
            problem = found.problem.model_validate_json(body, extra="ignore")
        except ValidationError:
            return None
        extra = problem.model_dump(mode="json", exclude=set(Problem.model_fields))
        return found(problem.detail, issues=problem.errors, **extra)


class EnvelopeDialect(Dialect):
    """Version 1's `{code, msg, data}` around everything; ids travel in headers only."""

    name = "envelope"
    media_type = "application/json"
    tells_codes = False

    def reply(self, returns: Any) -> Any:
        return Envelope[returns]

    def wrap(self, reply: Any, status: int, value: object) -> object:
        return reply.model_construct(code=status, msg="success", data=value)

    def unwrap(self, body: Any) -> Any:
        return body.data

    def failure(self, error: type[ApiError]) -> type[BaseModel]:
        return ErrorEnvelope

    def word(self, error: ApiError, instance: str, trace_id: str) -> BaseModel:
        return ErrorEnvelope(code=error.status, msg=(error.detail or error.title())[:2000], data=None)

    def read(self, status: int, body: bytes, declared: Iterable[type[ApiError]]) -> ApiError | None:
        found = next((error for error in declared if error.status == status), None)
        text = _member(body, "msg")
        return found(text) if found and text is not None else None


class OAuthDialect(Dialect):
    """The token endpoint's own words (RFC 6749)."""

    name = "oauth"
    media_type = "application/json"
    malformed = InvalidRequest

    def failure(self, error: type[ApiError]) -> type[BaseModel]:
        return OAuthError

    def word(self, error: ApiError, instance: str, trace_id: str) -> BaseModel:
        return OAuthError(error=error.code, error_description=(error.detail or error.title())[:2000])

    def read(self, status: int, body: bytes, declared: Iterable[type[ApiError]]) -> ApiError | None:
        code = _member(body, "error")
        found = next((error for error in declared if error.code == code and error.status == status), None)
        return found(_member(body, "error_description") or "") if found else None


def _member(body: bytes, name: str) -> str | None:
    """Read one text member of a JSON object that may be anything at all."""
    try:
        value = json.loads(body)
    except ValueError:
        return None
    member = value.get(name) if isinstance(value, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # JSON
    return member if isinstance(member, str) else None


PROBLEM = Dialect()
ENVELOPE = EnvelopeDialect()
OAUTH = OAuthDialect()
