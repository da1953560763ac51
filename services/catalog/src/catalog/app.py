"""The catalog service, put together."""

from functools import partial

from chassis.app import create_app
from chassis.database import Database
from chassis.keys import KeySource
from chassis.loops import Loop
from chassis.paging import Cursors
from chassis.peers import Peers, published_keys
from contracts.orders.v2 import Orders
from contracts.users.v2 import Users
from fastapi import FastAPI

from catalog.api import v1, v2
from catalog.images import Images
from catalog.products import Products
from catalog.reservations import Reservations
from catalog.reviews import Reviews
from catalog.seeding import Seeding
from catalog.settings import Settings

__all__ = ["ROUTERS", "build"]

ROUTERS = (
    v1.router,
    v2.router,
)

_HOUR = 3600.0


def build(settings: Settings, peers: Peers | None = None, keys: KeySource | None = None) -> FastAPI:
    """Make the application; `peers` and `keys` stand in for the world in tests."""
    database = Database.open(settings.database_url.get_secret_value())
    peers = peers or Peers.over_http(settings)
    cursors = partial(Cursors, settings.cursor_secret.get_secret_value().encode())
    reservations = Reservations(database, settings.hold, cursors("list_reservations"))
    reviews = Reviews(database, peers.client(Orders), peers.client(Users), cursors("list_reviews"))
    products = Products(database, settings.currency, cursors("list_products"))
    return create_app(
        settings,
        title="Catalog",
        routers=ROUTERS,
        provides=(products, reservations, reviews, Images(database)),
        database=database,
        migrations="catalog/migrations",
        keys=keys or published_keys(peers),
        peers=peers,
        starting=(partial(Seeding(database, settings.currency).seed, settings.seeds),),
        loops=(
            Loop("expire_reservations", settings.expiry_every_seconds, reservations.expire),
            Loop("prune_reservations", _HOUR, partial(reservations.prune, settings.keep)),
        ),
    )
