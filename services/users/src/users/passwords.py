"""Passwords: hashed with Argon2 beside the event loop, a few at a time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from secrets import token_urlsafe
from typing import TypeVar
from unicodedata import normalize

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

__all__ = ["Passwords"]

T = TypeVar("T")


class Passwords:
    """Hashes and checks passwords; each takes its memory while it lasts, so only so many run at once."""

    def __init__(self, at_once: int, memory_kib: int) -> None:
        self._hasher = PasswordHash((Argon2Hasher(memory_cost=memory_kib),))
        self._threads = ThreadPoolExecutor(at_once, "passwords")
        self._decoy = self._threads.submit(self._hasher.hash, token_urlsafe())  # so that the service starts meanwhile

    async def hash(self, password: str) -> str:
        """Hash a password for safe keeping."""
        return await self._beside(lambda: self._hasher.hash(_normal(password)))

    async def verify(self, password: str, kept: str | None) -> bool:
        """Check a password against what is kept; where nothing is, refuse it no sooner than a wrong one."""
        fits = await self._beside(lambda: self._hasher.verify(_normal(password), kept or self._decoy.result()))
        return fits and kept is not None

    async def _beside(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _normal(password: str) -> str:
    """Write a password in the one way that every keyboard's spelling of it comes to (NIST SP 800-63B)."""
    return normalize("NFKC", password)
