"""What the handlers of the users service ask for."""

from typing import Annotated

from chassis.auth import Caller, Principal
from chassis.providing import provided
from fastapi import Depends

from users.accounts import Accounts
from users.closings import Closings
from users.credentials import Credentials

__all__ = ["AccountsDep", "ClosingsDep", "CredentialsDep", "Member"]

AccountsDep = Annotated[Accounts, provided(Accounts)]
ClosingsDep = Annotated[Closings, provided(Closings)]
CredentialsDep = Annotated[Credentials, provided(Credentials)]


async def _member(caller: Caller, credentials: CredentialsDep) -> Principal:
    """Know a person whose session goes on: this service can tell, so it does not wait for tokens to expire."""
    await credentials.want_session(caller)
    return caller


Member = Annotated[Principal, Depends(_member)]
