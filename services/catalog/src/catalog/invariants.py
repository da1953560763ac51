"""What must always hold in the catalog."""

from datetime import timedelta

from chassis.database import Database
from chassis.invariants import Invariant, Invariants
from chassis.telemetry.metrics import Metrics
from contracts.orders.v2 import Orders

from catalog.belonging import Belonging
from catalog.store import invariants as store

__all__ = ["invariants"]

_GRACE = timedelta(minutes=5)  # for whoever gives back what has expired


def invariants(database: Database, orders: Orders, metrics: Metrics) -> Invariants:
    """Make the invariants of the catalog; the last one asks orders."""
    return Invariants(
        Invariant.of("on_hand_is_available_and_reserved", database, store.find_unbalanced),
        Invariant.of("reserved_is_what_reservations_hold", database, store.find_miscounted),
        Invariant.of("reservations_expire_in_time", database, lambda tx: store.find_overdue(tx, _GRACE)),
        Invariant("reservations_belong_to_orders", Belonging(database, orders).find_orphans),
        metrics=metrics,
    )
