"""What is logged in the catalog."""

from chassis.telemetry.events import Event

__all__ = ["EVENTS"]

EVENTS = (
    Event("thumbnail_not_made", "warning", "A picture was taken without a thumbnail.", ("product_id", "reason")),
    Event("authors_missing", "warning", "Reviews were shown without their authors' names.", ("reason",)),
)
