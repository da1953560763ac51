"""Which calls are made again, when, and how many: enough to pass over a hiccup, too few to storm who is down."""

from collections.abc import Iterator
from random import uniform
from typing import Any

from contracts.operation import Operation
from contracts.places import Place

__all__ = ["RetryBudget", "is_repeatable", "pauses"]

_PAUSES = (0.05, 0.2)  # seconds at most before each further attempt
_KEY = "Idempotency-Key"


def is_repeatable(op: Operation[..., Any], arguments: dict[str, Any]) -> bool:
    """Tell whether a call can be made twice and do no more than once: by what it is, or by the key that it carries."""
    return op.repeatable or any(
        parameter.place is Place.HEADER and parameter.wire_name == _KEY and arguments.get(parameter.name) is not None
        for parameter in op.parameters
    )


def pauses() -> Iterator[float]:
    """Say how long to wait before each further attempt: anything up to a bound, so that callers do not march."""
    for longest in _PAUSES:
        yield uniform(0, longest)  # noqa: S311 (spreads the attempts, guards nothing)


class RetryBudget:
    """Every call saves a share of an attempt, and a repeated one spends a whole; `calls` and `repeated` count them.

    So over its life no more than that share is ever added to what is asked of a service; what quiet times
    have saved is bounded too.
    """

    def __init__(self, share: float, most: float = 10) -> None:
        self.calls = 0
        self.repeated = 0
        self._share = share
        self._most = most
        self._saved = 0.0

    def save(self) -> None:
        """Count a call."""
        self.calls += 1
        self._saved = min(self._most, round(self._saved + self._share, 6))

    def spend(self) -> bool:
        """Take what one more attempt costs, if there is so much."""
        if self._saved < 1:
            return False
        self._saved -= 1
        self.repeated += 1
        return True
