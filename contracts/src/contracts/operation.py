"""An operation: one endpoint, declared once as a typed method, served by a service and called by its clients.

Nothing here knows FastAPI or httpx.
"""

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import (
    Any,
    ClassVar,
    Concatenate,
    Generic,
    Literal,
    ParamSpec,
    Protocol,
    Self,
    TypeVar,
    get_type_hints,
    overload,
)

from contracts.answers import ETAG, Answer, Download, EventStream, Success
from contracts.declaring import check_api
from contracts.dialect import PROBLEM, Dialect
from contracts.errors import (
    ApiError,
    Forbidden,
    Internal,
    PayloadTooLarge,
    RateLimited,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
)
from contracts.places import BODIES, Parameter, bare, bind, read_parameters
from contracts.reader import Reader, check_reader
from contracts.retirement import Retirement
from contracts.scopes import Scope

__all__ = ["Api", "Call", "Method", "Operation", "Transport", "operation"]

P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)
Read = TypeVar("Read", bound=Reader | Sequence[Reader])
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Kind = Literal["json", "empty", "download", "events"]

_KILOBYTE = 1024


class Transport(Protocol):
    """Carries calls to whoever implements the contract."""

    async def send(self, op: "Operation[..., Any]", arguments: dict[str, Any]) -> Answer[Any]:
        """Call `op` with these arguments by name.

        Raises the errors that `op` declares, `Unavailable` where no answer came, and `ContractViolated`
        where one came that the contract does not know.
        """
        ...


class Api:
    """One version of one service's interface: subclass it, and declare operations as methods."""

    service: ClassVar[str]
    version: ClassVar[str]
    dialect: ClassVar[Dialect]
    retirement: ClassVar[Retirement | None]

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def __init_subclass__(
        cls, *, service: str, version: str, dialect: Dialect = PROBLEM, retirement: Retirement | None = None
    ) -> None:
        cls.service, cls.version, cls.dialect, cls.retirement = service, version, dialect, retirement
        check_api(cls)

    @classmethod
    def operations(cls) -> "tuple[Operation[..., Any], ...]":
        """List the operations in the order of their declaration."""
        found: list[Operation[..., Any]] = [member for member in vars(cls).values() if isinstance(member, Operation)]
        return tuple(found)


@dataclass(frozen=True, kw_only=True, eq=False)
class Operation(Generic[P, R_co]):
    """What the wire needs to know about one endpoint."""

    method: Method
    path: str
    stub: Callable[..., Awaitable[R_co]] = field(repr=False)
    successes: tuple[Success, ...]
    declared: tuple[type[ApiError], ...]
    scope: Scope | None
    limited: bool
    idempotent: bool | None
    media: tuple[str, ...]
    cache: str | None
    max_bytes: int
    reader: Any = None
    api: type[Api] = field(init=False, repr=False)

    def __set_name__(self, owner: type[Api], name: str) -> None:
        object.__setattr__(self, "api", owner)

    def __eq__(self, other: object) -> bool:
        """An endpoint stays the same, whoever reads its answers."""
        return isinstance(other, Operation) and self.stub is other.stub

    def __hash__(self) -> int:
        return hash(self.stub)

    @overload
    def __get__(self, api: None, owner: type[Api]) -> Self: ...
    @overload
    def __get__(self, api: Api, owner: type[Api]) -> "Call[P, R_co]": ...
    def __get__(self, api: Api | None, owner: type[Api]) -> "Self | Call[P, R_co]":
        return self if api is None else Call(self, api.transport)

    @property
    def name(self) -> str:
        return self.stub.__name__

    @property
    def label(self) -> str:
        """Name the operation for people: `users v2 get_user`."""
        return f"{self.api.service} {self.api.version} {self.name}"

    @cached_property
    def summary(self) -> str:
        return (inspect.getdoc(self.stub) or "").partition("\n")[0].removesuffix(".")

    @cached_property
    def description(self) -> str:
        return (inspect.getdoc(self.stub) or "").partition("\n")[2].strip()

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        return read_parameters(self.stub, self.path)

    @cached_property
    def body(self) -> Parameter | None:
        """The argument that travels in the request's body."""
        return next((parameter for parameter in self.parameters if parameter.place in BODIES), None)

    @cached_property
    def answers(self) -> Any:
        """What the service answers."""
        return get_type_hints(self.stub, include_extras=True)["return"]

    @property
    def returns(self) -> Any:
        """What the caller gets of it."""
        return self.answers if self.reader is None else self.reader

    @cached_property
    def kind(self) -> Kind:
        """How the result travels."""
        result = bare(self.returns)
        if getattr(result, "__origin__", None) is EventStream:
            return "events"
        return "empty" if result is type(None) else "download" if result is Download else "json"

    @cached_property
    def reply(self) -> Any:
        """The type of the whole successful body; of one event where the result is a stream."""
        if self.kind == "events":
            return self.returns.__args__[0]
        return self.api.dialect.reply(self.returns) if self.kind == "json" else None

    @cached_property
    def errors(self) -> tuple[type[ApiError], ...]:
        """All errors that callers may meet: the declared ones, and those that come with what the operation is."""
        implied = (
            (Unauthenticated, self.scope),
            (Forbidden, self.scope),
            (PayloadTooLarge, self.body),
            (UnsupportedMediaType, self.body),
            (self.api.dialect.malformed, self.parameters),
            (RateLimited, self.limited),
            (Internal, True),
            (Unavailable, True),
        )
        found = (*self.declared, *(error for error, there in implied if there))
        return tuple(sorted(dict.fromkeys(found), key=lambda error: (error.status, error.code)))

    @property
    def repeatable(self) -> bool:
        """Whether sending the same call twice does no more than sending it once."""
        return self.method in {"GET", "PUT", "DELETE"} if self.idempotent is None else self.idempotent

    @property
    def conditional(self) -> bool:
        """Whether a read may answer 304 to an If-None-Match."""
        return self.method == "GET" and ETAG in self.successes[0].headers

    @property
    def cache_control(self) -> str:
        return self.cache or ("private, no-cache" if self.conditional else "no-store")

    def success(self, status: int | None) -> Success | None:
        """Find the declared success of this status; the only one for None."""
        if status is None:
            return self.successes[0] if len(self.successes) == 1 else None
        return next((success for success in self.successes if success.status == status), None)


