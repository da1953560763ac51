"""The SQL of closing accounts: each attempt is a version of the row, and only the latest one decides."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from chassis.clock import now
from contracts.users.v2 import AccountStatus
from sqlalchemy import ColumnElement, Connection, null, select

from users.account import Account
from users.store.rows import COLUMNS, changed, rows, visible
from users.tables import accounts

__all__ = ["begin", "finish", "list_stale", "revert"]


def begin(tx: Connection, user_id: UUID, viewer: UUID | None, at: datetime) -> Account | None:
    """Begin to close an account, or take over from an attempt that did; None when it is closed already."""
    is_open = accounts.c.status.in_([AccountStatus.ACTIVE, AccountStatus.CLOSING])
    return changed(tx, visible(user_id, viewer), is_open, at=at, status=AccountStatus.CLOSING, closing_since=now(tx))


def finish(tx: Connection, attempt: Account, at: datetime) -> Account | None:
    """Close the account and erase what is personal; None when another attempt has taken over."""
    erased = dict.fromkeys(
        ("email", "email_key", "given", "family", "password_hash", "password_changed_at", "closing_since"), null()
    )
    return changed(
        tx,
        _is_latest(attempt),
        at=at,
        status=AccountStatus.CLOSED,
        generation=accounts.c.generation + 1,
        **erased,
    )


def revert(tx: Connection, attempt: Account, at: datetime) -> Account | None:
    """Leave the account open after all; None when another attempt has taken over."""
    return changed(tx, _is_latest(attempt), at=at, status=AccountStatus.ACTIVE, closing_since=null())


def list_stale(tx: Connection, age: timedelta) -> Sequence[Account]:
    """List the accounts whose closing began so long ago that nobody can be at it any more."""
    begun = (accounts.c.status == AccountStatus.CLOSING) & (accounts.c.closing_since <= now(tx) - age)
    return rows(tx, select(*COLUMNS).where(begun).order_by(accounts.c.id))


def _is_latest(attempt: Account) -> ColumnElement[bool]:
    mine = (accounts.c.id == attempt.id) & (accounts.c.version == attempt.version)
    return mine & (accounts.c.status == AccountStatus.CLOSING)
