"""Beside the versions: tokens, and the keys that check them."""

import re
from base64 import b64decode
from typing import Annotated
from urllib.parse import unquote_plus

from chassis.binding import ApiRouter, implements
from chassis.providing import provided
from contracts.dialect import InvalidRequest
from contracts.places import Form
from contracts.users.identity import Identity, Jwk, KeySet, Token, TokenRequest
from fastapi import Depends, Request

from users.clients import Proof, refuse_client
from users.grants import Grants
from users.signing import Signing

__all__ = ["router"]

_BASIC = re.compile(r"basic +([A-Za-z0-9+/=]{1,600}) *", re.IGNORECASE)

router = ApiRouter(Identity)


async def _read_basic(request: Request) -> Proof | None:
    """Read what a client says of itself by HTTP Basic (RFC 6749 2.3.1); both parts are form-encoded within it."""
    header = request.headers.get("authorization", "")
    if not header.lower().startswith("basic"):
        return None
    sent = _BASIC.fullmatch(header)
    try:
        client_id, _, secret = b64decode(sent[1] if sent else "?", validate=True).decode().partition(":")
    except ValueError:
        refuse_client("`Authorization: Basic` should hold base64 of `client_id:client_secret`; it does not.")
    return Proof(unquote_plus(client_id), unquote_plus(secret))


async def _want_each_once(request: Request) -> None:
    """Refuse a form that sends a parameter twice (RFC 6749 3.2), of which one would be dropped unseen."""
    names = [name for name, _ in (await request.form()).multi_items()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidRequest(f"Each parameter may be sent once, and {', '.join(twice)} came more often.")


Basic = Annotated[Proof | None, Depends(_read_basic)]
EachOnce = Annotated[None, Depends(_want_each_once)]


@implements(router, Identity.issue_token)
async def issue_token(
    form: Annotated[TokenRequest, Form()],
    basic: Basic,
    each_once: EachOnce,
    grants: Annotated[Grants, provided(Grants)],
) -> Token:
    if basic and form.client_secret is not None:
        raise InvalidRequest("A client proves who it is in one way: by HTTP Basic or by `client_secret`, not by both.")
    return await grants.grant(form, basic or Proof(form.client_id, form.client_secret))


@implements(router, Identity.get_keys)
async def get_keys(signing: Annotated[Signing, provided(Signing)]) -> KeySet:
    return KeySet(keys=[Jwk.model_validate(jwk) for jwk in await signing.published()])
