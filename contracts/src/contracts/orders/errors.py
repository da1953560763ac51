"""The errors that the orders service answers with."""

from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from contracts.errors import ApiError, Conflict, NotFound, Problem, Unauthenticated
from contracts.wire import Id

__all__ = [
    "REFUSALS",
    "AccountClosed",
    "CannotCancel",
    "OrderCancelled",
    "OrderNotFound",
    "OrderRefused",
    "OutOfStock",
    "PriceChanged",
    "ProductDiscontinued",
    "RefusedProblem",
    "SessionEnded",
    "TooManyStreams",
    "UnknownProduct",
    "WrongCurrency",
]


class OrderNotFound(NotFound):
    """There is no such order, or it is not yours."""

    code = "order_not_found"


class CannotCancel(Conflict):
    """Only pending and confirmed orders can be cancelled."""

    code = "cannot_cancel"


class TooManyStreams(ApiError):
    """You follow too many orders at once; close one first."""

    status, code = 429, "too_many_streams"


class RefusedProblem(Problem):
    """Why an order was refused, line by line, and the order that keeps the record of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:concord:problem:out_of_stock",
                    "title": "There is not enough of a product",
                    "status": 409,
                    "detail": "1 of 2 lines cannot be had: wanted 5, available 2",
                    "instance": "/v2/orders",
                    "code": "out_of_stock",
                    "errors": [
                        {
                            "code": "out_of_stock",
                            "detail": "wanted 5, available 2",
                            "place": "body",
                            "pointer": "/lines/0",
                        }
                    ],
                    "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
                    "order_id": "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87",
                }
            ]
        }
    )

    order_id: Annotated[Id, Field(description="The rejected order, which stays readable")]


class OrderRefused(Conflict):
    """The order cannot be fulfilled."""

    code = "order_refused"
    problem: ClassVar[type[Problem]] = RefusedProblem


class OutOfStock(OrderRefused):
    """There is not enough of a product."""

    code = "out_of_stock"


class UnknownProduct(OrderRefused):
    """There is no such product."""

    code = "unknown_product"


class ProductDiscontinued(OrderRefused):
    """A product is no longer sold."""

    code = "product_discontinued"


class PriceChanged(OrderRefused):
    """The total is not the one you expected."""

    code = "price_changed"


class WrongCurrency(OrderRefused):
    """The shop does not sell in that currency."""

    code = "wrong_currency"


class AccountClosed(OrderRefused):
    """The account is closed, or about to be."""

    code = "account_closed"


class SessionEnded(Unauthenticated):
    """The session that sent the order has ended: sign in, and send it again."""

    code = "session_ended"


class OrderCancelled(OrderRefused):
    """The order was cancelled before it was confirmed."""

    code = "order_cancelled"


REFUSALS: tuple[type[OrderRefused], ...] = (
    OutOfStock,
    UnknownProduct,
    ProductDiscontinued,
    PriceChanged,
    WrongCurrency,
    AccountClosed,
    OrderCancelled,
)
"""Every way in which an order is refused."""
