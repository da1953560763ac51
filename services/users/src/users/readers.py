"""What users reads of the answers of orders."""

from contracts.orders.v2 import OpenOrders, Orders
from contracts.reader import Reader
from contracts.wire import Count, Id

__all__ = ["HeldBy"]


class HeldBy(Reader, of=OpenOrders, consumer="users", op=Orders.get_open_orders):
    """The orders that keep an account open."""

    order_ids: list[Id]
    count: Count
