"""The catalog service, put together."""

from functools import partial

from chassis.app import create_app
from chassis.binding import routers
from chassis.database import Database
from chassis.keys import KeySource
from chassis.peers import Peers, published_keys
from chassis.telemetry.catalogue import service_metrics
from fastapi import FastAPI

from catalog.counter import Counter
from catalog.figures import INSTRUMENTS
from catalog.seeding import Seeding
from catalog.settings import Settings

__all__ = ["ROUTERS", "build"]

ROUTERS = routers("catalog.api", "v1", "v2")


def build(settings: Settings, peers: Peers | None = None, keys: KeySource | None = None) -> FastAPI:
    """Make the application; `peers` and `keys` stand in for the world in tests."""
    metrics = service_metrics(*INSTRUMENTS)
    database = Database.open(settings.database_url.get_secret_value(), metrics=metrics)
    peers = peers or Peers.over_http(settings, metrics=metrics)
    secret = settings.cursor_secret.get_secret_value()
    counter = Counter.open(database, peers, settings.currency, settings.hold, secret, metrics)
    return create_app(
        settings,
        title="Catalog",
        routers=ROUTERS,
        provides=counter.rules,
        database=database,
        migrations="catalog/migrations",
        keys=keys or published_keys(peers),
        peers=peers,
        metrics=metrics,
        starting=(partial(Seeding(database, settings.currency).seed, settings.seeds),),
        loops=counter.loops(settings.expiry_every_seconds, settings.keep, settings.invariants_seconds),
    )
