"""Following an order: news of this process come at once, those of other processes when the row is read again."""

from asyncio import Event
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID
from weakref import WeakSet

from anyio import create_task_group, move_on_after
from chassis.auth import Principal
from chassis.database import Database
from chassis.health import Health
from contracts.answers import EventStream
from contracts.errors import Unavailable
from contracts.orders.errors import TooManyStreams
from contracts.orders.v2 import OrderEvent, OrderStatus

from orders.ownership import not_found, owner_of
from orders.store import listing
from orders.terms import Terms

__all__ = ["Following"]


@dataclass(eq=False)
class _Feed:
    """One stream: it counts for its reader for as long as something holds it."""

    order_id: UUID
    reader: str
    news: Event = field(default_factory=Event)


class Following:
    """Tells those who follow an order what becomes of it."""

    def __init__(self, database: Database, terms: Terms) -> None:
        self._database = database
        self._terms = terms
        self._feeds = WeakSet[_Feed]()

    def tell(self, order_id: UUID) -> None:
        """Let those who follow this order look at it again."""
        for feed in self._feeds:
            if feed.order_id == order_id:
                feed.news.set()

    async def follow(self, order_id: UUID, caller: Principal, health: Health) -> EventStream[OrderEvent]:
        """Follow an order until it is final, or the service is about to stop."""
        owner = owner_of(caller)
        if await self._database.read(lambda tx: listing.find_order(tx, order_id, owner)) is None:
            raise not_found(order_id)
        held = sum(feed.reader == caller.id for feed in self._feeds)
        if held >= self._terms.streams:
            raise TooManyStreams(
                f"You follow {held} orders, and may follow {self._terms.streams}: close one, and try again."
            )
        feed = _Feed(order_id, caller.id)
        self._feeds.add(feed)
        return EventStream(self._events(feed, health))

    async def _events(self, feed: _Feed, health: Health) -> AsyncIterator[OrderEvent]:
        shown: OrderEvent | None = None
        while shown is None or not (shown.final or health.is_stopping):
            feed.news.clear()  # before looking: what happens while we look is looked at next
            try:
                order = await self._database.read(lambda tx: listing.read_order(tx, feed.order_id))
            except Unavailable:
                return  # who follows may follow again, which is better than half a line
            event = OrderEvent(order=order, final=order.status != OrderStatus.PENDING)
            if event != shown:
                yield event
            shown = event
            if not event.final:
                await _first_of(feed.news.wait, health.stopping, seconds=self._terms.reread)


async def _first_of(*waits: Callable[[], Awaitable[object]], seconds: float) -> None:
    """Wait until one of these is done, or the time is over."""
    with move_on_after(seconds):
        async with create_task_group() as group:

            async def wait(done: Callable[[], Awaitable[object]]) -> None:
                await done()
                group.cancel_scope.cancel()

            for done in waits:
                group.start_soon(wait, done)
