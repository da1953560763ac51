"""The database's clock: one for all replicas, so that they agree on what has expired."""

from datetime import datetime

from chassis.columns import UtcDateTime
from sqlalchemy import Connection, func, select, type_coerce

__all__ = ["now"]


def now(tx: Connection) -> datetime:
    """Read the time, to the second at least."""
    return tx.execute(select(type_coerce(func.current_timestamp(), UtcDateTime))).scalar_one()