class Call(Generic[P, R_co]):
    """An operation on one transport: call it for the result, or `answer` for status and headers too."""

    __slots__ = ("_operation", "_transport")

    def __init__(self, operation: Operation[P, R_co], transport: Transport) -> None:
        self._operation = operation
        self._transport = transport

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, R_co]:
        return self._value(self._arguments(args, kwargs))

    def as_(self, reader: type[Read]) -> "Call[P, Read]":
        """Read of the answer what this reader names, and promise nothing else: no other member, and no header.

        Where a list is answered, this is a list of readers. Raises ReaderError for one of another operation.
        """
        return Call(_read_as(self._operation, reader), self._transport)

    async def answer(self, *args: P.args, **kwargs: P.kwargs) -> Answer[R_co]:
        """Call it, and keep the answer's status and headers beside the result."""
        return await self._transport.send(self._operation, self._arguments(args, kwargs))

    async def _value(self, arguments: dict[str, Any]) -> R_co:
        return (await self._transport.send(self._operation, arguments)).value

    def _arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        return bind(self._operation.parameters, self._operation.label, args, kwargs)


@cache
def _read_as(op: Operation[..., Any], reader: Any) -> Operation[..., Any]:
    check_reader(op, reader)
    made = replace(op, reader=reader)
    made.__set_name__(op.api, op.name)
    return made


def operation(
    method: Method,
    path: str,
    *,
    status: int | Success | tuple[Success, ...] = 200,
    errors: tuple[type[ApiError], ...] = (),
    scope: Scope | None = None,
    limited: bool = False,
    idempotent: bool | None = None,
    media: tuple[str, ...] = (),
    cache: str | None = None,
    max_bytes: int = 64 * _KILOBYTE,
) -> Callable[[Callable[Concatenate[Any, P], Coroutine[Any, Any, R_co]]], Operation[P, R_co]]:
    """Declare an endpoint: the decorated method's signature is its request, its return type its response.

    `status` is a number, or the successes with their headers. `errors` are those that a caller can act on; what
    follows from the rest (401, 403, 413, 415, 422, 429, 5xx) is added. `limited` operations may answer 429.
    `idempotent` overrules what the method says of repeating a call. `media` are the types of a download, `cache` is
    its Cache-Control, `max_bytes` bounds the request's body.
    Raises DeclarationError, at import, for what no document can say.
    """
    successes = (Success(status),) if isinstance(status, int) else (status,) if isinstance(status, Success) else status

    def declare(stub: Callable[Concatenate[Any, P], Coroutine[Any, Any, R_co]]) -> Operation[P, R_co]:
        return Operation(
            method=method,
            path=path,
            stub=stub,
            successes=successes,
            declared=errors,
            scope=scope,
            limited=limited,
            idempotent=idempotent,
            media=media,
            cache=cache,
            max_bytes=max_bytes,
        )

    return declare
