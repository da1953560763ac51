"""Who may come to a door: people and services with good tokens, and all whose tokens are not good."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import jwt
from chassis.keys import SigningKey
from chassis.principals import Role
from contracts.operation import Operation
from users.roles import SCOPES, SERVICES

from tests.races.world import World

__all__ = ["Caller", "People", "token_of"]


class Caller(StrEnum):
    """One kind of caller."""

    OWNER = "the owner"
    OTHER = "another customer"
    STAFF = "staff"
    CLOSED = "the owner, whose account is closed"
    SERVICE = "a service with a token for this one"
    POSER = "a service with a person's scope"
    ANONYMOUS = "somebody without a token"
    EXPIRED = "the owner with a token that has expired"
    STRANGER = "the owner with a token for other services"
    STRAY = "a service with a token for another service"
    FOREIGN = "the owner with a token of another issuer"
    TAMPERED = "the owner with a token that was changed"
    UNSIGNED = "the owner with a token that nobody signed"


@dataclass(frozen=True)
class People:
    """The accounts behind the callers."""

    owner: UUID
    other: UUID
    staff: UUID


def token_of(caller: Caller, op: Operation[..., Any], world: World, people: People) -> str | None:
    """Make the token that a caller shows at the door of an operation."""
    owner = _person(world, people.owner, Role.CUSTOMER)
    signed = partial(_signed, world.issuer.key)
    if caller in {Caller.SERVICE, Caller.POSER, Caller.STRAY}:
        return _of_service(caller, op, world)
    match caller:
        case Caller.OTHER:
            return signed(_person(world, people.other, Role.CUSTOMER))
        case Caller.STAFF:
            return signed(_person(world, people.staff, Role.STAFF))
        case Caller.TAMPERED:
            return _changed(signed(owner), signed(_person(world, people.staff, Role.STAFF)))
        case Caller.UNSIGNED:
            return jwt.encode(owner, "", "none", headers={"kid": world.issuer.key.kid})
        case Caller.ANONYMOUS:
            return None
        case _:
            return signed(owner | _FAULTS.get(caller, _nothing)(op))


def _nothing(op: Operation[..., Any]) -> dict[str, object]:
    return {}


_FAULTS: dict[Caller, Callable[[Operation[..., Any]], dict[str, object]]] = {
    Caller.EXPIRED: lambda op: {"exp": _seconds(-31)},
    Caller.STRANGER: lambda op: {"aud": _elsewhere(op)},
    Caller.FOREIGN: lambda op: {"iss": "https://elsewhere.example"},
}
"""What is wrong with a token that is well signed."""


def _of_service(caller: Caller, op: Operation[..., Any], world: World) -> str:
    """Make a service's token: with all that services may do, with a person's scope, or for somewhere else."""
    audience = _elsewhere(op)[0] if caller is Caller.STRAY else op.api.service
    scopes = [op.scope] if caller is Caller.POSER and op.scope else SCOPES[Role.SERVICE]
    return world.issuer.service("orders", *scopes, audience=audience)


def _elsewhere(op: Operation[..., Any]) -> list[str]:
    return [name for name in SERVICES if name != op.api.service]


def _person(world: World, account: UUID, role: Role) -> dict[str, object]:
    """Say of a person what the users service would; a customer is granted what customers are, and nothing more."""
    return {
        "iss": world.issuer.name,
        "sub": str(account),
        "aud": list(SERVICES),
        "iat": _seconds(0),
        "exp": _seconds(300),
        "jti": uuid4().hex,
        "scope": " ".join(SCOPES[role]),
        "role": role.value,
        "client_id": "shop",
        "gen": 1,
    }


def _signed(key: SigningKey, claims: dict[str, object]) -> str:
    return jwt.encode(claims, key.private, "EdDSA", headers={"kid": key.kid})


def _changed(token: str, wanted: str) -> str:
    """Put what one token says into another, under the other's signature."""
    head, _, signature = token.split(".")
    return ".".join((head, wanted.split(".")[1], signature))


def _seconds(after: int) -> int:
    return int((datetime.now(UTC) + timedelta(seconds=after)).timestamp())
