"""The users service, put together."""

from chassis.app import create_app
from chassis.binding import routers
from chassis.database import Database
from chassis.keys import KeySource
from chassis.loops import Loop
from chassis.peers import Peers
from chassis.telemetry.catalogue import service_metrics
from contracts.orders.v2 import Orders
from fastapi import FastAPI

from users.closings import Closings
from users.figures import INSTRUMENTS
from users.office import Office
from users.settings import Settings

__all__ = ["ROUTERS", "build"]

ROUTERS = routers("users.api", "v1", "v2", "identity")


def build(settings: Settings, peers: Peers | None = None, keys: KeySource | None = None) -> FastAPI:
    """Make the application; `peers` and `keys` stand in for the world in tests."""
    metrics = service_metrics(*INSTRUMENTS)
    database = Database.open(settings.database_url.get_secret_value(), metrics=metrics)
    office = Office(database, settings.terms, metrics)
    peers = peers or Peers.over_http(settings, office.own_tokens.get, metrics)
    closings = Closings(database, peers.client(Orders))
    return create_app(
        settings,
        title="Users",
        routers=ROUTERS,
        provides=(*office.rules, closings),
        database=database,
        migrations="users/migrations",
        keys=keys or office.keys,
        peers=peers,
        metrics=metrics,
        starting=(office.start,),
        loops=(Loop("closings", 60, closings.settle), office.checks.loop(settings.invariants_seconds)),
        rates=settings.rates,
    )
