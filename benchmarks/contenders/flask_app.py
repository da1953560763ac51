"""Flask: an order from memory, and one by SQLAlchemy's ORM."""

import json
from uuid import UUID

from flask import Flask, Response, abort, jsonify
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from benchmarks.contenders.orm import OrderRow
from benchmarks.contenders.settings import expected_order, sync_database_url

__all__ = ["app"]

_ORDER = json.loads(expected_order())
_sessions = sessionmaker(create_engine(sync_database_url()))

app = Flask(__name__)


@app.get("/bare/<uuid:order_id>")
def get_kept(order_id: UUID) -> Response:
    """Read the order that is kept in memory."""
    return jsonify(_ORDER)


@app.get("/v2/orders/<uuid:order_id>")
def get_order(order_id: UUID) -> Response:
    """Read one order."""
    with _sessions() as session:
        row = session.get(OrderRow, order_id)
        if row is None:
            abort(404)
        return jsonify(row.shown.model_dump(mode="json"))


@app.get("/ready")
def ready() -> str:
    """Say that this serves."""
    return "ready"
