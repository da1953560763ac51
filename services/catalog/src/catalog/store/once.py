"""Rows that are inserted unless they are there: a unique constraint decides, so that of two writers one wins."""

from collections.abc import Mapping

from chassis.inserting import insert_into
from sqlalchemy import Connection, Table

__all__ = ["insert_once", "insert_or_replace"]


def insert_once(tx: Connection, table: Table, values: Mapping[str, object]) -> bool:
    """Insert a row and return True, or False when a unique constraint has another in this place."""
    insert = insert_into(tx, table).values(values).on_conflict_do_nothing().returning(*table.primary_key)
    return tx.execute(insert).first() is not None


def insert_or_replace(tx: Connection, table: Table, values: Mapping[str, object]) -> None:
    """Insert a row, in the place of one with the same primary key."""
    key = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in key}
    tx.execute(insert_into(tx, table).values(values).on_conflict_do_update(index_elements=key, set_=rest))
