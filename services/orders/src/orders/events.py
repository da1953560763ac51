"""What is logged of orders."""

from chassis.telemetry.events import Event

__all__ = ["EVENTS"]

EVENTS = (
    Event("order_confirmed", "info", "An order was confirmed.", ("order_id",)),
    Event("order_rejected", "info", "An order was refused, for this reason.", ("order_id", "reason")),
    Event("order_postponed", "warning", "An order's next step failed; it is tried again.", ("order_id", "reason")),
    Event("order_parked", "error", "An order failed too often; people must look at it.", ("order_id", "reason")),
    Event("recovery_failed", "error", "Finishing an order raised what nobody foresaw.", ("order_id",)),
)
