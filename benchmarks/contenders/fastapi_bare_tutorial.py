"""Plain typed FastAPI without a database, with the middlewares of tutorials."""

from uuid import UUID

from fastapi import FastAPI

from benchmarks.contenders.models import OrderView
from benchmarks.contenders.settings import expected_order
from benchmarks.contenders.tutorial import CallerDep, add_middlewares

__all__ = ["app"]

_ORDER = OrderView.model_validate_json(expected_order())

app = FastAPI()
add_middlewares(app)


@app.get("/v2/orders/{order_id}")
async def get_order(order_id: UUID, caller: CallerDep) -> OrderView:
    """Read one order."""
    return _ORDER


@app.get("/ready")
async def ready() -> str:
    """Say that this serves."""
    return "ready"
