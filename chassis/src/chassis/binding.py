"""Mounting a handler on the operation that it implements."""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from typing import Annotated, Any, ParamSpec, TypeVar, get_type_hints

from contracts.answers import Answer, Upload
from contracts.operation import Api, Operation
from contracts.places import Parameter, Place
from fastapi import APIRouter, Body, File, Form, Header, Path, Query, Response, UploadFile, params

from chassis.answering import respond
from chassis.auth import require_scope
from chassis.documenting import documentation
from chassis.limits import limit_by_address, limit_by_caller
from chassis.route import OperationRoute

__all__ = ["ApiRouter", "ContractError", "Implementation", "implements", "routers"]

H = ParamSpec("H")
R = TypeVar("R")

_MARKS: dict[Place, Callable[..., Any]] = {
    Place.PATH: Path,
    Place.QUERY: Query,
    Place.QUERY_MODEL: Query,
    Place.HEADER: Header,
    Place.BODY: Body,
    Place.FORM: Form,
    Place.FILE: File,
}


class ContractError(TypeError):
    """A handler does not fit the operation that it claims to implement."""


class Implementation:
    """An operation, the handler that serves it, and what a caller must pass before the handler sees anything."""

    def __init__(
        self, op: Operation[..., Any], handler: Callable[..., Awaitable[Any]], doors: Sequence[params.Depends]
    ) -> None:
        self.op = op
        self.handler = handler
        self.doors = doors


class ApiRouter(APIRouter):
    """The routes of one API: each of its operations exactly once, and nothing else."""

    def __init__(self, api: type[Api]) -> None:
        super().__init__(route_class=OperationRoute)
        self.api = api
        self.implemented: dict[str, Implementation] = {}

    def check(self) -> None:
        """Refuse an API of which an operation is not served; raises ContractError."""
        missing = [op.name for op in self.api.operations() if op.name not in self.implemented]
        if missing:
            name = f"{self.api.service} {self.api.version}"
            raise ContractError(f"{name} promises {', '.join(missing)}, and no handler implements it")


def routers(package: str, *modules: str) -> tuple[ApiRouter, ...]:
    """Gather the routers of a service's `api` package: a version comes and goes with one word in one line."""
    return tuple(_router(f"{package}.{module}") for module in modules)


def _router(module: str) -> ApiRouter:
    found = getattr(import_module(module), "router", None)
    if not isinstance(found, ApiRouter):
        raise ContractError(f"{module} should have an ApiRouter named `router`, and has {found!r}")
    return found


def implements(
    router: ApiRouter, op: Operation[..., R]
) -> Callable[[Callable[H, Awaitable[R | Answer[R]]]], Callable[H, Awaitable[R | Answer[R]]]]:
    """Mount the decorated handler on `op`: all that callers see of it comes from the contract.

    The handler repeats the operation's parameters word for word; what else it takes are dependencies.
    Raises ContractError, at import, for a handler that does not fit.
    """

    def mount(handler: Callable[H, Awaitable[R | Answer[R]]]) -> Callable[H, Awaitable[R | Answer[R]]]:
        _check_api(router, op)
        _check_signature(op, handler)
        doors = _doors(op)
        router.implemented[op.name] = Implementation(op, handler, doors)
        router.add_api_route(
            op.path,
            _endpoint(op, handler),
            methods=[op.method],
            name=op.name,
            dependencies=doors,
            **documentation(op),
        )
        return handler

    return mount


def _doors(op: Operation[..., Any]) -> list[params.Depends]:
    """List what a caller must pass before the handler sees anything."""
    doors: list[params.Depends] = [require_scope(op.scope)] if op.scope else []
    if op.limited:
        doors.append(limit_by_caller(op.name) if op.scope else limit_by_address(op.name))
    return doors


def _check_api(router: ApiRouter, op: Operation[..., Any]) -> None:
    if op.api is not router.api:
        raise ContractError(f"{op.label} is mounted on the router of {router.api.service} {router.api.version}")
    if op.name in router.implemented:
        raise ContractError(f"{op.label} is implemented twice")


def _check_signature(op: Operation[..., Any], handler: Callable[..., Any]) -> None:
    if not inspect.iscoroutinefunction(handler):
        raise ContractError(f"{op.label}: the handler is not `async def`")
    hints = get_type_hints(handler, include_extras=True)
    given = inspect.signature(handler).parameters
    for wanted in op.parameters:
        found = given.get(wanted.name)
        if found is None:
            raise ContractError(f"{op.label}: the contract says `{wanted}`, and the handler has no such parameter")
        if (hints.get(wanted.name), found.default) != (wanted.annotation, wanted.default):
            said = found.replace(annotation=hints.get(wanted.name, found.empty))
            raise ContractError(f"{op.label}: the contract says `{wanted}`, the handler says `{said}`")


def _endpoint(op: Operation[..., Any], handler: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Response]]:
    """Make what FastAPI calls: the handler, with each contract parameter in its place."""
    files = [parameter.name for parameter in op.parameters if parameter.place is Place.FILE]

    async def endpoint(**arguments: Any) -> Response:
        for name in files:
            arguments[name] = await _upload(arguments[name])
        return respond(op, await handler(**arguments))

    endpoint.__name__ = op.name
    endpoint.__signature__ = _signature(op, handler)  # pyright: ignore[reportFunctionMemberAccess]  # what inspect and FastAPI read
    endpoint.operation = op  # pyright: ignore[reportFunctionMemberAccess]  # what OperationRoute reads
    return endpoint


def _signature(op: Operation[..., Any], handler: Callable[..., Any]) -> inspect.Signature:
    hints = get_type_hints(handler, include_extras=True)
    wanted = {parameter.name: _marked(parameter) for parameter in op.parameters}
    others = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[name])
        for name, parameter in inspect.signature(handler).parameters.items()
        if name not in wanted
    ]
    return inspect.Signature([*wanted.values(), *others], return_annotation=Response)


def _marked(parameter: Parameter) -> inspect.Parameter:
    """Say to FastAPI where a contract parameter travels."""
    mark = _MARKS[parameter.place]
    alias = {"alias": parameter.wire_name} if parameter.place is Place.HEADER else {}
    kind = UploadFile if parameter.place is Place.FILE else parameter.annotation
    return inspect.Parameter(
        parameter.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=parameter.default,
        annotation=Annotated[kind, mark(**alias)],
    )


async def _upload(file: UploadFile) -> Upload:
    return Upload(await file.read(), file.filename or "file", file.content_type or "application/octet-stream")
