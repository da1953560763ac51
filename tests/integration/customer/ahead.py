"""What one side says and the other does not know, in both directions, and what comes of it."""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeAlias
from uuid import UUID, uuid4

import httpx
from contracts.catalog.v2 import Catalog, NewProduct, Price
from contracts.errors import ApiError, NoAnswer
from contracts.operation import Api, operation
from contracts.orders.errors import REFUSALS, OrderNotFound
from contracts.orders.v2 import NewLine, NewOrder, Order, Orders
from contracts.scopes import Scope
from contracts.wire import Id, Request
from pydantic import Field

from .caller import Caller

__all__ = ["meet"]

Json: TypeAlias = dict[str, Any]
Alter: TypeAlias = Callable[[Json, int], tuple[Json, int]]
Word: TypeAlias = Annotated[str, Field(max_length=9)]


class GiftOrder(NewOrder):
    """An order of tomorrow, which says one thing more."""

    gift: bool


class BareOrder(Request):
    """An order of a time when nobody had to say what he wants."""

    expected_total: None = None


class Tomorrow(Api, service="orders", version="v2"):
    """What a caller may know of version 2 that a service does not, or no more."""

    @operation("POST", "/v2/orders/{order_id}/gift", errors=(OrderNotFound,), scope=Scope.ORDERS_WRITE, idempotent=True)
    async def wrap_order(self, order_id: Id) -> Order:
        """Wrap an order."""
        ...

    @operation("POST", "/v2/orders", errors=REFUSALS, scope=Scope.ORDERS_WRITE)
    async def place_order(self, new: GiftOrder) -> Order:
        """Place an order, and say one thing more."""
        ...

    @operation("GET", "/v2/orders/{order_id}", errors=(OrderNotFound,), scope=Scope.ORDERS_READ)
    async def get_order(self, order_id: Id, wrapped: Word = "yes") -> Order:
        """Fetch an order, with a parameter more."""
        ...


class Yesterday(Api, service="orders", version="v2"):
    """What a caller may know otherwise than a service does."""

    @operation("POST", "/v2/orders", errors=REFUSALS, scope=Scope.ORDERS_WRITE)
    async def place_order(self, new: BareOrder) -> Order:
        """Place an order, and say one thing less."""
        ...

    @operation("GET", "/v2/orders/{order_id}", errors=(OrderNotFound,), scope=Scope.ORDERS_READ)
    async def get_order(self, order_id: Id, include: Word = "card") -> Order:
        """Fetch an order, and include what nothing is called any more."""
        ...


class Next(Api, service="orders", version="v3"):
    """A version that a service does not have yet, or no more."""

    @operation("GET", "/v3/orders/{order_id}", errors=(OrderNotFound,), scope=Scope.ORDERS_READ)
    async def get_order(self, order_id: Id) -> Order:
        """Fetch an order."""
        ...


class _Altered(httpx.AsyncBaseTransport):
    """Carries answers, each as another release might have given it."""

    def __init__(self, alter: Alter) -> None:
        self._alter = alter
        self._inside = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inside.handle_async_request(request)
        body, status = self._alter(json.loads(await answer.aread()), answer.status_code)
        await answer.aclose()
        kept = {name: value for name, value in answer.headers.items() if not name.startswith("content-")}
        return httpx.Response(status, headers={**kept, "content-type": answer.headers["content-type"]}, json=body)


def _with_more(body: Json, status: int) -> tuple[Json, int]:
    return {**body, "gift": True, "lines": [{**line, "wrapping": "paper"} for line in body["lines"]]}, status


def _with_another_word(body: Json, status: int) -> tuple[Json, int]:
    return {**body, "status": "wrapped"}, status


def _with_less(body: Json, status: int) -> tuple[Json, int]:
    return {name: value for name, value in body.items() if name != "total"}, status


def _refused(body: Json, status: int) -> tuple[Json, int]:
    return {**body, "status": 409, "code": "sold_by_auction"}, 409


async def meet(staff: Caller, ada: Caller) -> dict[str, str]:
    """Try all that may be unknown, and tell what came of each."""
    new = NewProduct(name="Kettle", categories=["kitchen"], price=Price.of(2500, "EUR"), stock=5)
    kettle = await Catalog(staff).create_product(new)
    lines = [NewLine(product_id=kettle.id, quantity=1)]
    order = await Orders(ada).place_order(NewOrder(lines=lines), idempotency_key=uuid4().hex)
    tomorrow, yesterday = Tomorrow(ada), Yesterday(ada)
    return {
        "the caller asks for an operation": await _told(tomorrow.wrap_order(order.id)),
        "the caller asks for a version": await _told(Next(ada).get_order(order.id)),
        "the caller sends a member": await _told(tomorrow.place_order(GiftOrder(lines=lines, gift=True))),
        "the caller sends a parameter": await _told(tomorrow.get_order(order.id)),
        "the caller sends a word for a choice": await _told(yesterday.get_order(order.id)),
        "the service wants a member": await _told(yesterday.place_order(BareOrder())),
        "the service answers members": await _altered(ada, order.id, _with_more),
        "the service answers a word for a choice": await _altered(ada, order.id, _with_another_word),
        "the service answers a member less": await _altered(ada, order.id, _with_less),
        "the service refuses for a reason": await _altered(ada, order.id, _refused),
    }


async def _altered(ada: Caller, order_id: UUID, alter: Alter) -> str:
    async with httpx.AsyncClient(transport=_Altered(alter)) as http:
        return await _told(Orders(ada.through(http)).get_order(order_id))


async def _told(call: Awaitable[Order]) -> str:
    """Say in a few words how a call ended."""
    try:
        return f"answered: {(await call).status}"
    except NoAnswer as error:
        return f"{type(error).__name__}, answered {error.answered}"
    except ApiError as error:
        issues = ", ".join(f"{issue.code} at {issue.pointer}" for issue in error.issues)
        return f"{type(error).__name__}: {issues}"
