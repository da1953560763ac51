"""What orders reads of the answers of users and catalog."""

from contracts.catalog.v2 import (
    Catalog,
    Price,
    ProductCard,
    ProductCards,
    ProductStatus,
    Reservation,
    ReservationStatus,
    ReservedLine,
)
from contracts.reader import Reader
from contracts.users.v2 import AccountStatus, Name, People, Person, Standing, Users
from contracts.wire import Count, Id, Line, Open
from pydantic import StrictInt

__all__ = ["Buyers", "Cards", "Kept", "MayOrder", "Released", "Reserved", "Sold"]


class MayOrder(Reader, of=Standing, consumer="orders", op=Users.get_standing):
    """Whether a customer may order now, with this token."""

    status: Open[AccountStatus]
    generation: Count


class Buyer(Reader, of=Person):
    """Somebody who ordered."""

    id: Id
    name: Name | None
    status: Open[AccountStatus]


class Buyers(Reader, of=People, consumer="orders", op=Users.get_people):
    """Those who ordered."""

    items: list[Buyer]


class Card(Reader, of=ProductCard):
    """A product as an order shows it."""

    id: Id
    name: Line
    price: Price
    status: Open[ProductStatus]


class Cards(Reader, of=ProductCards, consumer="orders", op=Catalog.get_products):
    """The products of an order."""

    items: list[Card]


class Priced(Reader, of=ReservedLine):
    """So many of a product, and what one of them costs."""

    product_id: Id
    name: Line
    quantity: StrictInt
    unit_price: Price


class Reserved(Reader, of=Reservation, consumer="orders", op=Catalog.reserve):
    """What an order costs."""

    lines: list[Priced]


class Sold(Reader, of=Reservation, consumer="orders", op=Catalog.commit_reservation):
    """That it is sold: nothing else is read."""


class Released(Reader, of=Reservation, consumer="orders", op=Catalog.release_reservation):
    """That it is given back: nothing else is read."""


class KeptLine(Reader, of=ReservedLine):
    """So many of a product, at a price."""

    product_id: Id
    quantity: StrictInt
    unit_price: Price


class Kept(Reader, of=Reservation, consumer="orders", op=Catalog.get_reservation):
    """What catalog has put aside or sold for an order."""

    status: Open[ReservationStatus]
    lines: list[KeptLine]
