"""The rules of the users service, put together."""

from chassis.database import Database
from chassis.keys import JwksKeys
from chassis.telemetry.metrics import Metrics
from chassis.tokens import ServiceTokens

from users.accounts import Accounts
from users.clients import Clients
from users.credentials import Credentials
from users.grants import Grants
from users.invariants import invariants
from users.passwords import Passwords
from users.seeding import Seeding
from users.signing import Signing
from users.terms import Terms

__all__ = ["Office"]


class Office:
    """All rules that need no other service."""

    def __init__(self, database: Database, terms: Terms, metrics: Metrics | None = None) -> None:
        metrics = metrics or Metrics()
        passwords = Passwords(terms.password_threads, terms.password_memory_kib)
        self._seed_password = terms.seed_password
        self._accounts = Accounts(database, passwords, terms.cursor_secret)
        self._credentials = Credentials(database, passwords)
        self._signing = Signing(database, terms.issuer, lifetime=terms.token_lifetime, ahead=terms.key_ahead)
        self._grants = Grants(self._credentials, Clients(terms.client_secrets), self._signing, metrics)
        self._seeding = Seeding(self._accounts, self._credentials)
        self.checks = invariants(database, metrics)
        self.own_tokens = ServiceTokens(self._grants.own)
        self.keys = JwksKeys(self._signing.published, lifetime=5, cooldown=1)  # of our own tables, so they may be fresh

    @property
    def rules(self) -> tuple[object, ...]:
        """What handlers and chores may ask for."""
        return (self._accounts, self._credentials, self._grants, self._seeding, self._signing, self.checks)

    async def start(self) -> None:
        """Make what must be there before the first request: a key to sign with, and the seeded accounts."""
        await self._signing.prepare()
        await self._seeding.seed(self._seed_password)
