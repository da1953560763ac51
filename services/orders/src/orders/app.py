"""The orders service, put together."""

from chassis.app import create_app
from chassis.binding import routers
from chassis.database import Database
from chassis.keys import KeySource
from chassis.peers import Peers, published_keys
from chassis.telemetry.catalogue import service_metrics
from fastapi import FastAPI

from orders.desk import Desk
from orders.figures import INSTRUMENTS
from orders.settings import Settings

__all__ = ["ROUTERS", "build"]

ROUTERS = routers("orders.api", "v1", "v2")


def build(settings: Settings, peers: Peers | None = None, keys: KeySource | None = None) -> FastAPI:
    """Make the application; `peers` and `keys` stand in for the world in tests."""
    metrics = service_metrics(*INSTRUMENTS)
    database = Database.open(settings.database_url.get_secret_value(), metrics=metrics)
    peers = peers or Peers.over_http(settings, metrics=metrics)
    desk = Desk.open(database, peers, settings.terms, settings.cursor_secret.get_secret_value(), metrics)
    return create_app(
        settings,
        title="Orders",
        routers=ROUTERS,
        provides=desk.rules,
        database=database,
        migrations="orders/migrations",
        keys=keys or published_keys(peers),
        peers=peers,
        metrics=metrics,
        loops=desk.loops(settings.recovery_seconds, settings.invariants_seconds),
    )
