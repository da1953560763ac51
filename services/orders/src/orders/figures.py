"""What is counted of orders."""

from chassis.telemetry.instruments import Label, counter, gauge
from chassis.telemetry.labels import OPERATION

__all__ = ["IDEMPOTENCY_REPLAYS", "INSTRUMENTS", "OPEN", "ORDERS", "WAITING"]

ORDERS = counter(
    "concord_orders_total",
    "Orders by what became of them; one that is answered as pending is counted again at its end.",
    Label("outcome", "what happened to the order").of("confirmed", "rejected", "pending", "cancelled"),
)
OPEN = gauge(
    "concord_orders_open",
    "Orders with work left to be done, in the database that all processes share.",
    Label("state", "`pending`, or `parked` where nobody tries any more").of("pending", "parked"),
    merged="max",
)
WAITING = gauge(
    "concord_orders_oldest_pending_seconds",
    "For how long the oldest pending order has waited, 0 where none does.",
    unit="seconds",
    merged="max",
)
IDEMPOTENCY_REPLAYS = counter(
    "concord_idempotency_replays_total", "Requests that were answered as the first of their key was.", OPERATION
)

INSTRUMENTS = (ORDERS, OPEN, WAITING, IDEMPOTENCY_REPLAYS)
