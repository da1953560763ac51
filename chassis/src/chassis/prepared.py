"""Queries that are asked at every turn: compiled once, and on SQLite handed to the driver as they are.

SQLAlchemy works for some 50 microseconds on each execution, also of a statement that it knows; SQLite itself finds a
row by its key in 4. So a hot query is written in SQLAlchemy's terms like every other one, and only its way is shorter.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

__all__ = ["Prepared"]

_SQLITE = sqlite.dialect(paramstyle="named")

_Convert = Callable[[Any], Any]


class Prepared:
    """A query whose parameters are `bindparam`s; values go in and come out as SQLAlchemy's types have it."""

    def __init__(self, query: Select[*tuple[Any, ...]]) -> None:
        compiled = query.compile(dialect=_SQLITE)
        columns = list(query.selected_columns)
        self._query = query
        self._text = str(compiled)
        self._fixed = {name: value for name, value in compiled.params.items() if not compiled.binds[name].required}
        self._writers = {name: _writer(compiled.binds[name].type) for name in compiled.params}
        self._readers = [(at, read) for at, column in enumerate(columns) if (read := _reader(column.type))]
        self._row = _row([column.key for column in columns if column.key])

    def all(self, tx: Connection, **values: Any) -> list[Any]:
        """Find the rows, in which each column has its name."""
        driver = tx.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            return list(tx.execute(self._query, values))
        given = {**self._fixed, **values}
        written = {name: write(given[name]) for name, write in self._writers.items()}
        try:
            found = driver.execute(self._text, written).fetchall()
        except sqlite3.Error:  # SQLAlchemy meets it too, and tells of it in the words that the caller knows
            return list(tx.execute(self._query, values))
        return [self._converted(list(row)) for row in found]

    def first(self, tx: Connection, **values: Any) -> Any:
        """Find the first row; None where there is none."""
        return next(iter(self.all(tx, **values)), None)

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
    return kind.dialect_impl(_SQLITE).result_processor(_SQLITE, None)
