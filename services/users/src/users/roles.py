"""What each role may do, and at which services."""

from collections.abc import Mapping

from chassis.auth import Role
from contracts.scopes import Scope
from contracts.users.errors import InvalidScope, InvalidTarget

__all__ = ["SCOPES", "SERVICES", "audience", "granted"]

SERVICES = ("users", "catalog", "orders")

_CUSTOMER = frozenset(
    {Scope.USERS_READ, Scope.USERS_WRITE, Scope.CATALOG_REVIEW, Scope.ORDERS_READ, Scope.ORDERS_WRITE}
)
SCOPES: Mapping[Role, frozenset[Scope]] = {
    Role.CUSTOMER: _CUSTOMER,
    Role.STAFF: _CUSTOMER | {Scope.USERS_ADMIN, Scope.CATALOG_ADMIN, Scope.ORDERS_ADMIN},
    Role.SERVICE: frozenset({Scope.USERS_PEERS, Scope.CATALOG_PEERS, Scope.ORDERS_PEERS}),
}


def audience(role: Role, resource: str | None) -> tuple[str, ...]:
    """Say for which services a token is: the one that was asked for, or all for a person; raises InvalidTarget."""
    if resource is None and role is not Role.SERVICE:
        return SERVICES
    if resource is None or resource not in SERVICES:
        raise InvalidTarget(f"`resource` should be one of {', '.join(SERVICES)}; it is {resource or 'missing'}.")
    return (resource,)


def granted(role: Role, services: tuple[str, ...], wanted: str | None) -> frozenset[str]:
    """Say which scopes a token has: those that were asked for, or all that the role has there; raises InvalidScope."""
    there = frozenset(str(scope) for scope in SCOPES[role] if scope.partition(":")[0] in services)
    asked = frozenset((wanted or "").split()) or there
    if asked - there:
        refused = ", ".join(sorted(asked - there))
        raise InvalidScope(f"This caller can have {', '.join(sorted(there))}; it asked for {refused}.")
    return asked
