"""The rules of the service, made of a database and of the peers."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Self

from chassis.database import Database
from chassis.invariants import Invariants
from chassis.loops import Loop
from chassis.paging import Cursors
from chassis.peers import Peers
from chassis.telemetry.metrics import Metrics
from contracts.orders.v2 import Orders
from contracts.users.v2 import Users

from catalog.images import Images
from catalog.invariants import invariants
from catalog.products import Products
from catalog.reservations import Reservations
from catalog.reviews import Reviews

__all__ = ["Counter"]

_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Counter:
    """What handlers ask, and what works behind them."""

    images: Images
    products: Products
    reservations: Reservations
    reviews: Reviews
    invariants: Invariants

    @classmethod
    def open(
        cls,
        database: Database,
        peers: Peers,
        currency: str,
        hold: timedelta,
        cursor_secret: str,
        metrics: Metrics,
    ) -> Self:
        """Put the rules together; pieces are put aside for as long as `hold`."""
        cursors = partial(Cursors, cursor_secret.encode())
        return cls(
            Images(database),
            Products(database, currency, cursors("list_products")),
            Reservations(database, hold, cursors("list_reservations"), metrics),
            Reviews(database, peers.client(Orders), peers.client(Users), cursors("list_reviews")),
            invariants(database, peers.client(Orders), metrics),
        )

    @property
    def rules(self) -> tuple[Images, Products, Reservations, Reviews, Invariants]:
        return self.images, self.products, self.reservations, self.reviews, self.invariants

    def loops(self, every: float, keep: timedelta, checking: float) -> tuple[Loop, ...]:
        """Make what goes on in the background: giving back what expired, forgetting what ended long ago, checking."""
        return (
            Loop("expire_reservations", every, self.reservations.expire),
            Loop("prune_reservations", _HOUR, partial(self.reservations.prune, keep)),
            self.invariants.loop(checking),
        )
