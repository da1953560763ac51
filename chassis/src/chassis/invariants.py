"""What must always hold: looked at again and again while a service runs, and reported where it does not.

A check only reads. Tests run the same checks after everything that they do to a service.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from contracts.errors import NoAnswer
from sqlalchemy import Connection
from structlog import get_logger

from chassis.context import hurry
from chassis.database import Database
from chassis.loops import Loop
from chassis.telemetry.checking import CheckFigures
from chassis.telemetry.metrics import Metrics

__all__ = ["Invariant", "Invariants", "Violation"]

_PATIENCE = 10.0  # seconds for all checks of one look
_SHOWN = 5

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that must always hold; `find` names all that breaks it."""

    name: str
    find: Callable[[], Awaitable[Sequence[UUID]]]

    @classmethod
    def of(cls, name: str, database: Database, find: Callable[[Connection], Sequence[UUID]]) -> "Invariant":
        """Make an invariant that one look at the database settles."""
        return cls(name, partial(database.read, find))


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant that does not hold, and what breaks it."""

    invariant: str
    found: Sequence[UUID]


class Invariants:
    """The invariants of a service, and how often each was found broken since the process started."""

    def __init__(self, *invariants: Invariant, metrics: Metrics | None = None) -> None:
        self._invariants = invariants
        self.violations: Counter[str] = Counter()
        self._figures = CheckFigures(metrics or Metrics())
        for invariant in invariants:
            self._figures.begin(invariant.name)

    async def check(self) -> list[Violation]:
        """Look at all of them; raises NoAnswer where one cannot be looked at."""
        looked = [Violation(invariant.name, await invariant.find()) for invariant in self._invariants]
        return [violation for violation in looked if violation.found]

    def loop(self, every: float) -> Loop:
        """Make the loop that looks every so many seconds."""
        return Loop("invariants", every, self.report)

    async def report(self) -> None:
        """Look at each, log what is broken, and pass over what cannot be looked at now."""
        with hurry(_PATIENCE):
            for invariant in self._invariants:
                try:
                    self._note(invariant.name, await invariant.find())
                except NoAnswer as reason:
                    self._figures.fail(invariant.name)
                    _log.warning("invariant_not_checked", invariant=invariant.name, reason=str(reason))

    def _note(self, name: str, found: Sequence[UUID]) -> None:
        self._figures.note(name, len(found))
        if not found:
            return
        self.violations[name] += len(found)
        _log.error("invariant_violated", invariant=name, count=len(found), examples=list(map(str, found[:_SHOWN])))
