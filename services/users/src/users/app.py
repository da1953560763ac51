"""The users service, put together."""

from functools import partial

from chassis.app import create_app
from chassis.database import Database
from chassis.keys import JwksKeys, KeySource
from chassis.loops import Loop
from chassis.peers import Peers
from chassis.tokens import ServiceTokens
from contracts.orders.v2 import Orders
from fastapi import FastAPI

from users.accounts import Accounts
from users.api import identity, v1, v2
from users.clients import Clients
from users.closings import Closings
from users.credentials import Credentials
from users.grants import Grants
from users.passwords import Passwords
from users.seeding import Seeding
from users.settings import Settings
from users.signing import Signing

__all__ = ["ROUTERS", "build"]

ROUTERS = (
    v1.router,
    v2.router,
    identity.router,
)


def build(settings: Settings, peers: Peers | None = None, keys: KeySource | None = None) -> FastAPI:
    """Make the application; `peers` and `keys` stand in for the world in tests."""
    database = Database.open(settings.database_url.get_secret_value())
    passwords = Passwords(settings.password_threads)
    accounts = Accounts(database, passwords, settings.cursor_secret.get_secret_value().encode())
    credentials = Credentials(database, passwords)
    signing = Signing(database, settings.issuer, lifetime=settings.token_lifetime, ahead=settings.key_ahead)
    grants = Grants(credentials, Clients(settings.client_secrets), signing)
    seeding = Seeding(accounts, credentials)
    peers = peers or Peers.over_http(settings, ServiceTokens(grants.own).get)
    closings = Closings(database, peers.client(Orders))
    return create_app(
        settings,
        title="Users",
        routers=ROUTERS,
        provides=(accounts, closings, credentials, grants, seeding, signing),
        database=database,
        migrations="users/migrations",
        keys=keys or JwksKeys(signing.published, lifetime=5, cooldown=1),  # of our own tables: nothing goes over HTTP
        peers=peers,
        starting=(signing.prepare, partial(seeding.seed, settings.seeds)),
        loops=(Loop("closings", 60, closings.settle),),
        rates=dict.fromkeys(("issue_token", "change_password"), settings.password_rate),
    )
