"""A line to another service: few calls at a time, repeated where that is safe, cut off while the service is broken."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from contracts.answers import Answer
from contracts.errors import Unreachable
from contracts.operation import Operation, Transport

from chassis.breaker import Breaker, Tolerance
from chassis.bulkhead import Bulkhead
from chassis.context import hurry, remaining
from chassis.retries import RetryBudget, is_repeatable, pauses

__all__ = ["Line", "Terms"]


@dataclass(frozen=True, slots=True)
class Terms:
    """The numbers of a line: seconds for a call with all its attempts, calls at a time, how many may be repeated."""

    patience: float = 2.0
    calls: int = 50
    repeated: float = 0.1
    tolerance: Tolerance = field(default_factory=Tolerance)


class Line:
    """Sends calls to one service.

    A call is repeated only where nothing at all was heard of it: an answer, a bad one too, is left to whoever asked.
    So it is the caller next to what is broken that tries again, and attempts do not multiply from hop to hop.
    """

    def __init__(self, name: str, transport: Transport, terms: Terms) -> None:
        self.breaker = Breaker(name, terms.tolerance)
        self.bulkhead = Bulkhead(name, terms.calls)
        self.budget = RetryBudget(terms.repeated)
        self._transport = transport
        self._patience = terms.patience

    async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        """Call `op`; see `Transport.send` for what is raised."""
        self.budget.save()
        waits = pauses() if is_repeatable(op, arguments) else iter(())
        with hurry(self._patience):
            while True:
                try:
                    return await self._attempt(op, arguments)
                except Unreachable:
                    pause = next(waits, None)
                    if pause is None or pause >= (remaining() or 0) or not self.budget.spend():
                        raise
                await asyncio.sleep(pause)

    async def _attempt(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        self.breaker.check()  # now, and again when the turn has come
        async with self.bulkhead.turn():
            with self.breaker.attempt():
                return await self._transport.send(op, arguments)
