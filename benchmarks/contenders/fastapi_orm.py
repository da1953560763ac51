"""Plain FastAPI with SQLAlchemy's async ORM the documented way, with nothing else on."""

from uuid import UUID

from fastapi import FastAPI, HTTPException

from benchmarks.contenders.models import OrderView
from benchmarks.contenders.orm import OrderRow
from benchmarks.contenders.sessions import SessionDep

__all__ = ["app"]

app = FastAPI()


@app.get("/v2/orders/{order_id}")
async def get_order(order_id: UUID, session: SessionDep) -> OrderView:
    """Read one order."""
    row = await session.get(OrderRow, order_id)
    if row is None:
        raise HTTPException(404, "No such order")
    return row.shown


@app.get("/ready")
async def ready() -> str:
    """Say that this serves."""
    return "ready"
