"""Orders, version 1: deprecated, and served until its sunset for those who have not moved to version 2."""

from datetime import UTC, datetime
from typing import Annotated, TypeAlias

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from contracts.answers import IDEMPOTENCY_REPLAYED, LOCATION, RETRY_AFTER, Success
from contracts.dialect import ENVELOPE
from contracts.errors import BadRequest, Conflict
from contracts.operation import Api, operation
from contracts.orders.errors import OrderNotFound
from contracts.places import IdempotencyKey
from contracts.retirement import Retirement
from contracts.scopes import Scope
from contracts.wire import Choice, Id, PageSize, Quantity, Request, Response, Skip, Timestamp

__all__ = ["Item", "NewItem", "NewOrder", "Order", "OrderStatus", "Orders"]

RETIREMENT = Retirement(
    deprecated=datetime(2026, 6, 1, tzinfo=UTC), sunset=datetime(2027, 6, 1, tzinfo=UTC), successor="v2"
)

PriceCents: TypeAlias = Annotated[int, Field(strict=True, ge=0, le=9_999_999)]
TotalCents: TypeAlias = Annotated[int, Field(strict=True, ge=0, le=999_999_999_999)]

_PRODUCT_ID = "0199b2a0-0002-7ccc-8ddd-000000000002"
_NEW_ITEM: JsonDict = {"product_id": _PRODUCT_ID, "quantity": 2}
_ITEM: JsonDict = {"product_id": _PRODUCT_ID, "quantity": 2, "price_cents": 1999}
_ORDER: JsonDict = {
    "id": "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87",
    "user_id": "0199b2a0-0001-7aaa-8bbb-000000000001",
    "status": "confirmed",
    "items": [_ITEM],
    "total_cents": 3998,
    "created_at": "2026-11-21T09:30:00Z",
}


class OrderStatus(Choice):
    """How far an order has come; one that the shop refused reads as cancelled."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class NewItem(Request):
    """So many of one product."""

    model_config = ConfigDict(json_schema_extra={"examples": [_NEW_ITEM]})

    product_id: Id
    quantity: Quantity


class NewOrder(Request):
    """What a customer wants; several items of one product become one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_NEW_ITEM]}]})

    items: Annotated[list[NewItem], Field(min_length=1, max_length=50)]


class Item(Response):
    """So many of one product, and the price of one in cents: null until the order is confirmed."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ITEM]})

    product_id: Id
    quantity: Annotated[int, Field(strict=True, ge=1, le=50_000)]
    price_cents: PriceCents | None


class Order(Response):
    """What a customer ordered, and what became of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ORDER]})

    id: Id
    user_id: Id
    status: OrderStatus
    items: Annotated[list[Item], Field(max_length=50)]
    total_cents: Annotated[TotalCents | None, Field(description="Null until the order is confirmed")]
    created_at: Timestamp


class Orders(Api, service="orders", version="v1", dialect=ENVELOPE, retirement=RETIREMENT):
    """Placing and cancelling orders."""

    @operation(
        "POST",
        "/v1/orders",
        status=(Success(201, (LOCATION, IDEMPOTENCY_REPLAYED)), Success(202, (LOCATION, RETRY_AFTER))),
        errors=(BadRequest, Conflict),
        scope=Scope.ORDERS_WRITE,
        limited=True,
    )
    async def place_order(self, new: NewOrder, idempotency_key: IdempotencyKey = None) -> Order:
        """Place an order.

        201 means confirmed. 202 means accepted: the order is pending, and will be finished by itself. With an
        `Idempotency-Key` the same request can be sent again without ordering twice.
        """
        ...

    @operation("GET", "/v1/orders", errors=(Conflict,), scope=Scope.ORDERS_READ)
    async def list_orders(self, skip: Skip = 0, limit: PageSize = 20) -> Annotated[list[Order], Field(max_length=100)]:
        """List your own orders, newest first."""
        ...

    @operation("GET", "/v1/orders/{order_id}", errors=(OrderNotFound, Conflict), scope=Scope.ORDERS_READ)
    async def get_order(self, order_id: Id) -> Order:
        """Fetch one order."""
        ...

    @operation(
        "POST",
        "/v1/orders/{order_id}/cancel",
        errors=(OrderNotFound, Conflict),
        scope=Scope.ORDERS_WRITE,
        idempotent=True,
    )
    async def cancel_order(self, order_id: Id) -> Order:
        """Cancel an order, and give its stock back; cancelling it again changes nothing."""
        ...
