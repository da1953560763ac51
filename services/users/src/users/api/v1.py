"""Version 1 of the users API: version 2's rules, in version 1's words."""

from datetime import datetime
from uuid import UUID

from chassis.binding import ApiRouter, implements
from contracts.answers import LOCATION, Answer
from contracts.users.v1 import NewUser, Status, User, UserReplacement, Users
from contracts.users.v1_v2 import NewUserV1V2, UserV1V2
from contracts.wire import Id, PageSize, Skip

from users.api.dependencies import AccountsDep, Member

__all__ = ["router"]

router = ApiRouter(Users)


@implements(router, Users.register)
async def register(new: NewUser, accounts: AccountsDep) -> Answer[User]:
    account = await accounts.register(NewUserV1V2.up(new))
    return Answer(UserV1V2.down(account.shown), headers={LOCATION: f"/v1/users/{account.id}"})


@implements(router, Users.get_user)
async def get_user(user_id: Id, accounts: AccountsDep, caller: Member) -> User:
    account = await accounts.get(user_id, caller)
    return UserV1V2.down(account.shown)


@implements(router, Users.list_users)
async def list_users(accounts: AccountsDep, caller: Member, skip: Skip = 0, limit: PageSize = 20) -> list[User]:
    return [UserV1V2.down(account.shown) for account in await accounts.list_from(skip, limit)]


@implements(router, Users.put_user)
async def put_user(user_id: Id, replacement: UserReplacement, accounts: AccountsDep, caller: Member) -> User:
    account = await accounts.change(
        user_id,
        caller,
        lambda stored: UserV1V2.put(_open_user(stored.id, replacement, stored.created_at), stored),
    )
    return UserV1V2.down(account.shown)


def _open_user(user_id: UUID, replacement: UserReplacement, created_at: datetime) -> User:
    return User(
        id=user_id,
        full_name=replacement.full_name,
        email=replacement.email,
        status=Status.ACTIVE,
        created_at=created_at,
    )
