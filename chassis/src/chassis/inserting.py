"""Inserts that say what happens where the row is there already, in the words of the database at hand."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

__all__ = ["insert_into"]


def insert_into(tx: Connection, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """Begin an insert that can go on with `on_conflict_do_update` or `on_conflict_do_nothing`."""
    if tx.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 -- who speaks it has it; all others start sooner

        return postgresql.insert(table)
    return sqlite.insert(table)
