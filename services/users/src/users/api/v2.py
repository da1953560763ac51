"""Version 2 of the users API."""

from datetime import UTC, datetime
from functools import partial

from chassis.binding import ApiRouter, implements
from chassis.conditional import require_match
from contracts.answers import ETAG, LOCATION, Answer
from contracts.places import IfMatch
from contracts.users.v2 import (
    AccountStatus,
    NewUser,
    PasswordChange,
    People,
    PersonalData,
    RoleChange,
    Standing,
    User,
    UserChanges,
    UserIds,
    Users,
)
from contracts.wire import Cursor, Email, Id, Page, PageSize

from users.account import Account
from users.api.dependencies import AccountsDep, ClosingsDep, CredentialsDep, Member

__all__ = ["router"]

router = ApiRouter(Users)


@implements(router, Users.register)
async def register(new: NewUser, accounts: AccountsDep) -> Answer[User]:
    account = await accounts.register(new)
    return Answer(account.shown, headers={LOCATION: f"/v2/users/{account.id}", ETAG: account.etag})


@implements(router, Users.get_me)
async def get_me(accounts: AccountsDep, caller: Member) -> Answer[User]:
    return _tagged(await accounts.get(caller.account_id, caller))


@implements(router, Users.export_me)
async def export_me(accounts: AccountsDep, caller: Member) -> PersonalData:
    account = await accounts.get(caller.account_id, caller)
    return account.exported(datetime.now(UTC))


@implements(router, Users.change_password)
async def change_password(change: PasswordChange, credentials: CredentialsDep, caller: Member) -> None:
    await credentials.change_password(caller, change.current_password, change.new_password)


@implements(router, Users.get_user)
async def get_user(user_id: Id, accounts: AccountsDep, caller: Member) -> Answer[User]:
    return _tagged(await accounts.get(user_id, caller))


@implements(router, Users.list_users)
async def list_users(
    accounts: AccountsDep,
    caller: Member,
    status: AccountStatus | None = None,
    email: Email | None = None,
    limit: PageSize = 20,
    cursor: Cursor | None = None,
) -> Page[User]:
    return await accounts.list_after(cursor, limit, status=status, email=email)


@implements(router, Users.update_user)
async def update_user(
    user_id: Id, changes: UserChanges, accounts: AccountsDep, caller: Member, if_match: IfMatch = None
) -> Answer[User]:
    return _tagged(await accounts.change(user_id, caller, partial(_edit, changes), partial(require_match, if_match)))


@implements(router, Users.close_user)
async def close_user(user_id: Id, closings: ClosingsDep, caller: Member) -> None:
    await closings.close(user_id, caller)


@implements(router, Users.set_role)
async def set_role(user_id: Id, change: RoleChange, accounts: AccountsDep, caller: Member) -> Answer[User]:
    return _tagged(await accounts.set_role(user_id, change.role))


@implements(router, Users.get_standing)
async def get_standing(user_id: Id, accounts: AccountsDep) -> Standing:
    return (await accounts.find(user_id)).standing


@implements(router, Users.get_people)
async def get_people(user_id: UserIds, accounts: AccountsDep) -> People:
    return People(items=[account.person for account in await accounts.find_many(user_id)])


def _edit(changes: UserChanges, user: User) -> User:
    return user.model_copy(update={name: getattr(changes, name) for name in changes.model_fields_set})


def _tagged(account: Account) -> Answer[User]:
    return Answer(account.shown, headers={ETAG: account.etag})
