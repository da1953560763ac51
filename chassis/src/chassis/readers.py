"""What every service reads of the issuer's answers: its own tokens, and the keys that check everybody's."""

from contracts.reader import Reader
from contracts.users.identity import Identity, Jwk, KeySet, Token
from pydantic import StrictInt

__all__ = ["OwnToken", "PublishedKeys"]


class OwnToken(Reader, of=Token, consumer="chassis", op=Identity.issue_token):
    """A token, and how long it is good for."""

    access_token: str
    expires_in: StrictInt


class PublishedKey(Reader, of=Jwk):
    """A key; those of other kinds are told apart and passed over."""

    kty: str
    crv: str
    use: str
    alg: str
    kid: str
    x: str


class PublishedKeys(Reader, of=KeySet, consumer="chassis", op=Identity.get_keys):
    """The keys whose signatures are good now."""

    keys: list[PublishedKey]
