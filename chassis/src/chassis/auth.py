"""Who may call: bearer tokens (RFC 6750) are verified, and scopes are required, as FastAPI dependencies."""

import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import Annotated, NamedTuple, NoReturn

import jwt
from contracts.errors import Forbidden, Unauthenticated
from fastapi import Depends, Request, Security, params
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes
from pydantic import ValidationError

from chassis import context
from chassis.keys import KeySource
from chassis.principals import Principal, Role
from chassis.tokens import ALGORITHM, Claims

__all__ = [
    "Caller",
    "Principal",
    "Role",
    "Verifier",
    "authenticate",
    "authorize",
    "bearer",
    "identify",
    "require_scope",
]

bearer = HTTPBearer(
    bearerFormat="JWT",
    scheme_name="bearer",
    description="An access token from `POST /oauth/token` of the users service.",
    auto_error=False,
)

_REQUIRED = [name for name, field in Claims.model_fields.items() if field.is_required()]


class _Seen(NamedTuple):
    kid: str
    expires: float
    principal: Principal


class Verifier:
    """Tells from a token who is calling; what was verified once is remembered until the token expires."""

    def __init__(
        self,
        keys: KeySource,
        *,
        issuer: str,
        audience: str,
        leeway: float = 30,
        capacity: int = 4096,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Want tokens of this issuer for this audience; clocks may differ by `leeway` seconds."""
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._leeway = leeway
        self._capacity = capacity
        self._clock = clock
        self._seen: OrderedDict[bytes, _Seen] = OrderedDict()

    async def verify(self, token: str) -> Principal:
        """Find out who bears this token, or raise Unauthenticated; Unavailable when no key can be had."""
        digest = sha256(token.encode(errors="replace")).digest()
        seen = self._seen.get(digest) or await self._examine(token)
        if self._clock() >= seen.expires + self._leeway:
            self._seen.pop(digest, None)
            _refuse("The token has expired; get a new one.")
        if await self._keys.get(seen.kid) is None:  # a key that is withdrawn takes its tokens with it
            self._seen.pop(digest, None)
            _refuse("The token is signed with a key that the issuer has withdrawn; get a new one.")
        self._remember(digest, seen)
        return seen.principal

    def _remember(self, digest: bytes, seen: _Seen) -> None:
        self._seen[digest] = seen
        self._seen.move_to_end(digest)
        if len(self._seen) > self._capacity:
            self._seen.popitem(last=False)

    async def _examine(self, token: str) -> _Seen:
        try:
            kid = str(jwt.get_unverified_header(token).get("kid"))
            key = await self._keys.get(kid)
            if key is None:
                _refuse("The token is signed with a key that the issuer does not publish; get a new one.")
            claims = Claims.model_validate(
                jwt.decode(
                    token,
                    key,
                    algorithms=[ALGORITHM],
                    audience=self._audience,
                    issuer=self._issuer,
                    leeway=self._leeway,
                    options={"require": _REQUIRED},
                )
            )
        except jwt.ExpiredSignatureError:
            _refuse("The token has expired; get a new one.")
        except jwt.InvalidAudienceError:
            _refuse(f"The token is for another service and this is {self._audience}; get one for it.")
        except jwt.InvalidIssuerError:
            _refuse(f"The token is from another issuer and {self._issuer} is wanted; get one there.")
        except (jwt.InvalidTokenError, ValidationError):
            _refuse("The token is not one of ours, or was changed; get a new one.")
        return _Seen(kid, claims.exp, claims.principal())


async def authenticate(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]
) -> Principal:
    """Find out who is calling, with the verifier that the application holds."""
    return await _introduce(request.app.state.verifier, credentials.credentials if credentials else None)


async def identify(verifier: Verifier, request: Request) -> Principal:
    """Find out who is calling, as `authenticate` does, where the framework is not there to read the header."""
    sent = next((value for name, value in request.scope["headers"] if name == b"authorization"), b"")
    scheme, _, token = sent.decode("latin-1").partition(" ")
    return await _introduce(verifier, (token.strip() or None) if scheme.lower() == "bearer" else None)


async def _introduce(verifier: Verifier, token: str | None) -> Principal:
    if token is None:
        detail = "This wants an access token and found none; send the header Authorization: Bearer <token>."
        raise Unauthenticated(detail, headers={"WWW-Authenticate": "Bearer"})
    principal = await verifier.verify(token)
    if serving := context.current():
        serving.principal, serving.client_id = principal.id, principal.client_id
    return principal


Caller = Annotated[Principal, Depends(authenticate)]


async def authorize(needed: SecurityScopes, principal: Caller) -> Principal:
    """Let a caller pass who was granted every scope that is asked for here."""
    if not principal.has(*needed.scopes):
        missing = ", ".join(scope for scope in needed.scopes if not principal.has(scope))
        challenge = f'Bearer error="insufficient_scope", scope="{needed.scope_str}"'
        raise Forbidden(f"This wants the scope {missing}.", headers={"WWW-Authenticate": challenge})
    return principal


def require_scope(*scopes: str) -> params.Security:
    """Make the dependency that lets only callers with these scopes pass, and documents them."""
    return Security(authorize, scopes=scopes)


def _refuse(detail: str) -> NoReturn:
    challenge = f'Bearer error="invalid_token", error_description="{detail}"'
    raise Unauthenticated(detail, headers={"WWW-Authenticate": challenge}) from None
