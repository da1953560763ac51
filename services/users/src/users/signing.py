"""Signing: the keys of all replicas lie in the database, and one takes over from another without a gap."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from chassis.auth import Principal
from chassis.database import Database
from chassis.keys import SigningKey
from chassis.tokens import Signer
from contracts.errors import Unavailable
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from users.store import keys as store

__all__ = ["Signing"]

_LEEWAY = timedelta(seconds=60)  # for verifiers whose clocks differ


class Signing:
    """Signs tokens with the newest key whose time has come."""

    def __init__(self, database: Database, issuer: str, *, lifetime: timedelta, ahead: timedelta) -> None:
        """Tokens live for `lifetime`; a new key is published for `ahead` before it signs, so that all know it then."""
        self._database = database
        self._issuer = issuer
        self._ahead = ahead
        self.lifetime = lifetime

    async def prepare(self) -> None:
        """Make the first key, unless there is one."""
        if await self._database.read(store.find_signing) is None:
            first = SigningKey.generate()
            with suppress(IntegrityError):  # another replica made it at the same time
                await self._database.write(lambda tx: _begin(tx, first))

    async def rotate(self) -> str:
        """Publish a new key and let it take over from the others; return its name."""
        key = SigningKey.generate()
        await self._database.write(lambda tx: self._succeed(tx, key))
        return key.kid

    async def published(self) -> Sequence[Mapping[str, str]]:
        """List the public keys whose signatures count, as JSON Web Keys."""
        pems = await self._database.read(store.list_published)
        return [SigningKey.from_pem(pem).public.model_dump() for pem in pems]

    async def sign(self, principal: Principal, audience: Sequence[str]) -> str:
        """Make a token for a caller at these services."""
        pem = await self._database.read(store.find_signing)
        if pem is None:
            raise Unavailable("There is no key to sign with; start the service, which makes one.")
        return Signer(SigningKey.from_pem(pem), self._issuer).sign(principal, audience=audience, lifetime=self.lifetime)

    def _succeed(self, tx: Connection, key: SigningKey) -> None:
        store.prune(tx)
        store.retire(tx, self._ahead + self.lifetime + _LEEWAY)
        store.add_next(tx, key.kid, key.pem(), self._ahead)


def _begin(tx: Connection, first: SigningKey) -> None:
    if store.find_signing(tx) is None:
        store.add_first(tx, first.kid, first.pem())
