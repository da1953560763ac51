"""The plain orders service."""

from typing import Annotated, Any
from uuid import UUID, uuid4

import httpx
from fastapi import Header, HTTPException, Query, Request

from benchmarks.contenders.models import Money, Order, OrderLine
from benchmarks.contenders.plain.models import Cards, NewOrder, Person, Reservation, Standing
from benchmarks.contenders.plain.service import HttpDep, make_app
from benchmarks.contenders.plain.tables import KeyRow, LineRow, OrderRow
from benchmarks.contenders.sessions import SessionDep
from benchmarks.contenders.settings import url_of
from benchmarks.contenders.tutorial import CallerDep

__all__ = ["app"]

_USERS, _CATALOG = url_of("users"), url_of("catalog")

app = make_app()


class View(Order):
    """An order with what the other services know."""

    customer: Person | None = None
    products: Cards | None = None
    missing: tuple[str, ...] = ()


@app.post("/v2/orders", status_code=201)
async def place_order(
    new: NewOrder,
    idempotency_key: Annotated[str, Header()],
    session: SessionDep,
    caller: CallerDep,
    http: HttpDep,
    request: Request,
) -> Order:
    """Write the order down, ask users and catalog, and confirm it."""
    order = _order(new, UUID(caller.id))
    session.add(order)
    session.add(KeyRow(customer_id=order.customer_id, key=idempotency_key, order_id=order.id))
    await session.commit()
    call = _Caller(http, request)
    standing = Standing.model_validate(await call("GET", f"{_USERS}/v2/users/{caller.id}/standing"))
    if standing.status != "active":
        raise HTTPException(409, "The account is closed")
    place = f"{_CATALOG}/v2/reservations/{order.id}"
    reservation = Reservation.model_validate(await call("PUT", place, new.model_dump(mode="json")))
    await call("POST", f"{place}/commit")
    _confirm(order, reservation)
    await session.commit()
    return _shown(order)


@app.get("/v2/orders/{order_id}")
async def get_order(
    order_id: UUID,
    session: SessionDep,
    caller: CallerDep,
    http: HttpDep,
    request: Request,
    include: Annotated[list[str], Query()] = [],  # noqa: B006 (FastAPI copies it)
) -> View:
    """Read an order, and what the others know of it."""
    order = await session.get(OrderRow, order_id)
    if order is None or order.customer_id != UUID(caller.id):
        raise HTTPException(404, "No such order")
    call, view = _Caller(http, request), View(**_shown(order).model_dump())
    if "customer" in include:
        view.customer = Person.model_validate(await call("GET", f"{_USERS}/v2/people/{order.customer_id}"))
    if "products" in include:
        wanted = httpx.QueryParams([("product_id", str(line.product_id)) for line in order.lines])
        view.products = Cards.model_validate(await call("GET", f"{_CATALOG}/v2/product-cards?{wanted}"))
    return view


class _Caller:
    """Calls another service with the caller's own token."""

    def __init__(self, http: httpx.AsyncClient, request: Request) -> None:
        self._http = http
        self._headers = {"Authorization": request.headers["Authorization"]}

    async def __call__(self, method: str, url: str, body: object = None) -> Any:
        answer = await self._http.request(method, url, json=body, headers=self._headers)
        answer.raise_for_status()
        return answer.json()


def _order(new: NewOrder, customer: UUID) -> OrderRow:
    lines = [
        LineRow(position=position, product_id=line.product_id, quantity=line.quantity)
        for position, line in enumerate(new.lines)
    ]
    return OrderRow(id=uuid4(), customer_id=customer, status="pending", lines=lines)


def _confirm(order: OrderRow, reservation: Reservation) -> None:
    reserved = {line.product_id: line for line in reservation.lines}
    total = 0
    for line in order.lines:
        price = reserved[line.product_id]
        cents = int(price.unit_price.amount.replace(".", ""))
        line.name, line.unit_cents = price.name, cents
        total += cents * line.quantity
        order.currency = price.unit_price.currency
    order.total_cents, order.status = total, "confirmed"


def _shown(order: OrderRow) -> Order:
    currency = order.currency or ""
    return Order(
        id=order.id,
        customer_id=order.customer_id,
        status=order.status,
        reason=None,
        lines=[_line(line, currency) for line in order.lines],
        total=Money.of(order.total_cents or 0, currency),
        created_at=order.created_at,
        updated_at=order.updated_at,
    )


def _line(line: LineRow, currency: str) -> OrderLine:
    cents = line.unit_cents or 0
    return OrderLine(
        product_id=line.product_id,
        quantity=line.quantity,
        name=line.name,
        unit_price=Money.of(cents, currency),
        line_total=Money.of(cents * line.quantity, currency),
    )
