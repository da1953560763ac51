"""What must always hold of orders."""

from datetime import timedelta

from chassis.database import Database
from chassis.invariants import Invariant, Invariants
from chassis.telemetry.metrics import Metrics
from contracts.catalog.v2 import Catalog

from orders.sales import Sales
from orders.store import invariants as store

__all__ = ["invariants"]

_GRACE = timedelta(minutes=5)  # for whoever looks for work that is due


def invariants(database: Database, catalog: Catalog, pending: timedelta, metrics: Metrics) -> Invariants:
    """Make the invariants of orders, which may be pending for so long; the last one asks catalog."""
    return Invariants(
        Invariant.of("total_is_the_sum_of_lines", database, store.find_wrong_totals),
        Invariant.of("no_order_is_pending_too_long", database, lambda tx: store.find_overlong(tx, pending)),
        Invariant.of("work_that_is_due_is_taken_up", database, lambda tx: store.find_forgotten(tx, _GRACE)),
        Invariant.of("each_key_has_one_order", database, store.find_miskeyed),
        Invariant("confirmed_orders_are_sold", Sales(database, catalog).find_unsold),
        metrics=metrics,
    )
