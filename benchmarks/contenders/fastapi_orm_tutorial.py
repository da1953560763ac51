"""FastAPI with SQLAlchemy's async ORM and the middlewares of tutorials: the same things on as in our services."""

from uuid import UUID

from fastapi import FastAPI, HTTPException
from sqlalchemy import select

from benchmarks.contenders.models import OrderView
from benchmarks.contenders.orm import OrderRow
from benchmarks.contenders.sessions import SessionDep
from benchmarks.contenders.tutorial import CallerDep, add_middlewares

__all__ = ["app"]

app = FastAPI()
add_middlewares(app)


@app.get("/v2/orders/{order_id}")
async def get_order(order_id: UUID, session: SessionDep, caller: CallerDep) -> OrderView:
    """Read one order of one's own."""
    own = select(OrderRow).where(OrderRow.id == order_id, OrderRow.customer_id == UUID(caller.id))
    row = await session.scalar(own)
    if row is None or "orders:read" not in caller.scopes:
        raise HTTPException(404, "No such order")
    return row.shown


@app.get("/ready")
async def ready() -> str:
    """Say that this serves."""
    return "ready"
