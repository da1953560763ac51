"""What is logged of accounts."""

from chassis.telemetry.events import Event

__all__ = ["EVENTS"]

EVENTS = (Event("closing_not_settled", "warning", "A closing could not be settled; it is tried again."),)
