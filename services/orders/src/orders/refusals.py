"""Why orders are refused: told to who ordered, kept under the order's key, and told again word for word."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from contracts.answers import IDEMPOTENCY_REPLAYED
from contracts.errors import ApiError, Issue
from contracts.orders.errors import REFUSALS, OrderCancelled, SessionEnded
from contracts.orders.v2 import Order
from pydantic import BaseModel

from chassis import context

__all__ = ["cancelled", "keep", "recall", "refuse", "retell"]

E = TypeVar("E", bound=ApiError)

_NO_TRACE = "0" * 32
_CLASSES: dict[str, type[ApiError]] = {error.code: error for error in (*REFUSALS, SessionEnded)}


class _Refusal(BaseModel):
    """What was answered, as it is kept."""

    code: str
    detail: str
    issues: list[Issue]
    order_id: UUID
    trace_id: str


def refuse(error: type[E], order_id: UUID, detail: str, issues: Sequence[Issue] = ()) -> E:
    """Make the error that refuses an order."""
    return error(detail, issues=issues, order_id=str(order_id))


def cancelled(order_id: UUID) -> OrderCancelled:
    """Make the error for who still waits for an order that was cancelled meanwhile."""
    return refuse(OrderCancelled, order_id, f"The order {order_id} was cancelled before it was confirmed.")


def keep(error: ApiError, order_id: UUID) -> bytes:
    """Write an error down for those who ask again."""
    serving = context.current()
    refusal = _Refusal(
        code=error.code,
        detail=error.detail,
        issues=list(error.issues),
        order_id=order_id,
        trace_id=serving.trace.trace_id if serving else _NO_TRACE,
    )
    return refusal.model_dump_json().encode()


def retell(answer: bytes) -> ApiError:
    """Make an error of what was kept, to the letter: with the trace of the request that it answered first."""
    refusal = _Refusal.model_validate_json(answer)
    return _CLASSES[refusal.code](
        refusal.detail,
        issues=refusal.issues,
        headers={IDEMPOTENCY_REPLAYED.name: "true"},
        order_id=str(refusal.order_id),
        trace_id=refusal.trace_id,
    )


def recall(order: Order) -> ApiError:
    """Make the error of an order that came to nothing and was answered to nobody."""
    if order.reason is None:
        return cancelled(order.id)
    return refuse(_CLASSES[order.reason], order.id, f"The order {order.id} was rejected: {order.reason}.")
