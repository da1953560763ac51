"""Keys that sign tokens and keys that check them: Ed25519, named by their thumbprint."""

import time
from asyncio import Lock
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Literal, Protocol, Self

from contracts.errors import ApiError, Unavailable
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from pydantic import BaseModel
from structlog import get_logger

__all__ = ["FetchKeys", "JwksKeys", "KeySource", "LocalKeys", "PublicJwk", "SigningKey"]

FetchKeys = Callable[[], Awaitable[Iterable[Mapping[str, object]]]]
"""Gets the members of the issuer's key set, as JSON objects; raises an ApiError when it cannot."""

_log = get_logger(__name__)


class PublicJwk(BaseModel):
    """A public key as RFC 8037 writes it in a JSON Web Key Set."""

    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    use: Literal["sig"] = "sig"
    alg: Literal["EdDSA"] = "EdDSA"
    kid: str
    x: str

    @classmethod
    def of(cls, key: Ed25519PublicKey) -> Self:
        """Write a key, named by its thumbprint (RFC 7638), so that one key has one name everywhere."""
        x = _encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw))
        thumbprint = sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest()
        return cls(kid=_encode(thumbprint), x=x)

    def key(self) -> Ed25519PublicKey:
        return _decode(self.x)


@dataclass(frozen=True)
class SigningKey:
    """A private key; what it says of itself leaves the secret out."""

    kid: str
    public: PublicJwk
    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        return cls._of(Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: str) -> Self:
        key = load_pem_private_key(pem.encode(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"A signing key wants to be Ed25519 and was {type(key).__name__}; make one anew.")
        return cls._of(key)

    def pem(self) -> str:
        """Write the key for safe keeping (PKCS #8)."""
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    @classmethod
    def _of(cls, private: Ed25519PrivateKey) -> Self:
        public = PublicJwk.of(private.public_key())
        return cls(public.kid, public, private)


class KeySource(Protocol):
    """Where a verifier finds the key that a token names."""

    async def get(self, kid: str) -> Ed25519PublicKey | None:
        """Find a key, or None when there is no such key; raise Unavailable when nobody can say."""
        ...


class LocalKeys:
    """The keys of the service that signs, read anew whenever a name is unknown."""

    def __init__(self, read: Callable[[], Iterable[PublicJwk]]) -> None:
        self._read = read

    async def get(self, kid: str) -> Ed25519PublicKey | None:
        return next((jwk.key() for jwk in self._read() if jwk.kid == kid), None)


class JwksKeys:
    """The issuer's published keys, fetched when needed and kept while the issuer cannot be reached.

    An unknown name causes a fetch, but never two at once and never two within the cooldown: otherwise
    whoever invents names could make this service flood the issuer. An issuer should therefore publish
    a new key for longer than the cooldown before it signs with it. After a fetch that failed the next one
    comes sooner: who has no keys yet refuses everybody, and should not do so long after the issuer is back.
    """

    def __init__(
        self,
        fetch: FetchKeys,
        *,
        lifetime: float = 300,
        cooldown: float = 5,
        retry: float = 0.5,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._lifetime = lifetime
        self._cooldown = cooldown
        self._retry = retry
        self._clock = clock
        self._keys: dict[str, Ed25519PublicKey] = {}
        self._fetched = float("-inf")
        self._tried = float("-inf")
        self._is_reached = False
        self._fetching = Lock()

    async def get(self, kid: str) -> Ed25519PublicKey | None:
        if not self._may_serve(kid):
            async with self._fetching:
                if self._is_due(kid):
                    await self._refresh()
        if kid not in self._keys and not self._is_reached:
            raise Unavailable("The issuer's keys cannot be fetched now; try again.", retry_after=self._retry)
        return self._keys.get(kid)

    def _may_serve(self, kid: str) -> bool:
        """Say whether to answer at once: a known key never waits for a refresh that another request makes."""
        return not self._is_due(kid) or (kid in self._keys and self._fetching.locked())

    def _is_due(self, kid: str) -> bool:
        now = self._clock()
        is_wanted = kid not in self._keys or now - self._fetched >= self._lifetime
        return is_wanted and now - self._tried >= (self._cooldown if self._is_reached else self._retry)

    async def _refresh(self) -> None:
        try:
            self._keys = dict(_usable(await self._fetch()))
        except ApiError as refused:
            self._is_reached = False
            _log.warning("keys_not_fetched", error=type(refused).__name__, known=len(self._keys))
        else:
            self._is_reached = True
            self._fetched = self._clock()
        self._tried = self._clock()


def _usable(jwks: Iterable[Mapping[str, object]]) -> Iterable[tuple[str, Ed25519PublicKey]]:
    """Read the keys that are for us; RFC 7517 wants members of other kinds to be passed over."""
    for jwk in jwks:
        try:
            public = PublicJwk.model_validate(jwk)
            yield public.kid, public.key()
        except ValueError:
            continue


@lru_cache(maxsize=64)
def _decode(x: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(x + "=="))


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
