"""The database's clock, which decides what is due, so that servers whose clocks differ agree."""

from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

__all__ = ["now"]


def now(tx: Connection) -> datetime:
    """Tell the time, in UTC, of the transaction's database; SQLite lives in this process and has no other clock."""
    if tx.dialect.name == "sqlite":
        return datetime.now(UTC)
    return tx.execute(select(func.now())).scalar_one().astimezone(UTC)
