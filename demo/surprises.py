"""What must not happen while the shop is shown: the reason, for a person, and whose log tells more."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from typing import TypeVar

from contracts.errors import ApiError

__all__ = ["Surprise", "refusal_of", "same", "within"]

E = TypeVar("E", bound=ApiError)


class Surprise(Exception):
    """Something went another way than it should."""

    def __init__(self, reason: str, service: str | None = None) -> None:
        """`service` is whose log to look at; without it, everybody's."""
        super().__init__(reason)
        self.service = service


def same(what: str, found: object, wanted: object) -> None:
    """Raise a Surprise unless what was found is what was wanted."""
    if found != wanted:
        raise Surprise(f"{what} should be {wanted!r}, and is {found!r}.")


async def refusal_of(call: Awaitable[object], wanted: type[E]) -> E:
    """Make a call that the shop should refuse, and return the refusal; raises a Surprise when it does not."""
    try:
        found = await call
    except wanted as refusal:
        return refusal
    raise Surprise(f"The answer should be {wanted.status} {wanted.code}, and is {found!r}.")


@asynccontextmanager
async def within(seconds: float, wanted: str, service: str | None = None) -> AsyncGenerator[None]:
    """Raise a Surprise when what is wanted takes longer than that."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise Surprise(f"{wanted} within {seconds:.0f} s, and that did not happen.", service) from None
