"""What callers may count on, operation by operation: which share of requests is answered, and which is soon."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from contracts.operation import Operation
from contracts.tools.apis import apis

__all__ = ["HASHING", "OBJECTIVES", "PERIOD", "Objective", "Soon", "metric_name", "objectives"]

PERIOD = "30d"
"""The time over which an objective is kept; a budget is what may fail in it."""

HASHING = frozenset({"issue_token", "register", "change_password"})
"""Operations that hash a password, which is slow on purpose."""


@dataclass(frozen=True)
class Soon:
    """This share of requests is answered within so many seconds, which must be a bound of the histogram."""

    share: float
    seconds: float


@dataclass(frozen=True)
class Objective:
    """What callers of some operations may count on."""

    name: str
    available: float
    """The share of requests that no fault of ours (5xx) ends."""
    soon: Soon | None
    """None where the caller decides how long it takes."""
    covers: Callable[[Operation[..., Any]], bool]


OBJECTIVES = (
    Objective("stream", 0.999, None, lambda op: op.kind == "events"),
    Objective("password", 0.999, Soon(0.99, 1.0), lambda op: op.name in HASHING),
    Objective("peers", 0.9995, Soon(0.99, 0.25), lambda op: _permission(op) == "peers"),
    Objective("staff", 0.995, Soon(0.95, 1.0), lambda op: _permission(op) == "admin"),
    Objective("read", 0.999, Soon(0.99, 0.25), lambda op: op.method == "GET"),
    Objective("write", 0.999, Soon(0.99, 1.0), lambda op: True),
)
"""Every operation has the first of these that covers it; the last one covers all, so that none is without."""


def objectives() -> Iterator[tuple[Operation[..., Any], Objective]]:
    """Go through all operations of all contracts with what is promised of each."""
    for api in apis().values():
        for op in api.operations():
            yield op, next(objective for objective in OBJECTIVES if objective.covers(op))


def metric_name(op: Operation[..., Any]) -> str:
    """Name an operation as metrics do: `orders.v2.get_order`."""
    return f"{op.api.service}.{op.api.version}.{op.name}"


def _permission(op: Operation[..., Any]) -> str:
    return op.scope.partition(":")[2] if op.scope else ""
