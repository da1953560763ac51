"""Plain typed FastAPI with nothing on, and no database: an order from memory."""

from uuid import UUID

from fastapi import FastAPI

from benchmarks.contenders.models import OrderView
from benchmarks.contenders.settings import expected_order

__all__ = ["app"]

_ORDER = OrderView.model_validate_json(expected_order())

app = FastAPI()


@app.get("/v2/orders/{order_id}")
async def get_order(order_id: UUID) -> OrderView:
    """Read one order."""
    return _ORDER


@app.get("/ready")
async def ready() -> str:
    """Say that this serves."""
    return "ready"
