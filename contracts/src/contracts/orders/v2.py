"""Orders, version 2: what callers send, what they get, and the operations."""

from typing import Annotated, TypeAlias

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from contracts.answers import ETAG, IDEMPOTENCY_REPLAYED, LOCATION, RETRY_AFTER, EventStream, Success
from contracts.errors import IdempotencyKeyMissing, IdempotencyKeyReused, InvalidCursor, InvalidIdempotencyKey
from contracts.operation import Api, operation
from contracts.orders.errors import (
    REFUSALS,
    CannotCancel,
    OrderNotFound,
    SessionEnded,
    TooManyStreams,
)
from contracts.places import IdempotencyKey
from contracts.scopes import Scope
from contracts.wire import (
    Choice,
    Count,
    Cursor,
    Flag,
    Id,
    Line,
    Money,
    Open,
    Page,
    PageSize,
    Quantity,
    Request,
    Response,
    Timestamp,
    Value,
)

__all__ = [
    "Customer",
    "CustomerName",
    "NewLine",
    "NewOrder",
    "OpenOrders",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderState",
    "OrderStates",
    "OrderStatus",
    "OrderView",
    "Orders",
    "Part",
    "ProductCard",
    "Purchase",
    "Reason",
]

_ID = "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87"
_CUSTOMER_ID = "0199b2a0-0001-7aaa-8bbb-000000000001"
_PRODUCT_ID = "0199b2a0-0002-7ccc-8ddd-000000000002"
_PRICE: JsonDict = {"amount": "19.99", "currency": "EUR"}
_TOTAL: JsonDict = {"amount": "39.98", "currency": "EUR"}
_LINE: JsonDict = {
    "product_id": _PRODUCT_ID,
    "quantity": 2,
    "name": "Field notebook",
    "unit_price": _PRICE,
    "line_total": _TOTAL,
}
_ORDER: JsonDict = {
    "id": _ID,
    "customer_id": _CUSTOMER_ID,
    "status": "confirmed",
    "reason": None,
    "lines": [_LINE],
    "total": _TOTAL,
    "created_at": "2026-11-21T09:30:00Z",
    "updated_at": "2026-11-21T09:30:00.120000Z",
}
_NAME: JsonDict = {"given": "Ada", "family": "Byron"}
_CUSTOMER: JsonDict = {"id": _CUSTOMER_ID, "name": _NAME, "status": "active"}
_CARD: JsonDict = {"id": _PRODUCT_ID, "name": "Field notebook", "price": _PRICE, "status": "active"}
_STATE: JsonDict = {"id": _ID, "status": "confirmed", "settled": True}


class OrderStatus(Choice):
    """How far an order has come; confirmed, rejected and cancelled are final, but a confirmed one can be cancelled."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class Reason(Choice):
    """Why an order was rejected."""

    OUT_OF_STOCK = "out_of_stock"
    UNKNOWN_PRODUCT = "unknown_product"
    PRODUCT_DISCONTINUED = "product_discontinued"
    PRICE_CHANGED = "price_changed"
    WRONG_CURRENCY = "wrong_currency"
    ACCOUNT_CLOSED = "account_closed"
    SESSION_ENDED = "session_ended"


class Part(Choice):
    """Something that other services know about an order."""

    CUSTOMER = "customer"
    PRODUCTS = "products"


class CustomerStatus(Choice):
    """Whether the account behind an order is still open."""

    ACTIVE = "active"
    CLOSING = "closing"
    CLOSED = "closed"


class ProductStatus(Choice):
    """Whether a product is still sold."""

    ACTIVE = "active"
    DISCONTINUED = "discontinued"


class NewLine(Request):
    """So many of one product."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"product_id": _PRODUCT_ID, "quantity": 2}]})

    product_id: Id
    quantity: Quantity


