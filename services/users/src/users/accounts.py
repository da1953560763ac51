"""What may be done with accounts: opening, reading, listing and changing them."""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from chassis.auth import Principal
from chassis.database import Database
from chassis.paging import Cursors, split
from contracts.scopes import Scope
from contracts.users.errors import AccountClosed, LastStaff, UserNotFound
from contracts.users.v2 import AccountRole, AccountStatus, NewUser, User
from contracts.wire import Page
from sqlalchemy import Connection

from users.account import Account
from users.passwords import Passwords
from users.store import accounts as store

__all__ = ["Accounts", "found", "viewer"]

Check = Callable[[str], None]
"""Looks at the ETag that is there, and raises where a change was made to another one."""

Edit = Callable[[User], User]
"""Says what an account shall look like; only its email address and its name can be changed so."""


def viewer(caller: Principal) -> UUID | None:
    """Say whose account a caller may see: his own one; None stands for everybody's."""
    return None if caller.has(Scope.USERS_ADMIN) else caller.account_id


def found(user_id: UUID, account: Account | None) -> Account:
    """Want an account to be there; another's looks just like none."""
    if account is None:
        raise UserNotFound(f"No user {user_id} is there for you to see; check the id.")
    return account


class Accounts:
    """The accounts of all who buy here or work here."""

    def __init__(self, database: Database, passwords: Passwords, cursor_secret: bytes) -> None:
        self._database = database
        self._passwords = passwords
        self._cursors = Cursors(cursor_secret, "users v2 list_users")

    async def register(self, new: NewUser, role: AccountRole = AccountRole.CUSTOMER) -> Account:
        """Open an account; raises EmailTaken."""
        password_hash = await self._passwords.hash(new.password)
        account = Account.opened(new.email, new.name, password_hash, role, datetime.now(UTC))
        await self._database.write(lambda tx: store.add(tx, new.email, account))
        return account

    async def get(self, user_id: UUID, caller: Principal) -> Account:
        """Fetch one account; raises UserNotFound."""
        return found(user_id, await self._database.glance(lambda tx: store.find(tx, user_id, viewer(caller))))

    async def list_after(
        self, cursor: str | None, limit: int, *, status: AccountStatus | None, email: str | None
    ) -> Page[User]:
        """List accounts from a cursor on; raises InvalidCursor."""
        filters = {"status": status, "email": email}
        after = None if cursor is None else UUID(str(self._cursors.open(cursor, filters)[0]))
        rows = await self._database.read(lambda tx: store.list_after(tx, after, limit + 1, status=status, email=email))
        page, last = split(rows, limit, lambda account: (str(account.id),))
        next_cursor = None if last is None else self._cursors.seal(last, filters)
        return Page[User](items=[account.shown for account in page], next_cursor=next_cursor)

    async def list_from(self, skip: int, limit: int) -> Sequence[Account]:
        """List accounts without the first `skip`."""
        return await self._database.read(lambda tx: store.list_from(tx, skip, limit))

    async def find_many(self, user_ids: Collection[UUID]) -> Sequence[Account]:
        """Find those of these accounts that there are, for services."""
        return await self._database.read(lambda tx: store.find_many(tx, user_ids))

    async def find(self, user_id: UUID) -> Account:
        """Fetch any account, for services; raises UserNotFound."""
        return found(user_id, await self._database.glance(lambda tx: store.find(tx, user_id, None)))

    async def find_by_email(self, email: str) -> Account:
        """Fetch the open account with this address; raises UserNotFound."""
        account = await self._database.read(lambda tx: store.find_by_email(tx, email))
        if account is None:
            raise UserNotFound(f"No open account has the address {email}; check it.")
        return account

    async def change(self, user_id: UUID, caller: Principal, edit: Edit, check: Check | None = None) -> Account:
        """Change an open account; raises UserNotFound, what `check` does, AccountClosed and EmailTaken."""
        unit = partial(_change, user_id=user_id, viewer=viewer(caller), edit=edit, check=check, at=datetime.now(UTC))
        return await self._database.write(unit)

    async def set_role(self, user_id: UUID, role: AccountRole) -> Account:
        """Give an open account a role; raises UserNotFound, AccountClosed and LastStaff."""
        return await self._database.write(partial(_set_role, user_id=user_id, role=role, at=datetime.now(UTC)))


def _change(
    tx: Connection, *, user_id: UUID, viewer: UUID | None, edit: Edit, check: Check | None, at: datetime
) -> Account:
    account = found(user_id, store.lock(tx, user_id, viewer))
    if check:
        check(account.etag)
    _want_open(account)
    wanted = edit(account.shown)
    if wanted.email is None or wanted.name is None or (wanted.email, wanted.name) == (account.email, account.name):
        return account
    return found(user_id, store.rewrite(tx, user_id, wanted.email, wanted.name, at))


def _set_role(tx: Connection, *, user_id: UUID, role: AccountRole, at: datetime) -> Account:
    staff = store.lock_staff(tx)
    account = found(user_id, store.lock(tx, user_id, None))
    _want_open(account)
    if role is account.role:
        return account
    if set(staff) == {user_id}:
        raise LastStaff(f"{account.email} is the only active staff account; make another account staff first.")
    return found(user_id, store.set_role(tx, user_id, role, at))


def _want_open(account: Account) -> None:
    if account.status is not AccountStatus.ACTIVE:
        raise AccountClosed(f"This wants an active account, and this one is {account.status}; it cannot be changed.")
