"""Waiting for a condition, never for a time, and saying what was waited for in vain."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

from tests.crash.people import pauses

__all__ = ["until"]

_PATIENCE = 60.0  # seconds


async def until(holds: Callable[[], Awaitable[bool]], wanted: str) -> None:
    """Wait until it holds; raises AssertionError where it never does."""
    began = monotonic()
    for pause in pauses():
        if await holds():
            return
        assert monotonic() - began < _PATIENCE, f"{wanted} within {_PATIENCE:.0f} s, and that did not happen"
        await asyncio.sleep(pause)
