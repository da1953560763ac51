"""What is still to be done for orders, kept in their rows, so that it outlives every process."""

from datetime import timedelta
from uuid import UUID

from chassis.database import Database
from chassis.telemetry.metrics import Metrics
from contracts.errors import Unavailable
from structlog import get_logger

from orders.figures import OPEN, WAITING
from orders.store import work
from orders.store.work import Burden, Due, Parked
from orders.terms import Terms

__all__ = ["Backlog", "show_backlog"]

_BATCH = 20

_log = get_logger(__name__)


class Backlog:
    """Hands out work that is due, and takes back what failed."""

    def __init__(self, database: Database, terms: Terms) -> None:
        self._database = database
        self._terms = terms

    @property
    def lease(self) -> timedelta:
        """For how long who sets out to finish an order has it alone."""
        return self._terms.lease

    async def claim(self) -> Due:
        """Take some work that is due; what its taker does not finish within the lease is due again."""
        if not await self._database.read(work.is_due):
            return Due()  # and so no write when there is nothing to do, which is nearly always
        return await self._database.write(lambda tx: work.claim_due(tx, self._terms.lease, _BATCH))

    async def postpone(self, order_id: UUID, failure: Exception) -> None:
        """Try again later, or park what has failed too often."""
        said = f"{type(failure).__name__}: {failure}"
        is_parked = await self._database.write(lambda tx: work.postpone(tx, order_id, said, self._terms.backoff))
        if is_parked:
            _log.error("order_parked", order_id=order_id, reason=said)  # an alert: nobody tries it again by himself
        elif is_parked is not None:
            _log.warning("order_postponed", order_id=order_id, reason=said)

    async def burden(self) -> Burden:
        """Count what is left to be done."""
        return await self._database.read(work.weigh)

    async def parked(self) -> list[Parked]:
        """List what was given up for now."""
        return await self._database.read(work.list_parked)

    async def replay(self) -> int:
        """Make all parked orders due again; count them."""
        return await self._database.write(work.replay)

    async def prune(self) -> None:
        """Forget idempotency keys whose time is over."""
        await self._database.write(work.prune_keys)


def show_backlog(backlog: Backlog, metrics: Metrics) -> None:
    """Show how much is left to be done whenever somebody asks; nothing while the database cannot say."""
    orders, waiting = metrics.level(OPEN), metrics.level(WAITING)

    async def look() -> None:
        try:
            burden = await backlog.burden()
        except Unavailable:
            return
        finally:  # and not before: somebody else may show them meanwhile
            orders.clear()
            waiting.clear()
        orders.set(burden.pending, "pending")
        orders.set(burden.parked, "parked")
        waiting.set(burden.seconds)

    metrics.look(look)
