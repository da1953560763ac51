"""The express way of an operation: from its path to its handler without the framework, when nothing needs that.

What is worked out for every request by FastAPI is worked out here once: which operation a path means, how its arguments
are read, what its handler depends on. Only a well-formed request to a plain operation comes this way; every other one
goes on to FastAPI untouched, which also says what is wrong with it, so that there is one place for that.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from contracts.errors import ApiError
from contracts.operation import Operation
from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.answering import not_modified, refuse_operation, respond
from chassis.arguments import READABLE, Arguments
from chassis.auth import Verifier
from chassis.binding import ApiRouter, Implementation
from chassis.matching import PathTree
from chassis.providing import Provided
from chassis.route import note, read_body
from chassis.supplies import NotPlain, Supplies
from chassis.telemetry.labels import operation_label

__all__ = ["ExpressMiddleware"]


class _Line:
    """All that one operation needs to be served; raises NotPlain, or LookupError, where that is not to be had here."""

    def __init__(self, made: Implementation, provided: Provided, verifier: Verifier) -> None:
        self.op = made.op
        self.label = operation_label(made.op)
        self.arguments = Arguments(made.op)
        self._handler = made.handler
        names = [parameter.name for parameter in made.op.parameters]
        self._supplies = Supplies(made.doors, made.handler, names, provided, verifier)

    async def answer(self, scope: Scope, arguments: dict[str, Any]) -> Response:
        try:
            supplied = await self._supplies.gather(scope)
            response = respond(self.op, await self._handler(**arguments, **supplied))
        except ApiError as error:
            return refuse_operation(self.op, Request(scope), error)
        return not_modified(self.op, scope, response)


class ExpressMiddleware:
    """Serves what can go the express way; stands inside of all other layers, right before the framework."""

    def __init__(self, app: ASGIApp, routers: Iterable[ApiRouter], provided: Provided, verifier: Verifier) -> None:
        self._app = app
        self._lines: PathTree[_Line] = PathTree()
        for made in (made for router in routers for made in router.implemented.values()):
            if _is_plain(made.op):
                with suppress(NotPlain, LookupError):
                    self._lines.plant(made.op.method, made.op.path, _Line(made, provided, verifier))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._find(scope)
        if found is None:
            await self._app(scope, receive, send)
            return
        line, parts = found
        note(line.op, line.label)
        try:
            content = await read_body(line.op, Request(scope, receive))
        except ApiError as error:
            await refuse_operation(line.op, Request(scope), error)(scope, receive, send)
            return
        try:
            arguments = line.arguments.read(scope, parts, content)
        except ValueError:
            await self._app(scope, _again(content, receive), send)
            return
        response = await line.answer(scope, arguments)
        await response(scope, receive, send)

    def _find(self, scope: Scope) -> tuple[_Line, list[str]] | None:
        if scope["type"] != "http" or scope.get("root_path") or _is_overridden(scope["app"]):
            return None
        return self._lines.find(scope["method"], scope["path"])


def _is_plain(op: Operation[..., Any]) -> bool:
    return op.kind != "events" and all(parameter.place in READABLE for parameter in op.parameters)


def _is_overridden(app: FastAPI) -> bool:
    return bool(app.dependency_overrides)


def _again(content: bytes, receive: Receive) -> Receive:
    """Give a body that was read once more, and then whatever comes."""
    rest: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]

    async def receive_again() -> Message:
        return rest.pop() if rest else await receive()

    return receive_again
