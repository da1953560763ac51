"""How rows of accounts are read and changed; what the other modules of the store share."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, select, true, update

from users.account import Account
from users.tables import accounts

__all__ = ["COLUMNS", "changed", "first", "rows", "visible"]

COLUMNS = [column for column in accounts.c if column.name not in {"email_key", "closing_since"}]


def visible(user_id: UUID, viewer: UUID | None) -> ColumnElement[bool]:
    """Say which row is meant; `viewer` sees no other's, and None, who is staff, sees all."""
    return (accounts.c.id == user_id) & (true() if viewer is None else accounts.c.id == viewer)


def rows(tx: Connection, query: Select[Any]) -> Sequence[Account]:
    """Read the accounts that a query of `COLUMNS` finds."""
    return [Account(**row) for row in tx.execute(query).mappings()]


def first(tx: Connection, *where: ColumnElement[bool], lock: bool = False) -> Account | None:
    """Find the one row; a lock keeps it from others until the unit of work ends."""
    query = select(*COLUMNS).where(*where)
    return next(iter(rows(tx, query.with_for_update() if lock else query)), None)


def changed(tx: Connection, *where: ColumnElement[bool], at: datetime, **values: object) -> Account | None:
    """Change the one row, which makes it another version; None when there is no such row any more."""
    moved = {"version": accounts.c.version + 1, "updated_at": at}
    change = update(accounts).where(*where).values(**moved, **values).returning(*COLUMNS)
    row = tx.execute(change).mappings().one_or_none()
    return None if row is None else Account(**row)
