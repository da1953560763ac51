"""What the handlers of the catalog ask for."""

from typing import Annotated

from chassis.providing import provided

from catalog.images import Images
from catalog.products import Products
from catalog.reservations import Reservations
from catalog.reviews import Reviews

__all__ = ["ImagesDep", "ProductsDep", "ReservationsDep", "ReviewsDep"]

ImagesDep = Annotated[Images, provided(Images)]
ProductsDep = Annotated[Products, provided(Products)]
ReservationsDep = Annotated[Reservations, provided(Reservations)]
ReviewsDep = Annotated[Reviews, provided(Reviews)]
