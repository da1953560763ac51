"""Beside the versions: access tokens (RFC 6749, RFC 8707), and the keys that check them (RFC 7517)."""

from typing import Annotated, TypeAlias

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from contracts.dialect import OAUTH
from contracts.operation import Api, operation
from contracts.places import Form
from contracts.users.errors import InvalidClient, InvalidGrant, InvalidScope, InvalidTarget, UnsupportedGrantType
from contracts.wire import Request, Response

__all__ = ["Identity", "Jwk", "KeySet", "Token", "TokenRequest"]

Word: TypeAlias = Annotated[str, Field(max_length=254, pattern=r"^[^\x00]*$")]
ClientId: TypeAlias = Annotated[str, Field(min_length=1, max_length=100, pattern="^[!-~]+$")]

_JWK: JsonDict = {  # of RFC 8037, appendix A
    "kty": "OKP",
    "crv": "Ed25519",
    "use": "sig",
    "alg": "EdDSA",
    "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}


class TokenRequest(Request):
    """What a token is wanted for; parameters that it does not name are ignored (RFC 6749 3.2)."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {
                    "grant_type": "password",
                    "username": "ada@example.com",
                    "password": "correct horse battery staple",
                }
            ]
        },
    )

    grant_type: Annotated[str, Field(max_length=100, description="`password` or `client_credentials`")]
    username: Annotated[Word | None, Field(description="The account's email address, for `password`")] = None
    password: Annotated[str | None, Field(max_length=128, repr=False, description="For `password`")] = None
    scope: Annotated[
        str | None,
        Field(
            max_length=1000,
            description="The scopes that are wanted, with blanks between; all that can be had if absent",
        ),
    ] = None
    client_id: Annotated[ClientId | None, Field(description="Who asks; or by HTTP Basic")] = None
    client_secret: Annotated[str | None, Field(max_length=254, repr=False, description="Or by HTTP Basic")] = None
    resource: Annotated[
        Word | None, Field(description="The service that the token is for; `client_credentials` needs it")
    ] = None


class Token(Response):
    """An access token, and what it is good for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "access_token": "eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl",
                    "token_type": "Bearer",
                    "expires_in": 900,
                    "scope": "orders:read orders:write users:read users:write",
                }
            ]
        }
    )

    access_token: Annotated[str, Field(max_length=4000, repr=False)]
    token_type: Annotated[str, Field(max_length=20, description="Always `Bearer` (RFC 6750)")]
    expires_in: Annotated[int, Field(strict=True, ge=1, le=86400, description="Seconds")]
    scope: Annotated[str, Field(max_length=1000, description="The scopes that were granted, with blanks between")]


class Jwk(Response):
    """A public key (RFC 8037); pass over those whose `kty`, `crv` or `alg` you do not know."""

    model_config = ConfigDict(json_schema_extra={"examples": [_JWK]})

    kty: Annotated[str, Field(max_length=20)]
    crv: Annotated[str, Field(max_length=20)]
    use: Annotated[str, Field(max_length=20)]
    alg: Annotated[str, Field(max_length=20)]
    kid: Annotated[str, Field(max_length=100, description="The key's thumbprint (RFC 7638); tokens name it")]
    x: Annotated[str, Field(max_length=100, description="The key itself, as base64url")]


class KeySet(Response):
    """The keys whose signatures are good now; one that will sign soon is among them already."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"keys": [_JWK]}]})

    keys: Annotated[list[Jwk], Field(max_length=100)]


class Identity(Api, service="users", version="identity", dialect=OAUTH):
    """Who is who: tokens, and the keys that check them."""

    @operation(
        "POST",
        "/oauth/token",
        errors=(InvalidGrant, InvalidClient, UnsupportedGrantType, InvalidScope, InvalidTarget),
        limited=True,
        idempotent=True,
    )
    async def issue_token(self, form: Annotated[TokenRequest, Form()]) -> Token:
        """Get an access token.

        People send `grant_type=password` with `username` and `password`; their token is good for all services, or for
        one `resource` only. Services send `grant_type=client_credentials` with the `resource` that they want to call,
        and say who they are by HTTP Basic or by `client_id` and `client_secret`.
        """
        ...

    @operation("GET", "/.well-known/jwks.json", cache="public, max-age=30")
    async def get_keys(self) -> KeySet:
        """Fetch the public keys that check tokens.

        A new key is published before it signs; fetch again when a token names a key that you do not know, but not more
        often than every few seconds.
        """
        ...
