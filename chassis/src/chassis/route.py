"""The route of an operation: bodies are bounded and read strictly, errors are answered as the contract says."""

from collections.abc import AsyncGenerator, Callable, Coroutine
from json import JSONDecodeError
from typing import Any

from contracts.errors import ApiError, PayloadTooLarge, UnsupportedMediaType
from contracts.operation import Operation
from contracts.places import Place
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope

from chassis import context
from chassis.answering import not_modified, refuse_operation
from chassis.strict_json import InvalidJson, parse
from chassis.telemetry.labels import operation_label

__all__ = ["OperationRoute", "note", "read_body"]

_MEDIA = {
    Place.BODY: "application/json",
    Place.FORM: "application/x-www-form-urlencoded",
    Place.FILE: "multipart/form-data",
}


class OperationRoute(APIRoute):
    """A route whose endpoint carries the operation that it implements, as `endpoint.operation`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        serve = super().get_route_handler()
        op: Operation[..., Any] = self.endpoint.operation  # pyright: ignore[reportFunctionMemberAccess]  # see `implements`
        label = operation_label(op)
        literal = {other.path for other in op.api.operations() if "{" not in other.path} - {op.path}

        async def handle(request: Request) -> Response:
            if request.scope["path"] in literal:  # `/users/me` is no `/users/{user_id}`, whatever the method
                raise HTTPException(405)
            note(op, label)
            try:
                response = await serve(await _read(op, request))
            except (ApiError, RequestValidationError) as error:
                return refuse_operation(op, request, error)
            except HTTPException as error:  # only a body that cannot be parsed is refused by the framework
                return refuse_operation(op, request, op.api.dialect.malformed(str(error.detail)))
            return not_modified(op, request.scope, response)

        return handle


def note(op: Operation[..., Any], label: str) -> None:
    """Let what is told of the request name its operation."""
    if serving := context.current():
        serving.operation, serving.label, serving.route = op.name, label, op.path


class _StrictRequest(Request):
    """A request whose body has been read; as JSON it is read strictly."""

    def __init__(self, scope: Scope, receive: Receive, content: bytes) -> None:
        super().__init__(scope, receive)
        self._content = content

    async def body(self) -> bytes:
        return self._content

    async def stream(self) -> AsyncGenerator[bytes]:
        yield self._content

    async def json(self) -> Any:
        try:
            return parse(self._content)
        except InvalidJson as exc:
            raise JSONDecodeError(str(exc), "", 0) from exc  # what the framework knows as the sender's fault


async def _read(op: Operation[..., Any], request: Request) -> Request:
    if op.body is None:
        return request
    return _StrictRequest(request.scope, request.receive, await read_body(op, request))


async def read_body(op: Operation[..., Any], request: Request) -> bytes:
    """Read a body of the declared type, up to the declared size; raises what the contract says of any other."""
    if op.body is None:
        return b""
    wanted = _MEDIA[op.body.place]
    found = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if found != wanted:
        raise UnsupportedMediaType(f"The body must be {wanted}, and this is {found or 'of no type'}.")
    return await _bounded(request, op.max_bytes)


async def _bounded(request: Request, limit: int) -> bytes:
    announced = request.headers.get("content-length", "0")
    content = bytearray()
    if not announced.isdigit() or int(announced) <= limit:
        async for chunk in request.stream():
            content += chunk
            if len(content) > limit:
                break
        else:
            return bytes(content)
    raise PayloadTooLarge(f"The body may have {limit} bytes, and this one has more.")
