"""The steps that the shop is there for: an order is placed, read, sent twice and refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contracts.answers import IDEMPOTENCY_REPLAYED
from contracts.catalog.v2 import Product
from contracts.orders.errors import OutOfStock
from contracts.orders.v2 import NewLine, NewOrder, Order, Orders, OrderStatus, Part
from contracts.wire import Money

from demo.shelf import look
from demo.surprises import refusal_of, same
from demo.visit import Visit

__all__ = ["Basket", "ask_for_too_much", "place", "read", "read_v1", "send_again"]

_LOOKED_AT = 10


@dataclass(frozen=True)
class Basket:
    """Some of each product, and the key under which it is ordered once."""

    products: Sequence[Product]
    quantities: Sequence[int]
    key: str

    @property
    def lines(self) -> Iterable[tuple[Product, int]]:
        return zip(self.products, self.quantities, strict=True)

    @property
    def total(self) -> Money:
        """What it should cost, by the prices on the shelf."""
        return Money.of(sum(product.price.cents * quantity for product, quantity in self.lines))

    def order(self) -> NewOrder:
        lines = [NewLine(product_id=product.id, quantity=quantity) for product, quantity in self.lines]
        return NewOrder(lines=lines, expected_total=self.total)


async def place(visit: Visit, basket: Basket) -> Order:
    """Order three products."""
    visit.tell.step("She orders three products through version 2, under an Idempotency-Key")
    answer = await Orders(visit.ada).place_order.answer(basket.order(), idempotency_key=basket.key)
    order = answer.value
    same("The status of the answer", answer.status, 201)
    same("The order", order.status, OrderStatus.CONFIRMED)
    same("Its total", order.total, basket.total)
    await visit.tell_within("get_standing", "reserve", "commit_reservation")
    visit.tell.show(order, "id", "status", "total")
    return order


async def read(visit: Visit, order: Order) -> None:
    """Read an order through version 2, with all that others know of it."""
    visit.tell.step("She reads it with customer and products, which orders asks the others for")
    view = await Orders(visit.ada).get_order(order.id, include=[Part.CUSTOMER, Part.PRODUCTS])
    same("What is missing", view.missing, [])
    await visit.tell_within("get_people", "get_products")
    name = view.customer.name.model_dump() if view.customer and view.customer.name else None
    visit.tell.fact({"customer": name, "products": [card.name for card in view.products or ()]})


async def read_v1(visit: Visit, order: Order) -> None:
    """Read an order as version 1 has it."""
    v1 = visit.begin("She reads it in the words of version 1", "contracts.orders.v1")
    if v1 is None:
        return
    seen = await v1.Orders(visit.ada).get_order(order.id)
    same("The total in cents", seen.total_cents, order.total.cents if order.total else None)
    visit.tell.show(seen, "id", "status", "total_cents")


async def send_again(visit: Visit, basket: Basket, order: Order) -> None:
    """Send the same order under the same key."""
    visit.tell.step("Her phone sends the order again, under the same key: it is the same order")
    answer = await Orders(visit.ada).place_order.answer(basket.order(), idempotency_key=basket.key)
    same("The second answer", answer.value, order)
    replayed = answer.headers.get(IDEMPOTENCY_REPLAYED)
    same("Idempotency-Replayed", replayed, "true")
    visit.tell.fact({"id": str(answer.value.id), "Idempotency-Replayed": replayed})


async def ask_for_too_much(visit: Visit, basket: Basket) -> None:
    """Order more than there is of one product, and see that nothing is put aside of the others either."""
    visit.tell.step("She wants one more than there are of the last: all lines are had, or none")
    before = await look(visit, _LOOKED_AT)
    placing = Orders(visit.ada).place_order(basket.order(), idempotency_key=basket.key)
    refusal = await refusal_of(placing, OutOfStock)
    await visit.tell_within("get_standing", "reserve")
    short = [{"detail": issue.detail, "pointer": issue.pointer} for issue in refusal.issues]
    visit.tell.fact({"code": refusal.code, "errors": short})
    after = await look(visit, _LOOKED_AT)
    same("The shelf after the refusal", after, before)
    visit.tell.note("the shelf is as it was before")
