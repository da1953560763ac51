"""The plain catalog: products, and what is put aside of them."""

from typing import Annotated
from uuid import UUID

from fastapi import HTTPException, Query
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks.contenders.models import Money
from benchmarks.contenders.plain.models import Card, Cards, NewLine, NewOrder, Reservation, ReservedLine
from benchmarks.contenders.plain.service import make_app
from benchmarks.contenders.plain.tables import ProductRow, ReservationRow, ReservedRow
from benchmarks.contenders.sessions import SessionDep
from benchmarks.contenders.tutorial import CallerDep

__all__ = ["app"]

app = make_app()


@app.get("/v2/product-cards")
async def get_cards(product_id: Annotated[list[UUID], Query()], session: SessionDep) -> Cards:
    """Show the cards of several products."""
    rows = await session.scalars(select(ProductRow).where(ProductRow.id.in_(product_id)).order_by(ProductRow.id))
    return Cards(
        items=[
            Card(id=row.id, name=row.name, price=Money.of(row.price_cents, row.currency), status=row.status)
            for row in rows
        ]
    )


@app.put("/v2/reservations/{order_id}")
async def reserve(order_id: UUID, wanted: NewOrder, session: SessionDep, caller: CallerDep) -> Reservation:
    """Put all lines aside, or none."""
    row = ReservationRow(order_id=order_id, status="held", lines=[])
    session.add(row)
    for line in sorted(wanted.lines, key=lambda line: line.product_id):
        row.lines.append(await _put_aside(session, order_id, line))
    await session.commit()
    return _shown(row)


@app.post("/v2/reservations/{order_id}/commit")
async def commit(order_id: UUID, session: SessionDep, caller: CallerDep) -> Reservation:
    """Sell what is put aside."""
    row = await session.get(ReservationRow, order_id)
    if row is None:
        raise HTTPException(404, "No such reservation")
    for line in row.lines:
        sold = update(ProductRow).where(ProductRow.id == line.product_id)
        await session.execute(sold.values(reserved=ProductRow.reserved - line.quantity))
    row.status = "committed"
    await session.commit()
    return _shown(row)


async def _put_aside(session: AsyncSession, order_id: UUID, line: NewLine) -> ReservedRow:
    moved = (
        update(ProductRow)
        .where(ProductRow.id == line.product_id, ProductRow.available >= line.quantity)
        .values(available=ProductRow.available - line.quantity, reserved=ProductRow.reserved + line.quantity)
        .returning(ProductRow)
    )
    product = await session.scalar(moved)
    if product is None:
        raise HTTPException(409, "Out of stock")
    return ReservedRow(
        order_id=order_id,
        product_id=product.id,
        name=product.name,
        quantity=line.quantity,
        price_cents=product.price_cents,
        currency=product.currency,
    )


def _shown(row: ReservationRow) -> Reservation:
    return Reservation(
        order_id=row.order_id,
        status=row.status,
        lines=[
            ReservedLine(
                product_id=line.product_id,
                name=line.name,
                quantity=line.quantity,
                unit_price=Money.of(line.price_cents, line.currency),
            )
            for line in row.lines
        ],
        created_at=row.created_at,
    )
