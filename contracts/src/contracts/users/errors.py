"""What can go wrong with accounts, and with tokens in the words of RFC 6749 and RFC 8707."""

from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from contracts.errors import BadRequest, Conflict, NotFound, Problem, Unauthenticated
from contracts.wire import Id

__all__ = [
    "AccountClosed",
    "EmailTaken",
    "InvalidClient",
    "InvalidGrant",
    "InvalidScope",
    "InvalidTarget",
    "LastStaff",
    "OpenOrders",
    "OpenOrdersProblem",
    "UnsupportedGrantType",
    "UserNotFound",
    "WrongPassword",
]


class UserNotFound(NotFound):
    """There is no such user."""

    code = "user_not_found"


class EmailTaken(Conflict):
    """Another account has this email address."""

    code = "email_taken"


class AccountClosed(Conflict):
    """The account is closed, or is being closed, and cannot be changed."""

    code = "account_closed"


class WrongPassword(Conflict):
    """The current password is not this one."""

    code = "wrong_password"


class LastStaff(Conflict):
    """This is the last active staff account; make another one staff first."""

    code = "last_staff"


class OpenOrdersProblem(Problem):
    """Which orders keep an account open."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:concord:problem:open_orders",
                    "title": "The account has open orders; cancel them or wait for them first",
                    "status": 409,
                    "detail": "1 order is open",
                    "instance": "/v2/users/0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87/close",
                    "code": "open_orders",
                    "errors": [],
                    "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
                    "order_ids": ["0199b2a4-11d3-7f10-8c59-0c7d6f7a2b11"],
                }
            ]
        }
    )

    order_ids: Annotated[list[Id], Field(max_length=100, description="The open orders, the first hundred of them")]


class OpenOrders(Conflict):
    """The account has open orders; cancel them or wait for them first."""

    code = "open_orders"
    problem: ClassVar[type[Problem]] = OpenOrdersProblem


class InvalidClient(Unauthenticated):
    """The client is unknown, or its secret is wrong."""

    code = "invalid_client"


class InvalidGrant(BadRequest):
    """No open account has this email address and password."""

    code = "invalid_grant"


class UnsupportedGrantType(BadRequest):
    """Tokens are granted for `password` and `client_credentials` only."""

    code = "unsupported_grant_type"


class InvalidScope(BadRequest):
    """The caller cannot be granted this scope."""

    code = "invalid_scope"


class InvalidTarget(BadRequest):
    """The resource is missing, or is none of the services."""

    code = "invalid_target"
