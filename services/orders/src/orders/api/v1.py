"""Orders, version 1, over HTTP: version 2 in version 1's words."""

from chassis.auth import Caller
from chassis.binding import ApiRouter, implements
from chassis.idempotency import parse_key
from contracts.answers import IDEMPOTENCY_REPLAYED, LOCATION, RETRY_AFTER, Answer
from contracts.orders.v1 import NewOrder, Order, Orders
from contracts.orders.v1_v2 import NewOrderV1V2, OrderV1V2
from contracts.places import IdempotencyKey
from contracts.wire import Id, PageSize, Skip

from orders.api.dependencies import CancellingDep, PlacingDep, ReadingDep

__all__ = ["router"]

router = ApiRouter(Orders)

_ASK_AGAIN = "1"  # second; a first retry is made by then


@implements(router, Orders.place_order)
async def place_order(
    new: NewOrder, placing: PlacingDep, caller: Caller, idempotency_key: IdempotencyKey = None
) -> Answer[Order]:
    key = None if idempotency_key is None else parse_key(idempotency_key)
    placed = await placing.place(NewOrderV1V2.up(new), key, caller)
    order = OrderV1V2.down(placed.order)
    headers = {LOCATION: f"/v1/orders/{order.id}"}
    if not placed.is_confirmed:
        return Answer(order, 202, {**headers, RETRY_AFTER: _ASK_AGAIN})
    return Answer(order, 201, {**headers, IDEMPOTENCY_REPLAYED: "true"} if placed.is_replayed else headers)


@implements(router, Orders.list_orders)
async def list_orders(reading: ReadingDep, caller: Caller, skip: Skip = 0, limit: PageSize = 20) -> list[Order]:
    return [OrderV1V2.down(order) for order in await reading.list_slice(caller, skip, limit)]


@implements(router, Orders.get_order)
async def get_order(order_id: Id, reading: ReadingDep, caller: Caller) -> Order:
    return OrderV1V2.down(await reading.get(order_id, caller))


@implements(router, Orders.cancel_order)
async def cancel_order(order_id: Id, cancelling: CancellingDep, caller: Caller) -> Order:
    return OrderV1V2.down(await cancelling.cancel(order_id, caller))
