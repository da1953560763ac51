"""Orders, version 2, over HTTP."""

from chassis.auth import Caller
from chassis.binding import ApiRouter, implements
from chassis.conditional import OF_CONTENT
from chassis.idempotency import required_key
from contracts.answers import ETAG, IDEMPOTENCY_REPLAYED, LOCATION, RETRY_AFTER, Answer, EventStream
from contracts.orders.v2 import (
    Include,
    NewOrder,
    OpenOrders,
    Order,
    OrderEvent,
    OrderIds,
    Orders,
    OrderStates,
    OrderStatus,
    OrderView,
    Purchase,
)
from contracts.places import IdempotencyKey
from contracts.wire import Cursor, Id, Page, PageSize

from orders.api.dependencies import CancellingDep, FollowingDep, HealthDep, PlacingDep, ReadingDep, ViewingDep

__all__ = ["router"]

router = ApiRouter(Orders)

_ASK_AGAIN = "1"  # second; a first retry is made by then


@implements(router, Orders.place_order)
async def place_order(
    new: NewOrder, placing: PlacingDep, caller: Caller, idempotency_key: IdempotencyKey = None
) -> Answer[Order]:
    placed = await placing.place(new, required_key(idempotency_key), caller)
    headers = {LOCATION: f"/v2/orders/{placed.order.id}"}
    if not placed.is_confirmed:
        return Answer(placed.order, 202, {**headers, RETRY_AFTER: _ASK_AGAIN})
    return Answer(placed.order, 201, {**headers, IDEMPOTENCY_REPLAYED: "true"} if placed.is_replayed else headers)


@implements(router, Orders.list_orders)
async def list_orders(
    reading: ReadingDep,
    caller: Caller,
    status: OrderStatus | None = None,
    limit: PageSize = 20,
    cursor: Cursor | None = None,
) -> Page[Order]:
    return await reading.list_own(caller, status, limit, cursor)


@implements(router, Orders.get_order)
async def get_order(
    order_id: Id, reading: ReadingDep, viewing: ViewingDep, caller: Caller, include: Include = None
) -> Answer[OrderView]:
    view = await viewing.show(await reading.get(order_id, caller), include or ())
    return Answer(view, headers={ETAG: OF_CONTENT})  # of all that is shown: peers move without the order


@implements(router, Orders.cancel_order)
async def cancel_order(order_id: Id, cancelling: CancellingDep, caller: Caller) -> Order:
    return await cancelling.cancel(order_id, caller)


@implements(router, Orders.follow_order)
async def follow_order(
    order_id: Id, following: FollowingDep, health: HealthDep, caller: Caller
) -> EventStream[OrderEvent]:
    return await following.follow(order_id, caller, health)


@implements(router, Orders.list_all_orders)
async def list_all_orders(
    reading: ReadingDep,
    status: OrderStatus | None = None,
    customer_id: Id | None = None,
    limit: PageSize = 20,
    cursor: Cursor | None = None,
) -> Page[Order]:
    return await reading.list_all(customer_id, status, limit, cursor)


@implements(router, Orders.has_purchased)
async def has_purchased(customer_id: Id, product_id: Id, reading: ReadingDep) -> Purchase:
    return await reading.tell_purchase(customer_id, product_id)


@implements(router, Orders.get_open_orders)
async def get_open_orders(customer_id: Id, reading: ReadingDep) -> OpenOrders:
    return await reading.tell_open(customer_id)


@implements(router, Orders.get_order_states)
async def get_order_states(order_id: OrderIds, reading: ReadingDep) -> OrderStates:
    return await reading.tell_states(order_id)
