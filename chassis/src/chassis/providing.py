"""What a service's handlers are given: one object of each type, put in when the application is made."""

from collections.abc import Iterable
from typing import TypeVar

from fastapi import Depends, Request, params

__all__ = ["Provided", "Provision", "provided"]

T = TypeVar("T")


class Provided:
    """The objects that an application is made of, found by their type."""

    def __init__(self, things: Iterable[object]) -> None:
        self._things = {type(thing): thing for thing in things}

    def get(self, kind: type[T]) -> T:
        """Find the one object of this type; raises LookupError, which says what there is."""
        thing = self._things.get(kind)
        if isinstance(thing, kind):
            return thing
        known = ", ".join(sorted(known.__name__ for known in self._things)) or "nothing"
        raise LookupError(
            f"A handler wants {kind.__name__}, and this application provides {known}: pass it to create_app"
        )


class Provision:
    """The dependency on the application's object of one type."""

    def __init__(self, kind: type[object]) -> None:
        self.kind = kind

    async def __call__(self, request: Request) -> object:
        things: Provided = request.app.state.provided
        return things.get(self.kind)


def provided(kind: type[object]) -> params.Depends:
    """Make the dependency that gives a handler the application's object of this type."""
    return Depends(Provision(kind))
