"""What is broken in an integration run, and which alerts tell of it: each alert at least once."""

from dataclasses import dataclass
from functools import partial

from .breaking import Broken, all_of, changed, crowded, dead, locked, missing, parked, stammering, unheard

__all__ = ["KILLS", "STRAINS", "Break"]


@dataclass(frozen=True)
class Break:
    """What is wrong at one time, and the alerts that must tell of it."""

    name: str
    broken: Broken
    alerts: frozenset[str]


KILLS = (
    Break("users", partial(dead, service="users", told="ServiceGone"), frozenset({"ServiceGone"})),
    Break("orders", partial(dead, service="orders", told="ServiceGone"), frozenset({"ServiceGone"})),
    Break("edge", partial(dead, service="edge"), frozenset({"TargetDown"})),
    Break(
        "catalog",
        parked,
        frozenset({"ServiceGone", "PeerLeftAlone", "OrdersParked", "OrderPendingTooLong", "InvariantUnknown"}),
    ),
    Break("database", partial(dead, service="database", told="NotReady"), frozenset({"NotReady"})),
)
"""Each container that customers need, killed."""

STRAINS = (
    Break(
        "a table that many want is locked, an order is as no code leaves it, nobody counts or collects",
        all_of(
            crowded,
            partial(locked, service="catalog", table="products"),
            partial(changed, wrong="total_cents = total_cents + 1", right="total_cents = total_cents - 1"),
            partial(dead, service="limits", told="RateLimitsUncounted"),
            unheard,
        ),
        frozenset(
            {
                "DatabaseQueues",
                "InvariantViolated",
                "RateLimitsUncounted",
                "SlownessBurnFast",
                "SlownessBurnSlowly",
                "TelemetryDropped",
            }
        ),
    ),
    Break(
        "a table that is not there, and a service that hardly gets a processor",
        all_of(partial(missing, service="catalog", table="reservations"), partial(stammering, service="users")),
        frozenset({"ErrorsLogged", "EventLoopLags", "FailuresBurnFast", "FailuresBurnSlowly", "LoopFails"}),
    ),
)
"""What goes wrong while everything that customers need runs."""
