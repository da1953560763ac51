"""The database's clock, which decides what has expired, so that replicas whose clocks differ agree."""

from datetime import UTC, datetime

from sqlalchemy import Connection, DateTime, func, select

__all__ = ["now"]


def now(tx: Connection) -> datetime:
    """Tell the time of this transaction; SQLite has no clock but that of the machine it is on."""
    if tx.dialect.name == "sqlite":
        return datetime.now(UTC)
    return tx.execute(select(func.current_timestamp(type_=DateTime(timezone=True)))).scalar_one().astimezone(UTC)
