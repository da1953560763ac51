"""Giving back the stock of orders that came to nothing."""

from uuid import UUID

from chassis.database import Database
from contracts.catalog.v2 import Catalog
from contracts.errors import NoAnswer

from orders.backlog import Backlog
from orders.readers import Released
from orders.store import settling

__all__ = ["Returns"]


class Returns:
    """Gives stock back at once where it can; the order's row remembers it where it cannot."""

    def __init__(self, database: Database, catalog: Catalog, backlog: Backlog) -> None:
        self._database = database
        self._catalog = catalog
        self._backlog = backlog

    async def give_back(self, order_id: UUID) -> None:
        """Give an order's stock back, held or sold; done twice it changes nothing."""
        try:
            await self._catalog.release_reservation.as_(Released)(order_id)
        except NoAnswer as failure:
            await self._backlog.postpone(order_id, failure)
        else:
            await self._database.write(lambda tx: settling.released(tx, order_id))
