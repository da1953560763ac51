"""Litestar: an order from memory, and one by SQLAlchemy's async ORM."""

from uuid import UUID

from litestar import Litestar, get
from litestar.exceptions import NotFoundException
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from benchmarks.contenders.models import OrderView
from benchmarks.contenders.orm import OrderRow
from benchmarks.contenders.settings import async_database_url, expected_order

__all__ = ["app"]

_ORDER = OrderView.model_validate_json(expected_order())
_sessions = async_sessionmaker(create_async_engine(async_database_url()), expire_on_commit=False)


@get("/bare/{order_id:uuid}")
async def get_kept(order_id: UUID) -> OrderView:
    """Read the order that is kept in memory."""
    return _ORDER


@get("/v2/orders/{order_id:uuid}")
async def get_order(order_id: UUID) -> OrderView:
    """Read one order."""
    async with _sessions() as session:
        row = await session.get(OrderRow, order_id)
    if row is None:
        raise NotFoundException("No such order")
    return row.shown


@get("/ready")
async def ready() -> str:
    """Say that this serves."""
    return "ready"


app = Litestar([get_kept, get_order, ready], openapi_config=None)
