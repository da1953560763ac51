"""Version 2 of the users API: accounts of the people who buy here and of those who work here."""

from typing import Annotated, TypeAlias

from pydantic import MISSING, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from contracts.answers import ETAG, LOCATION, Success
from contracts.errors import (
    ContractViolated,
    InvalidCursor,
    PreconditionFailed,
    PreconditionRequired,
)
from contracts.operation import Api, operation
from contracts.places import IfMatch
from contracts.scopes import Scope
from contracts.users.errors import (
    AccountClosed,
    EmailTaken,
    LastStaff,
    OpenOrders,
    UserNotFound,
    WrongPassword,
)
from contracts.wire import (
    Choice,
    Count,
    Cursor,
    Email,
    Id,
    Line,
    Open,
    Page,
    PageSize,
    Request,
    Response,
    Timestamp,
    Value,
)

__all__ = [
    "AccountRole",
    "AccountStatus",
    "Name",
    "NewUser",
    "Password",
    "PasswordChange",
    "People",
    "Person",
    "PersonalData",
    "RoleChange",
    "Standing",
    "User",
    "UserChanges",
    "UserIds",
    "Users",
]

Password: TypeAlias = Annotated[str, StringConstraints(min_length=12, max_length=128, pattern=r"^[^\x00]*$")]
"""12 to 128 characters of any kind: a sentence is better than a riddle."""

UserIds: TypeAlias = Annotated[list[Id], Field(min_length=1, max_length=100)]

_ID = "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87"
_NAME: JsonDict = {"given": "Ada", "family": "Byron"}
_USER: JsonDict = {
    "id": _ID,
    "email": "ada@example.com",
    "name": _NAME,
    "status": "active",
    "role": "customer",
    "created_at": "2026-11-21T09:30:00Z",
    "updated_at": "2026-11-21T09:30:00Z",
}


class AccountStatus(Choice):
    """Where an account is in its life; only an active one may place orders."""

    ACTIVE = "active"
    CLOSING = "closing"
    CLOSED = "closed"


class AccountRole(Choice):
    """What the account's owner is to the shop."""

    CUSTOMER = "customer"
    STAFF = "staff"


class Name(Value):
    """What a person is called."""

    model_config = ConfigDict(json_schema_extra={"examples": [_NAME]})

    given: Line
    family: Annotated[Line | None, Field(description="Null for a person who has one name only")]


class User(Response):
    """One account; a closed one has neither an email address nor a name any more."""

    model_config = ConfigDict(json_schema_extra={"examples": [_USER]})

    id: Id
    email: Annotated[Email | None, Field(description="Null once the account is closed")]
    name: Annotated[Name | None, Field(description="Null once the account is closed")]
    status: Open[AccountStatus]
    role: Open[AccountRole]
    created_at: Timestamp
    updated_at: Timestamp


class NewUser(Request):
    """Who wants an account."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"email": "ada@example.com", "name": _NAME, "password": "correct horse battery staple"}]
        }
    )

    email: Email
    name: Name
    password: Annotated[Password, Field(repr=False)]


class UserChanges(Request):
    """What to change; a member that is absent stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": {"given": "Ada", "family": "Lovelace"}}]})

    email: Email | MISSING = MISSING
    name: Name | MISSING = MISSING


class PasswordChange(Request):
    """The password so far, and the one to be."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"current_password": "correct horse battery staple", "new_password": "a quieter sentence to remember"}
            ]
        }
    )

    current_password: Annotated[str, Field(max_length=128, repr=False)]
    new_password: Annotated[Password, Field(repr=False)]


class RoleChange(Request):
    """What the account's owner shall be to the shop."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "staff"}]})

    role: AccountRole


class PersonalData(Response):
    """All that the users service keeps about a person, but for the password's hash."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "exported_at": "2026-11-21T10:00:00Z",
                    "account": _USER,
                    "password_changed_at": "2026-11-21T09:30:00Z",
                }
            ]
        }
    )

    exported_at: Timestamp
    account: User
    password_changed_at: Annotated[Timestamp | None, Field(description="Null once the account is closed")]


class Standing(Response):
    """Whether an account may act: it is `active`, and the token is of this `generation`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"user_id": _ID, "status": "active", "generation": 1}]})

    user_id: Id
    status: Open[AccountStatus]
    generation: Annotated[Count, Field(description="Tokens with another `gen` are of ended sessions")]


