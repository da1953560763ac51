"""The SQL of accounts: pure functions over a connection, each part of somebody's unit of work.

`viewer` is whose account can be seen: a person's own one, or everybody's for None.
"""

from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from chassis.prepared import Prepared
from contracts.users.errors import EmailTaken
from contracts.users.v2 import AccountRole, AccountStatus, Name
from sqlalchemy import Connection, Uuid, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from users.account import Account, email_key
from users.store.rows import COLUMNS, changed, first, rows, visible
from users.tables import accounts

__all__ = [
    "add",
    "find",
    "find_by_email",
    "find_many",
    "list_after",
    "list_from",
    "lock",
    "lock_staff",
    "rewrite",
    "set_password",
    "set_role",
]


_is_it = accounts.c.id == bindparam("user_id", type_=Uuid)
_ONE = Prepared(select(*COLUMNS).where(_is_it))
_OWN = Prepared(select(*COLUMNS).where(_is_it, accounts.c.id == bindparam("viewer", type_=Uuid)))


def add(tx: Connection, email: str, new: Account) -> None:
    """Insert a new account; raises EmailTaken."""
    values = {column.name: getattr(new, column.name) for column in COLUMNS}
    with _one_account_an_email(email):
        tx.execute(insert(accounts).values(**values, email_key=email_key(email)))


def find(tx: Connection, user_id: UUID, viewer: UUID | None) -> Account | None:
    """Find one account, if the viewer may see it."""
    row = (_ONE if viewer is None else _OWN).first(tx, user_id=user_id, viewer=viewer)
    return None if row is None else Account(**row._asdict())


def find_by_email(tx: Connection, email: str) -> Account | None:
    """Find the open account with this address, in whatever case."""
    return first(tx, accounts.c.email_key == email_key(email))


def find_many(tx: Connection, user_ids: Collection[UUID]) -> Sequence[Account]:
    """Find those of these accounts that there are."""
    return rows(tx, select(*COLUMNS).where(accounts.c.id.in_(user_ids)).order_by(accounts.c.id))


def list_after(
    tx: Connection, after: UUID | None, limit: int, *, status: AccountStatus | None, email: str | None
) -> Sequence[Account]:
    """List accounts as they were made, which is the order of their ids."""
    query = select(*COLUMNS).order_by(accounts.c.id).limit(limit)
    if after is not None:
        query = query.where(accounts.c.id > after)
    if status is not None:
        query = query.where(accounts.c.status == status)
    if email is not None:
        query = query.where(accounts.c.email_key == email_key(email))
    return rows(tx, query)


def list_from(tx: Connection, skip: int, limit: int) -> Sequence[Account]:
    """List accounts as they were made, without the first `skip`."""
    return rows(tx, select(*COLUMNS).order_by(accounts.c.id).offset(skip).limit(limit))


def lock(tx: Connection, user_id: UUID, viewer: UUID | None) -> Account | None:
    """Find an account that nobody else changes before this unit of work ends."""
    return first(tx, visible(user_id, viewer), lock=True)


def lock_staff(tx: Connection) -> Collection[UUID]:
    """Find all who are active staff; whoever may make them fewer locks them first, so that one always stays."""
    is_staff = (accounts.c.role == AccountRole.STAFF) & (accounts.c.status == AccountStatus.ACTIVE)
    return tx.execute(select(accounts.c.id).where(is_staff).order_by(accounts.c.id).with_for_update()).scalars().all()


def rewrite(tx: Connection, user_id: UUID, email: str, name: Name, at: datetime) -> Account | None:
    """Change what an account says of its owner; raises EmailTaken."""
    with _one_account_an_email(email):
        return changed(
            tx,
            accounts.c.id == user_id,
            at=at,
            email=email,
            email_key=email_key(email),
            given=name.given,
            family=name.family,
        )


def set_role(tx: Connection, user_id: UUID, role: AccountRole, at: datetime) -> Account | None:
    """Change an account's role, and end the sessions that carry the old one."""
    return changed(tx, accounts.c.id == user_id, at=at, role=role, generation=accounts.c.generation + 1)


def set_password(tx: Connection, user_id: UUID, generation: int, password_hash: str, at: datetime) -> Account | None:
    """Change a password and end all sessions, unless those of this generation have ended already."""
    return changed(
        tx,
        accounts.c.id == user_id,
        accounts.c.generation == generation,
        accounts.c.status != AccountStatus.CLOSED,
        at=at,
        password_hash=password_hash,
        password_changed_at=at,
        generation=generation + 1,
    )


@contextmanager
def _one_account_an_email(email: str) -> Generator[None]:
    try:
        yield
    except IntegrityError as error:
        if "email_key" not in str(error.orig):
            raise
        raise EmailTaken(f"{email} belongs to another account; use another address.") from None
