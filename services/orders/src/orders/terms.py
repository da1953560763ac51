"""The terms on which the service works."""

from dataclasses import dataclass
from datetime import timedelta

from orders.store.work import Backoff

__all__ = ["Terms"]


@dataclass(frozen=True, slots=True)
class Terms:
    """How long things may take, and how many of them there may be."""

    lease: timedelta
    """For how long who sets out to finish an order has it alone."""
    backoff: Backoff
    """What follows when that fails."""
    patience: float
    """Seconds to wait for what other services know of an order that is shown."""
    streams: int
    """How many orders one caller may follow at once."""
    reread: float
    """Seconds without news after which a stream looks at its order again."""
    pending: timedelta
    """For how long an order may be pending, unless it is parked."""
