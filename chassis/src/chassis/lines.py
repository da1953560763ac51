"""A line to another service: few calls at a time, repeated where that is safe, cut off while the service is broken."""

import asyncio
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import httpx
from contracts.answers import Answer
from contracts.errors import ApiError, NoAnswer, Unreachable
from contracts.operation import Operation, Transport

from chassis.breaker import Breaker, LeftAlone, Tolerance
from chassis.bulkhead import Bulkhead, NoTurn
from chassis.context import hurry, remaining
from chassis.retries import RetryBudget, is_repeatable, pauses
from chassis.telemetry.calling import CallFigures
from chassis.telemetry.labels import operation_label
from chassis.telemetry.metrics import Metrics

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

    def __init__(self, name: str, transport: Transport, terms: Terms, metrics: Metrics | None = None) -> None:
        self.breaker = Breaker(name, terms.tolerance)
        self.bulkhead = Bulkhead(name, terms.calls)
        self.budget = RetryBudget(terms.repeated)
        self._transport = transport
        self._patience = terms.patience
        self._figures = CallFigures(metrics or Metrics(), name)

    async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        """Call `op`; see `Transport.send` for what is raised."""
        began, outcome = perf_counter(), "cancelled"
        try:
            answer = await self._persevere(op, arguments)
            outcome = str(answer.status)
            return answer
        except Exception as error:
            outcome = _outcome(error)
            raise
        finally:
            self._figures.end(perf_counter() - began, operation_label(op), outcome)

    async def _persevere(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
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
                self._figures.repeat()
                await asyncio.sleep(pause)

    async def _attempt(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        self.breaker.check()  # now, and again when the turn has come
        async with self.bulkhead.turn():
            with self.breaker.attempt():
                return await self._transport.send(op, arguments)


def _outcome(error: Exception) -> str:
    """Say in a word or by a status what came of a call that raised this."""
    match error:
        case LeftAlone():
            return "refused_by_breaker"
        case NoTurn():
            return "no_turn"
        case Unreachable() if isinstance(error.__cause__, TimeoutError | httpx.TimeoutException):
            return "timeout"
        case Unreachable():
            return "unreachable"
        case NoAnswer():
            return "failed" if error.answered is None else str(error.answered)
        case ApiError():
            return str(error.status)
        case _:
            return "failed"
