"""Glances: reads so short that a change of thread would take longer, done where the caller is."""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

__all__ = ["BlockedGlance", "Glances"]

T = TypeVar("T")


class BlockedGlance(Exception):
    """A glance that would have to wait: it is to be taken like any other read."""


class Glances:
    """The event loop's own connection to an SQLite file, which waits for nothing: no lock, and no other unit."""

    def __init__(self, engine: Engine) -> None:
        """Take connections of an engine whose busy timeout is zero."""
        self._engine = engine
        self._connection: Connection | None = None
        self._opening = Lock()

    def open(self) -> None:
        """Open the file, from a thread that may wait for that; where it cannot be had now, another one will try."""
        with self._opening, suppress(DBAPIError):
            if self._connection is None:  # a connection that `take` has dropped meanwhile is not put back
                self._connection = self._engine.connect()

    def take(self, unit: Callable[[Connection], T]) -> T:
        """Run the unit on one snapshot; raises BlockedGlance where that cannot be had at once."""
        connection = self._connection
        if connection is None:
            raise BlockedGlance
        driver: Any = connection.connection.driver_connection
        try:
            driver.execute("BEGIN")
            try:
                return unit(connection)
            finally:
                connection.rollback()  # where the unit went the long way; the driver's own is for the short one
                driver.rollback()
        except (DBAPIError, sqlite3.Error) as error:
            self._connection = None
            connection.invalidate()
            raise BlockedGlance from error

    def close(self) -> None:
        """Let go of the file."""
        self._connection = None
        self._engine.dispose()
