"""Statements that are executed at every turn: compiled once, and on SQLite handed to the driver as they are.

SQLAlchemy works for some 50 microseconds on each execution, also of a statement that it knows; SQLite itself finds a
row by its key in 4. So a hot statement is written in SQLAlchemy's terms like every other one; only its way is shorter.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Connection, Select, UpdateBase, Uuid
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import TypeEngine

__all__ = ["Prepared"]

_SQLITE = sqlite.dialect(paramstyle="named")
_READ_ID = TypeAdapter(UUID | None).validator.validate_python
"""Makes of SQLite's 32 hex digits what `Uuid` makes of them, in a fifth of the time."""

_Convert = Callable[[Any], Any]


class Prepared:
    """A statement whose parameters are `bindparam`s; values go in and come out as SQLAlchemy's types have it."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | UpdateBase) -> None:
        compiled = statement.compile(dialect=_SQLITE)
        columns = list(statement.exported_columns)
        self._statement = statement
        self._text = str(compiled)
        self._fixed = {name: value for name, value in compiled.params.items() if not compiled.binds[name].required}
        self._writers = {name: _writer(compiled.binds[name].type) for name in compiled.params}
        self._readers = [(at, read) for at, column in enumerate(columns) if (read := _reader(column.type))]
        self._row = _row([column.key for column in columns if column.key])

    def all(self, tx: Connection, **values: Any) -> list[Any]:
        """Find the rows, in which each column has its name; of a change, those that it returns."""
        driver = tx.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            try:
                found = driver.execute(self._text, self._written(values)).fetchall()
                return [self._converted(list(row)) for row in found]
            except sqlite3.Error as error:
                self._check_transaction(driver, error)
        return list(tx.execute(self._statement, values))

    def first(self, tx: Connection, **values: Any) -> Any:
        """Find the first row; None where there is none."""
        return next(iter(self.all(tx, **values)), None)

    def change(self, tx: Connection, **values: Any) -> int:
        """Change rows, and count them."""
        driver = tx.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            try:
                return driver.execute(self._text, self._written(values)).rowcount
            except sqlite3.Error as error:
                self._check_transaction(driver, error)
        return tx.execute(self._statement, values).rowcount

    def change_each(self, tx: Connection, changes: Sequence[dict[str, Any]]) -> None:
        """Change rows in the order in which they are named."""
        if tx.dialect.name == "sqlite":
            for values in changes:
                self.change(tx, **values)
        else:
            tx.execute(self._statement, changes)  # all in one round trip

    def _check_transaction(self, driver: sqlite3.Connection, error: sqlite3.Error) -> None:
        """Let SQLAlchemy meet an error too, which tells of it in the words that the caller knows.

        But not where it has ended the transaction, as a full disk may: alone the statement could succeed, and stay.
        """
        if not driver.in_transaction:
            raise OperationalError(self._text, None, error) from error

    def _written(self, values: Mapping[str, Any]) -> dict[str, Any]:
        given = {**self._fixed, **values}
        return {name: write(given[name]) for name, write in self._writers.items()}

    def _converted(self, row: list[Any]) -> Any:
        for at, read in self._readers:
            row[at] = read(row[at])
        return self._row(row)


def _row(names: Sequence[str]) -> Callable[[Iterable[Any]], Any]:
    made: Any = namedtuple("Row", names)  # noqa: PYI024 # pyright: ignore[reportUntypedNamedTuple]  # the query names them
    return made._make


def _as_it_is(value: Any) -> Any:
    return value


def _writer(kind: TypeEngine[Any]) -> _Convert:
    return kind.dialect_impl(_SQLITE).bind_processor(_SQLITE) or _as_it_is


def _reader(kind: TypeEngine[Any]) -> _Convert | None:
    if isinstance(kind, Uuid):
        return _READ_ID
    return kind.dialect_impl(_SQLITE).result_processor(_SQLITE, None)
