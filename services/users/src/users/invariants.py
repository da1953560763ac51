"""What must always hold of accounts."""

from datetime import timedelta

from chassis.database import Database
from chassis.invariants import Invariant, Invariants
from chassis.telemetry.metrics import Metrics

from users.store import closings

__all__ = ["invariants"]

_GRACE = timedelta(minutes=10)  # for whoever finishes or takes back what a crash left behind


def invariants(database: Database, metrics: Metrics) -> Invariants:
    """Make the invariants of accounts; what one row says is checked by its table."""
    return Invariants(
        Invariant.of(
            "closings_end",
            database,
            lambda tx: [account.id for account in closings.list_stale(tx, _GRACE)],
        ),
        metrics=metrics,
    )