class NewOrder(Request):
    """What a customer wants; several lines of one product become one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"lines": [{"product_id": _PRODUCT_ID, "quantity": 2}], "expected_total": _TOTAL}]
        }
    )

    lines: Annotated[list[NewLine], Field(min_length=1, max_length=50)]
    expected_total: Annotated[Money | None, Field(description="Order only if this is what it costs")] = None


class OrderLine(Response):
    """So many of one product; priced and named when the order is confirmed, null before."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LINE]})

    product_id: Id
    quantity: Annotated[int, Field(strict=True, ge=1, le=50_000)]
    name: Annotated[Line | None, Field(description="What the product was called when it was sold")]
    unit_price: Money | None
    line_total: Money | None


class Order(Response):
    """What a customer ordered, and what became of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ORDER]})

    id: Id
    customer_id: Id
    status: Open[OrderStatus]
    reason: Annotated[Open[Reason] | None, Field(description="Why it was rejected; null unless it was")]
    lines: Annotated[list[OrderLine], Field(max_length=50)]
    total: Annotated[Money | None, Field(description="The sum of the lines; null until the order is confirmed")]
    created_at: Timestamp
    updated_at: Timestamp


class CustomerName(Value):
    """What to call a person."""

    model_config = ConfigDict(json_schema_extra={"examples": [_NAME]})

    given: Line
    family: Annotated[Line | None, Field(description="Null for a person who has one name only")]


class Customer(Response):
    """Who placed an order, as users knows them now."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CUSTOMER]})

    id: Id
    name: Annotated[CustomerName | None, Field(description="Null when the account is closed and its data erased")]
    status: Open[CustomerStatus]


class ProductCard(Response):
    """A product of an order, as catalog knows it now."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CARD]})

    id: Id
    name: Line
    price: Money
    status: Open[ProductStatus]


class OrderView(Order):
    """An order with the parts that were asked for; a part that could not be fetched is null and named in `missing`."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_ORDER, "customer": _CUSTOMER, "products": [_CARD], "missing": []}]}
    )

    customer: Annotated[Customer | None, Field(description="Null unless included and within reach")]
    products: Annotated[
        list[ProductCard] | None,
        Field(max_length=50, description="Null unless included and within reach; without products that never existed"),
    ]
    missing: Annotated[
        list[Open[Part]], Field(max_length=10, description="Which of the included parts could not be fetched")
    ]


class OrderEvent(Response):
    """An order as it is now; the first event tells the present state, the last one is `final`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"order": _ORDER, "final": True}]})

    order: Order
    final: Annotated[Flag, Field(description="Whether the stream ends here")]


class Purchase(Response):
    """Whether a customer has bought a product."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"customer_id": _CUSTOMER_ID, "product_id": _PRODUCT_ID, "purchased": True}]}
    )

    customer_id: Id
    product_id: Id
    purchased: Annotated[Flag, Field(description="Whether a confirmed order of theirs holds it")]


class OpenOrders(Response):
    """The orders of a customer that are still pending."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"order_ids": [_ID], "count": 1}]})

    order_ids: Annotated[list[Id], Field(max_length=100, description="The oldest of them")]
    count: Annotated[Count, Field(description="How many there are")]


class OrderState(Response):
    """How far an order has come."""

    model_config = ConfigDict(json_schema_extra={"examples": [_STATE]})

    id: Id
    status: Open[OrderStatus]
    settled: Annotated[Flag, Field(description="False while work of it waits: pending, or stock to be given back")]


class OrderStates(Response):
    """How far several orders have come."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_STATE]}]})

    items: Annotated[list[OrderState], Field(max_length=100, description="Without those that do not exist")]


Include: TypeAlias = Annotated[list[Part], Field(max_length=10)] | None
OrderIds: TypeAlias = Annotated[list[Id], Field(min_length=1, max_length=100)]

PLACED = Success(201, (LOCATION, IDEMPOTENCY_REPLAYED))
ACCEPTED = Success(202, (LOCATION, RETRY_AFTER))


