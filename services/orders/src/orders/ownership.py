"""Whose orders a caller may touch."""

from uuid import UUID

from chassis.auth import Principal
from contracts.orders.errors import OrderNotFound

__all__ = ["not_found", "owner_of"]


def owner_of(caller: Principal) -> UUID | None:
    """Name the customer whose orders a caller may touch: himself, or None for staff, who may touch all."""
    return None if caller.is_staff else caller.account_id


def not_found(order_id: UUID) -> OrderNotFound:
    """Make the error for an order that is not there, or is somebody else's: nobody can tell which."""
    return OrderNotFound(f"There is no order {order_id} that you could see.")
