"""Access tokens: what they say, how the issuer signs them, and how a service obtains its own."""

import time
from asyncio import Lock
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Self
from uuid import UUID, uuid4

import jwt
from contracts.errors import ApiError, Unavailable
from pydantic import BaseModel, ConfigDict, Field, model_validator
from structlog import get_logger

from chassis.keys import SigningKey
from chassis.principals import Principal, Role

__all__ = ["ALGORITHM", "Claims", "FetchToken", "ServiceTokens", "Signer"]

ALGORITHM = "EdDSA"

_EARLY = 5
"""A token is renewed when a fifth of its life is left."""

_log = get_logger(__name__)

FetchToken = Callable[[str], Awaitable[tuple[str, float]]]
"""Asks the issuer for a token for one resource (an audience); returns it with the seconds it lives."""

Text = Annotated[str, Field(min_length=1, max_length=200, strict=True)]
Whole = Annotated[int, Field(ge=0, strict=True)]


class Claims(BaseModel):
    """What an access token says (RFC 9068, with `role`, and with `gen`, which ends an account's older sessions)."""

    model_config = ConfigDict(frozen=True)

    iss: Text
    sub: Text
    aud: list[Text]
    exp: Whole
    iat: Whole
    jti: Text
    scope: str
    role: Role
    client_id: Text
    gen: Whole | None = None

    @model_validator(mode="after")
    def _know_the_account(self) -> Self:
        if self.role is not Role.SERVICE:
            UUID(self.sub)
            if self.gen is None:
                raise ValueError("a person's token says the generation of its account")
        return self

    def principal(self) -> Principal:
        return Principal(
            id=self.sub,
            role=self.role,
            scopes=frozenset(self.scope.split()),
            client_id=self.client_id,
            generation=self.gen,
        )


class Signer:
    """Makes tokens; only the issuer has one."""

    def __init__(self, key: SigningKey, issuer: str) -> None:
        self._key = key
        self._issuer = issuer

    def sign(self, principal: Principal, *, audience: Sequence[str], lifetime: timedelta) -> str:
        """Make a token for a caller, good for these services from now on."""
        now = datetime.now(UTC)
        claims = Claims(
            iss=self._issuer,
            sub=principal.id,
            aud=list(audience),
            exp=int((now + lifetime).timestamp()),
            iat=int(now.timestamp()),
            jti=uuid4().hex,
            scope=" ".join(sorted(principal.scopes)),
            role=principal.role,
            client_id=principal.client_id,
            gen=principal.generation,
        )
        body = claims.model_dump(mode="json", exclude_none=True)
        return jwt.encode(body, self._key.private, ALGORITHM, headers={"kid": self._key.kid})


@dataclass(slots=True)
class _Held:
    """One resource's token, and when to ask for the next."""

    token: str = ""
    expires: float = float("-inf")
    renew: float = float("-inf")
    asking: Lock = field(default_factory=Lock)


class ServiceTokens:
    """This service's own tokens, one for each service that it calls, renewed before they expire.

    One request at a time asks for a resource's token; while the old one lives the others go on with it,
    also when the issuer cannot be reached.
    """

    def __init__(self, fetch: FetchToken, *, cooldown: float = 1, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._cooldown = cooldown
        self._clock = clock
        self._held: defaultdict[str, _Held] = defaultdict(_Held)

    async def get(self, resource: str) -> str:
        """Find a living token for a resource, or raise Unavailable when the issuer gives none."""
        held = self._held[resource]
        if self._is_due(held) and not (self._lives(held) and held.asking.locked()):
            async with held.asking:
                if self._is_due(held):
                    await self._renew(resource, held)
        if not self._lives(held):
            raise Unavailable(f"No token for {resource} can be had now; try again.", retry_after=self._cooldown)
        return held.token

    async def _renew(self, resource: str, held: _Held) -> None:
        try:
            held.token, lifetime = await self._fetch(resource)
        except ApiError as refused:
            held.renew = self._clock() + self._cooldown
            _log.warning("token_not_renewed", resource=resource, error=type(refused).__name__)
        else:
            held.expires = self._clock() + lifetime
            held.renew = held.expires - lifetime / _EARLY

    def _is_due(self, held: _Held) -> bool:
        return self._clock() >= held.renew

    def _lives(self, held: _Held) -> bool:
        return self._clock() < held.expires