class Orders(Api, service="orders", version="v2"):
    """Placing, following and cancelling orders."""

    @operation(
        "POST",
        "/v2/orders",
        status=(PLACED, ACCEPTED),
        errors=(
            IdempotencyKeyMissing,
            InvalidIdempotencyKey,
            IdempotencyKeyReused,
            SessionEnded,
            *REFUSALS,
        ),
        scope=Scope.ORDERS_WRITE,
        limited=True,
        idempotent=True,  # by its key
    )
    async def place_order(self, new: NewOrder, idempotency_key: IdempotencyKey = None) -> Order:
        """Place an order.

        All lines are had or none. 201 means confirmed: the stock is sold and the prices are fixed. 202 means
        accepted: another service is out of reach, and the order will be finished by itself; read it at `Location`.
        A refused order stays readable as `rejected`; `errors` names the lines that cannot be had.

        `Idempotency-Key` is required. The same key with the same request answers what was answered before, with
        `Idempotency-Replayed: true`; while the order is pending it answers 202 with its present state; with another
        request it is refused. Keys are remembered for 24 hours at least.
        """
        ...

    @operation("GET", "/v2/orders", errors=(InvalidCursor,), scope=Scope.ORDERS_READ)
    async def list_orders(
        self, status: OrderStatus | None = None, limit: PageSize = 20, cursor: Cursor | None = None
    ) -> Page[Order]:
        """List your own orders, newest first."""
        ...

    @operation(
        "GET", "/v2/orders/{order_id}", status=Success(200, (ETAG,)), errors=(OrderNotFound,), scope=Scope.ORDERS_READ
    )
    async def get_order(self, order_id: Id, include: Include = None) -> OrderView:
        """Fetch one order; customers see their own, staff see all.

        `include=customer&include=products` adds what other services know now. A part that cannot be fetched in time
        is null and named in `missing`; the order itself is always answered.
        """
        ...

    @operation(
        "POST",
        "/v2/orders/{order_id}/cancel",
        errors=(OrderNotFound, CannotCancel),
        scope=Scope.ORDERS_WRITE,
        idempotent=True,
    )
    async def cancel_order(self, order_id: Id) -> Order:
        """Cancel an order, and give its stock back; cancelling it again changes nothing."""
        ...

    @operation(
        "GET",
        "/v2/orders/{order_id}/events",
        errors=(OrderNotFound, TooManyStreams),
        scope=Scope.ORDERS_READ,
    )
    async def follow_order(self, order_id: Id) -> EventStream[OrderEvent]:
        """Follow an order until it is confirmed, rejected or cancelled.

        The first event tells the present state. A stream may end early when the service shuts down: follow again.
        """
        ...

    @operation("GET", "/v2/admin/orders", errors=(InvalidCursor,), scope=Scope.ORDERS_ADMIN)
    async def list_all_orders(
        self,
        status: OrderStatus | None = None,
        customer_id: Id | None = None,
        limit: PageSize = 20,
        cursor: Cursor | None = None,
    ) -> Page[Order]:
        """List everybody's orders, newest first."""
        ...

    @operation("GET", "/v2/customers/{customer_id}/purchases/{product_id}", scope=Scope.ORDERS_PEERS)
    async def has_purchased(self, customer_id: Id, product_id: Id) -> Purchase:
        """Tell whether a customer has bought a product.

        For services: what counts is a confirmed order.
        """
        ...

    @operation("GET", "/v2/customers/{customer_id}/open-orders", scope=Scope.ORDERS_PEERS)
    async def get_open_orders(self, customer_id: Id) -> OpenOrders:
        """Tell which orders of a customer are not yet settled.

        For services: an account can be closed when there are none. An order is open while it is pending.
        """
        ...

    @operation("GET", "/v2/order-states", scope=Scope.ORDERS_PEERS)
    async def get_order_states(self, order_id: OrderIds) -> OrderStates:
        """Tell how far each of these orders has come.

        For services. Repeat the parameter: `?order_id=...&order_id=...`. Orders that do not exist are left out.
        """
        ...
