"""Accounts that are there from the start: for development, and the first one of the staff."""

from contracts.users.errors import EmailTaken
from contracts.users.v2 import AccountRole, Name, NewUser

from users.account import Account
from users.accounts import Accounts
from users.credentials import Credentials

__all__ = ["Seeding"]

_SEEDS = (
    ("customer@example.com", Name(given="Carla", family="Customer"), AccountRole.CUSTOMER),
    ("staff@example.com", Name(given="Stan", family="Staff"), AccountRole.STAFF),
)


class Seeding:
    """Makes accounts that nobody registered for."""

    def __init__(self, accounts: Accounts, credentials: Credentials) -> None:
        self._accounts = accounts
        self._credentials = credentials

    async def seed(self, password: str | None) -> None:
        """See that the accounts for development are there and have this password; without one, make none."""
        for email, name, role in _SEEDS if password else ():
            await self._establish(NewUser(email=email, name=name, password=password or ""), role)

    async def add_staff(self, email: str, password: str) -> tuple[Account, bool]:
        """Make a staff account, or make the account with this address staff; tell whether it is new."""
        new = NewUser(email=email, name=Name(given=email.partition("@")[0], family=None), password=password)
        try:
            return await self._accounts.register(new, AccountRole.STAFF), True
        except EmailTaken:
            known = await self._accounts.find_by_email(email)
            return await self._accounts.set_role(known.id, AccountRole.STAFF), False

    async def _establish(self, new: NewUser, role: AccountRole) -> None:
        if await self._credentials.recognize(new.email, new.password):
            return
        try:
            await self._accounts.register(new, role)
        except EmailTaken:  # with another password, of an earlier start
            known = await self._accounts.find_by_email(new.email)
            await self._credentials.replace_password(known, new.password)