class Person(Response):
    """Who stands behind an id, in the words that other services may show."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": _ID, "name": _NAME, "status": "active"}]})

    id: Id
    name: Annotated[Name | None, Field(description="Null once the account is closed")]
    status: Open[AccountStatus]


class People(Response):
    """The people that were found; ids that nobody has are left out."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [{"id": _ID, "name": _NAME, "status": "active"}]}]}
    )

    items: Annotated[list[Person], Field(max_length=100)]


class Users(Api, service="users", version="v2"):
    """Accounts of customers and staff: registering, reading, changing and closing them."""

    @operation("POST", "/v2/users", status=Success(201, (LOCATION, ETAG)), errors=(EmailTaken,), limited=True)
    async def register(self, new: NewUser) -> User:
        """Open an account.

        Needs no token. Email addresses are unique whatever their case. Get a token with `POST /oauth/token` next.
        """
        ...

    @operation("GET", "/v2/users/me", status=Success(200, (ETAG,)), scope=Scope.USERS_READ)
    async def get_me(self) -> User:
        """Fetch the caller's own account."""
        ...

    @operation("GET", "/v2/users/me/export", scope=Scope.USERS_READ)
    async def export_me(self) -> PersonalData:
        """Export the caller's personal data.

        This is what the users service holds; orders and reviews are exported by the services that hold them.
        """
        ...

    @operation(
        "PUT",
        "/v2/users/me/password",
        status=204,
        errors=(WrongPassword,),
        scope=Scope.USERS_WRITE,
        limited=True,
        idempotent=False,
    )
    async def change_password(self, change: PasswordChange) -> None:
        """Change the caller's password.

        All tokens issued before are refused from then on, the one of this call included: get a new one with the new
        password.
        """
        ...

    @operation(
        "GET", "/v2/users/{user_id}", status=Success(200, (ETAG,)), errors=(UserNotFound,), scope=Scope.USERS_READ
    )
    async def get_user(self, user_id: Id) -> User:
        """Fetch one account.

        Customers see their own only; staff see all.
        """
        ...

    @operation("GET", "/v2/users", errors=(InvalidCursor,), scope=Scope.USERS_ADMIN)
    async def list_users(
        self,
        status: AccountStatus | None = None,
        email: Email | None = None,
        limit: PageSize = 20,
        cursor: Cursor | None = None,
    ) -> Page[User]:
        """List accounts, the oldest first.

        For staff. `email` finds the one account with this address, whatever its case. Pass `next_cursor` back as
        `cursor`, with the same filters, for the next page.
        """
        ...

    @operation(
        "PATCH",
        "/v2/users/{user_id}",
        status=Success(200, (ETAG,)),
        errors=(UserNotFound, EmailTaken, AccountClosed, PreconditionFailed, PreconditionRequired),
        scope=Scope.USERS_WRITE,
    )
    async def update_user(self, user_id: Id, changes: UserChanges, if_match: IfMatch = None) -> User:
        """Change an account's email address or name.

        Send the `ETag` that was read in `If-Match`: without it the answer is 428, and 412 when the account has changed
        since. Customers change their own only; staff change any.
        """
        ...

    @operation(
        "POST",
        "/v2/users/{user_id}/close",
        status=204,
        errors=(UserNotFound, OpenOrders, LastStaff, ContractViolated),
        scope=Scope.USERS_WRITE,
        idempotent=True,
    )
    async def close_user(self, user_id: Id) -> None:
        """Close an account for good.

        Its personal data is erased and its tokens are refused; the id stays, so that old orders can name it. Refused
        while the account has open orders; when those cannot be asked for the answer is 503 and the account stays as it
        was. Closing a closed account changes nothing.
        """
        ...

    @operation(
        "PUT",
        "/v2/users/{user_id}/role",
        status=Success(200, (ETAG,)),
        errors=(UserNotFound, AccountClosed, LastStaff),
        scope=Scope.USERS_ADMIN,
    )
    async def set_role(self, user_id: Id, change: RoleChange) -> User:
        """Make an account staff, or a customer's.

        For staff. The account's tokens, which carry the old role, are refused from then on.
        """
        ...

    @operation("GET", "/v2/users/{user_id}/standing", errors=(UserNotFound,), scope=Scope.USERS_PEERS)
    async def get_standing(self, user_id: Id) -> Standing:
        """Tell whether an account may act now.

        For services: an account may order while it is `active`, with a token whose `gen` is the `generation`.
        """
        ...

    @operation("GET", "/v2/people", scope=Scope.USERS_PEERS)
    async def get_people(self, user_id: UserIds) -> People:
        """Fetch the names of up to a hundred people at once.

        For services. Repeat the parameter for each: `?user_id=...&user_id=...`.
        """
        ...
