"""What the catalog reads of the answers of orders and users."""

from contracts.orders.v2 import Orders, OrderState, OrderStates, OrderStatus, Purchase
from contracts.reader import Reader
from contracts.users.v2 import Name, People, Person, Users
from contracts.wire import Flag, Id, Open

__all__ = ["Authors", "Bought", "State", "States"]


class Bought(Reader, of=Purchase, consumer="catalog", op=Orders.has_purchased):
    """Whether a customer may review a product."""

    purchased: Flag


class Author(Reader, of=Person):
    """Who wrote a review."""

    id: Id
    name: Name | None


class Authors(Reader, of=People, consumer="catalog", op=Users.get_people):
    """Those who wrote reviews."""

    items: list[Author]


class State(Reader, of=OrderState):
    """How far an order has come."""

    id: Id
    status: Open[OrderStatus]
    settled: Flag


class States(Reader, of=OrderStates, consumer="catalog", op=Orders.get_order_states):
    """How far the orders have come that pieces are kept for."""

    items: list[State]
