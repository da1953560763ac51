"""A circuit breaker: a service that fails too often is left alone for a while, and then tried with one call."""

import time
from asyncio import CancelledError
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from contracts.errors import ApiError, NoAnswer, Unavailable
from structlog import get_logger

from chassis.context import remaining

__all__ = ["Breaker", "LeftAlone", "State", "Tolerance"]

Clock = Callable[[], float]

_SLICES = 10

_log = get_logger(__name__)


class LeftAlone(Unavailable):
    """A service that has failed too often is not asked."""


class State(StrEnum):
    """Whether calls go through."""

    CLOSED = "closed"
    """They do."""
    OPEN = "open"
    """They are refused, until the next one may be a probe."""
    HALF_OPEN = "half_open"
    """One is under way, and decides; all others are refused."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much may go wrong: this share of at least so many calls in so many seconds; then comes a rest."""

    share: float = 0.5
    calls: int = 20
    seconds: float = 10.0
    rest: float = 0.5


class Breaker:
    """Stands before the calls to one service.

    What counts against the service is that it gives no answer, fails, or talks nonsense; a refusal (4xx) is an answer.
    `opened` and `refused` count how often calls were cut off, and how many were.
    """

    def __init__(self, name: str, tolerance: Tolerance, clock: Clock = time.monotonic) -> None:
        self.state = State.CLOSED
        self.opened = 0
        self.refused = 0
        self._name = name
        self._tolerance = tolerance
        self._clock = clock
        self._window = _Window(tolerance.seconds, clock)
        self._until = 0.0

    def check(self) -> None:
        """Raise LeftAlone while calls are refused."""
        wait = self._until - self._clock()
        if self.state is State.CLOSED or (self.state is State.OPEN and wait <= 0):
            return
        self.refused += 1
        raise LeftAlone(
            f"{self._name} has failed too often of late and is left alone; try again shortly", retry_after=max(1, wait)
        )

    @contextmanager
    def attempt(self) -> Generator[None]:
        """Let one call through, and learn from what becomes of it; raises LeftAlone like `check`."""
        self.check()
        is_probe = self.state is State.OPEN
        if is_probe:
            self.state = State.HALF_OPEN
        verdict = None
        try:
            yield
            verdict = True
        except (ApiError, CancelledError) as error:
            verdict = _judge(error)
            raise
        finally:
            self._learn(verdict, is_probe)

    def _learn(self, verdict: bool | None, is_probe: bool) -> None:
        """Take in whether a call went well; None where it was given up before that was known."""
        if is_probe:
            self._end_probe(verdict)
        elif self.state is State.CLOSED and verdict is not None:
            self._window.note(verdict)
            if self._window.is_too_bad(self._tolerance):
                self._open()
                _log.warning("peer_left_alone", peer=self._name, seconds=self._tolerance.rest)

    def _end_probe(self, verdict: bool | None) -> None:
        if verdict:
            self.state = State.CLOSED
            self._window.clear()
            _log.info("peer_is_back", peer=self._name)
        elif verdict is None:
            self.state = State.OPEN  # the next call is the probe
        else:
            self._open()

    def _open(self) -> None:
        self.state = State.OPEN
        self.opened += 1
        self._until = self._clock() + self._tolerance.rest


def _judge(error: ApiError | CancelledError) -> bool | None:
    """Tell whether a call that raised this went well all the same; None where nobody waited for its end."""
    if isinstance(error, CancelledError):
        return False if remaining() == 0 else None  # whoever waited had waited long enough
    if not isinstance(error, NoAnswer):
        return True
    return error.answered is not None and 400 <= error.answered < 500


@dataclass(slots=True)
class _Slice:
    begun: float
    calls: int = 0
    failures: int = 0


class _Window:
    """Counts the calls of the last so many seconds, in slices that are dropped whole when they are old."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._seconds = seconds
        self._clock = clock
        self._slices = deque[_Slice]()

    def note(self, went_well: bool) -> None:
        now = self._clock()
        while self._slices and self._slices[0].begun <= now - self._seconds:
            self._slices.popleft()
        if not self._slices or self._slices[-1].begun <= now - self._seconds / _SLICES:
            self._slices.append(_Slice(now))
        self._slices[-1].calls += 1
        self._slices[-1].failures += not went_well

    def is_too_bad(self, tolerance: Tolerance) -> bool:
        calls = sum(part.calls for part in self._slices)
        failures = sum(part.failures for part in self._slices)
        return calls >= tolerance.calls and failures >= tolerance.share * calls

    def clear(self) -> None:
        self._slices.clear()
