"""Finishing what was left undone: by a crash, by a peer that was out of reach, or by a client that went away."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from uuid import UUID

from contracts.orders.errors import OrderRefused, SessionEnded
from structlog import get_logger

from chassis import context
from orders.backlog import Backlog
from orders.fulfilment import Fulfilment
from orders.returns import Returns
from orders.store.drafts import Draft

__all__ = ["Recovery"]

_log = get_logger(__name__)


class Recovery:
    """Takes up work that is due, each piece on its own: one that fails holds up no other."""

    def __init__(self, backlog: Backlog, fulfilment: Fulfilment, returns: Returns) -> None:
        self._backlog = backlog
        self._fulfilment = fulfilment
        self._returns = returns

    async def run(self) -> None:
        """Do all that is due now."""
        while due := await self._backlog.claim():
            async with asyncio.TaskGroup() as group:
                for draft in due.drafts:
                    group.create_task(self._try(draft.id, self._finish(draft)))
                for order_id in due.releases:
                    group.create_task(self._try(order_id, self._returns.give_back(order_id)))

    async def _finish(self, draft: Draft) -> None:
        with suppress(OrderRefused, SessionEnded):  # nobody waits for the answer: the row says it
            await self._fulfilment.finish(draft)

    async def _try(self, order_id: UUID, doing: Awaitable[None]) -> None:
        with context.begin("recover_order") as work:
            try:
                await doing
            except Exception as failure:  # noqa: BLE001 (whatever it is, it must not hold up the others)
                work.error = type(failure).__name__
                _log.exception("recovery_failed", order_id=order_id)
                await self._backlog.postpone(order_id, failure)
