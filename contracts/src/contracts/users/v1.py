"""Version 1 of the users API: enveloped, frozen and deprecated; version 2 follows it."""

from datetime import UTC, datetime
from typing import Annotated, TypeAlias

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from contracts.answers import LOCATION, Success
from contracts.dialect import ENVELOPE
from contracts.errors import Conflict
from contracts.operation import Api, operation
from contracts.retirement import Retirement
from contracts.scopes import Scope
from contracts.users.errors import EmailTaken, UserNotFound
from contracts.wire import Choice, Email, Id, Line, PageSize, Request, Response, Skip, Timestamp

__all__ = ["NewUser", "Password", "Status", "User", "UserReplacement", "Users"]

Password: TypeAlias = Annotated[str, StringConstraints(min_length=12, max_length=128, pattern=r"^[^\x00]*$")]
"""12 to 128 characters of any kind."""

_RETIREMENT = Retirement(
    deprecated=datetime(2026, 6, 1, tzinfo=UTC), sunset=datetime(2027, 6, 1, tzinfo=UTC), successor="v2"
)
_PERSON: JsonDict = {"full_name": "Ada Byron", "email": "ada@example.com"}


class Status(Choice):
    """Whether the account is open."""

    ACTIVE = "active"
    CLOSED = "closed"


class User(Response):
    """One account; a closed one has neither an email address nor a name any more."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87",
                    **_PERSON,
                    "status": "active",
                    "created_at": "2026-11-21T09:30:00Z",
                }
            ]
        }
    )

    id: Id
    full_name: Annotated[Line | None, Field(description="Null once the account is closed")]
    email: Annotated[Email | None, Field(description="Null once the account is closed")]
    status: Status
    created_at: Timestamp


class NewUser(Request):
    """Who wants an account."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_PERSON, "password": "correct horse battery staple"}]})

    full_name: Line
    email: Email
    password: Annotated[Password, Field(repr=False)]


class UserReplacement(Request):
    """What an account shall say from now on, whole."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PERSON]})

    full_name: Line
    email: Email


class Users(Api, service="users", version="v1", dialect=ENVELOPE, retirement=_RETIREMENT):
    """Accounts of customers and staff, in the words of version 1.

    409 also answers for an account that version 1 has no words for: read that one through version 2.
    """

    @operation("POST", "/v1/users", status=Success(201, (LOCATION,)), errors=(EmailTaken,), limited=True)
    async def register(self, new: NewUser) -> User:
        """Open an account.

        Needs no token. Email addresses are unique whatever their case. Get a token with `POST /oauth/token` next.
        """
        ...

    @operation("GET", "/v1/users/{user_id}", errors=(UserNotFound, Conflict), scope=Scope.USERS_READ)
    async def get_user(self, user_id: Id) -> User:
        """Fetch one account.

        Customers see their own only; staff see all.
        """
        ...

    @operation("GET", "/v1/users", errors=(Conflict,), scope=Scope.USERS_ADMIN)
    async def list_users(self, skip: Skip = 0, limit: PageSize = 20) -> Annotated[list[User], Field(max_length=100)]:
        """List accounts, the oldest first.

        For staff.
        """
        ...

    @operation("PUT", "/v1/users/{user_id}", errors=(UserNotFound, Conflict), scope=Scope.USERS_WRITE)
    async def put_user(self, user_id: Id, replacement: UserReplacement) -> User:
        """Replace an account's name and email address.

        What version 1 does not know of stays as it is. Customers change their own only; staff change any.
        """
        ...
