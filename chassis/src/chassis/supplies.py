"""What a handler is given beside its contract's arguments: its dependencies, put in order once for all requests."""

import inspect
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, get_type_hints

from fastapi import Request, params
from fastapi.security import SecurityScopes
from starlette.types import Scope

from chassis.auth import Verifier, authenticate, authorize, identify
from chassis.providing import Provided, Provision

__all__ = ["NotPlain", "Supplies"]

Key = Callable[..., Any]
"""What stands for a value that is supplied: the dependency that makes it."""


class NotPlain(TypeError):
    """A dependency that only the framework can serve."""


@dataclass(frozen=True, slots=True)
class _Step:
    key: Key
    call: Callable[..., Awaitable[Any]]
    needs: tuple[tuple[str, Key], ...]


class Supplies:
    """Plain dependencies: the application's objects, and async functions that want nothing but each other.

    Each is asked once a request, those of the doors first. Raises NotPlain for whatever else FastAPI knows.
    """

    def __init__(
        self,
        doors: Sequence[params.Depends],
        handler: Callable[..., Any],
        arguments: Collection[str],
        provided: Provided,
        verifier: Verifier,
    ) -> None:
        self._provided = provided
        self._verifier = verifier
        self._steps: list[_Step] = []
        self._things: dict[Key, Any] = {}
        for door in doors:
            self._add(door)
        self._wanted = tuple(self._needs(handler, arguments))

    async def gather(self, scope: Scope) -> dict[str, Any]:
        """Ask for everything, in order; raises what a dependency raises, such as Unauthenticated."""
        had: dict[Key, Any] = {**self._things, Request: Request(scope)}
        for step in self._steps:
            had[step.key] = await step.call(**{name: had[key] for name, key in step.needs})
        return {name: had[key] for name, key in self._wanted}

    def _needs(self, call: Callable[..., Any], arguments: Collection[str] = ()) -> Iterator[tuple[str, Key]]:
        hints = get_type_hints(call, include_extras=True)
        for name in inspect.signature(call).parameters:
            if name not in arguments:
                yield name, self._key(hints[name])

    def _key(self, hint: Any) -> Key:
        if hint is Request:
            return Request
        marks = [mark for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, params.Depends)]
        if len(marks) != 1:
            raise NotPlain(f"one dependency is wanted, or the Request; found {hint}")
        return self._add(marks[0])

    def _add(self, mark: params.Depends) -> Key:
        call = mark.dependency
        if isinstance(mark, params.Security) and call is authorize:
            needed = SecurityScopes(list(mark.scopes or ()))
            return self._step(partial(authorize, needed), ("principal", self._add(params.Depends(authenticate))))
        if call is None or mark != params.Depends(call):  # with options of its own, which the framework knows
            raise NotPlain(f"a dependency without options is wanted; found {mark}")
        if call in self._things or any(step.key is call for step in self._steps):
            return call
        if isinstance(call, Provision):
            self._things[call] = self._provided.get(call.kind)
            return call
        return self._ask(call)

    def _ask(self, call: Callable[..., Any]) -> Key:
        if call is authenticate:
            return self._step(partial(identify, self._verifier), ("request", Request), key=call)
        if not inspect.iscoroutinefunction(call):
            raise NotPlain(f"a dependency that is `async def` is wanted; found {call}")
        return self._step(call, *self._needs(call))

    def _step(self, call: Callable[..., Awaitable[Any]], *needs: tuple[str, Key], key: Key | None = None) -> Key:
        self._steps.append(_Step(key or call, call, needs))
        return key or call
