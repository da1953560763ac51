"""How people prove who they are, and until when a proof counts."""

from datetime import UTC, datetime
from typing import NoReturn

from chassis.auth import Principal
from chassis.database import Database
from contracts.errors import Unauthenticated
from contracts.users.errors import WrongPassword
from contracts.users.v2 import AccountStatus

from users.account import Account
from users.passwords import Passwords
from users.store import accounts as store

__all__ = ["Credentials"]


class Credentials:
    """Passwords of accounts, and the sessions that were begun with them."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database = database
        self._passwords = passwords

    async def recognize(self, email: str, password: str) -> Account | None:
        """Find the open account that has this address and this password; it takes as long when there is none."""
        account = await self._database.read(lambda tx: store.find_by_email(tx, email))
        fits = await self._passwords.verify(password, account.password_hash if account else None)
        return account if fits else None

    async def want_session(self, caller: Principal) -> None:
        """Refuse a token whose session has ended, though it has not expired; raises Unauthenticated."""
        account = await self._database.glance(lambda tx: store.find(tx, caller.account_id, None))
        if account is None or account.status is AccountStatus.CLOSED or account.generation != caller.generation:
            _refuse_session()

    async def change_password(self, caller: Principal, current: str, new: str) -> None:
        """Change the caller's password, which ends all sessions; raises WrongPassword."""
        account = await self._database.glance(lambda tx: store.find(tx, caller.account_id, None))
        if account is None or not await self._passwords.verify(current, account.password_hash):
            raise WrongPassword("`current_password` should be the account's password; it is not.")
        if not await self.replace_password(account, new):  # whoever was faster has ended this session too
            _refuse_session()

    async def replace_password(self, account: Account, new: str) -> bool:
        """Give an account a new password, which ends all sessions; False when they have ended already."""
        password_hash, at = await self._passwords.hash(new), datetime.now(UTC)
        changed = await self._database.write(
            lambda tx: store.set_password(tx, account.id, account.generation, password_hash, at)
        )
        return changed is not None


def _refuse_session() -> NoReturn:
    detail = "The session of this token has ended; get a new token."
    challenge = f'Bearer error="invalid_token", error_description="{detail}"'
    raise Unauthenticated(detail, headers={"WWW-Authenticate": challenge})
