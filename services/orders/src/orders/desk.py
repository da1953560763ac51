"""The rules of the service, made of a database and of the peers."""

from dataclasses import dataclass
from typing import Self

from chassis.database import Database
from chassis.invariants import Invariants
from chassis.loops import Loop
from chassis.peers import Peers
from chassis.telemetry.metrics import Metrics
from contracts.catalog.v2 import Catalog
from contracts.users.v2 import Users

from orders.backlog import Backlog, show_backlog
from orders.cancelling import Cancelling
from orders.following import Following
from orders.fulfilment import Fulfilment
from orders.invariants import invariants
from orders.placing import Placing
from orders.reading import Reading
from orders.recovery import Recovery
from orders.returns import Returns
from orders.terms import Terms
from orders.viewing import Viewing

__all__ = ["Desk"]

_PRUNING = 3600.0  # seconds


@dataclass(frozen=True, slots=True)
class Desk:
    """What handlers ask, and what works behind them."""

    rules: tuple[Cancelling, Following, Placing, Reading, Viewing, Invariants]
    backlog: Backlog
    recovery: Recovery
    invariants: Invariants

    @classmethod
    def open(cls, database: Database, peers: Peers, terms: Terms, cursor_secret: str, metrics: Metrics) -> Self:
        """Put the rules together."""
        users, catalog = peers.client(Users), peers.client(Catalog)
        backlog = Backlog(database, terms)
        show_backlog(backlog, metrics)
        following = Following(database, terms)
        returns = Returns(database, catalog, backlog)
        fulfilment = Fulfilment(database, users, catalog, backlog, returns, following, metrics)
        checks = invariants(database, catalog, terms.pending, metrics)
        rules = (
            Cancelling(database, returns, following, terms, metrics),
            following,
            Placing(database, fulfilment, terms, metrics),
            Reading(database, cursor_secret.encode()),
            Viewing(users, catalog, terms.patience),
            checks,
        )
        return cls(rules, backlog, Recovery(backlog, fulfilment, returns), checks)

    def loops(self, seconds: float, checking: float) -> tuple[Loop, ...]:
        """Make what goes on in the background; work that waits is looked for every so many seconds."""
        return (
            Loop("recovery", seconds, self.recovery.run),
            Loop("pruning", _PRUNING, self.backlog.prune),
            self.invariants.loop(checking),
        )
