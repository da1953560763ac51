"""Django: an order from memory, and one by its own ORM."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from sqlalchemy import make_url

from benchmarks.contenders.settings import database_url, expected_order

__all__ = ["app", "urlpatterns"]

_COMPACT = {"separators": (",", ":")}
_ORDER = json.loads(expected_order())


def _database() -> dict[str, object]:
    url = make_url(database_url())
    engine = "sqlite3" if url.drivername == "sqlite" else "postgresql"
    place = {"HOST": url.host or "", "PORT": url.port or "", "USER": url.username or ""}
    return {"ENGINE": f"django.db.backends.{engine}", "NAME": url.database, "CONN_MAX_AGE": None, **place}


settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": _database()},
    ROOT_URLCONF=__name__,
    SECRET_KEY="-",  # noqa: S106 (it signs nothing here)
    USE_TZ=True,
)
django.setup()


class OrderRow(models.Model):
    """An order."""

    id: "models.UUIDField[UUID, UUID]" = models.UUIDField(primary_key=True)
    customer_id: "models.UUIDField[UUID, UUID]" = models.UUIDField()
    status: "models.CharField[str, str]" = models.CharField(max_length=20)
    reason: "models.CharField[str | None, str | None]" = models.CharField(max_length=40, null=True)
    currency: "models.CharField[str | None, str | None]" = models.CharField(max_length=3, null=True)
    total_cents: "models.BigIntegerField[int | None, int | None]" = models.BigIntegerField(null=True)
    created_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    updated_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()

    class Meta:
        """Where it is kept."""

        app_label = "shop"
        db_table = "orders"
        managed = False


class LineRow(models.Model):
    """A line of an order."""

    pk = models.CompositePrimaryKey("order_id", "position")
    order: "models.ForeignKey[OrderRow, OrderRow]" = models.ForeignKey(OrderRow, models.CASCADE, related_name="lines")
    position: "models.IntegerField[int, int]" = models.IntegerField()
    product_id: "models.UUIDField[UUID, UUID]" = models.UUIDField()
    quantity: "models.IntegerField[int, int]" = models.IntegerField()
    name: "models.CharField[str | None, str | None]" = models.CharField(max_length=100, null=True)
    unit_cents: "models.BigIntegerField[int | None, int | None]" = models.BigIntegerField(null=True)

    class Meta:
        """Where it is kept."""

        app_label = "shop"
        db_table = "order_lines"
        managed = False


def get_kept(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Read the order that is kept in memory."""
    return JsonResponse(_ORDER, json_dumps_params=_COMPACT)


def get_order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Read one order."""
    row = get_object_or_404(OrderRow, id=order_id)
    lines = list(LineRow.objects.filter(order=row).order_by("position"))
    return JsonResponse(_shown(row, lines), json_dumps_params=_COMPACT)


def ready(request: HttpRequest) -> HttpResponse:
    """Say that this serves."""
    return HttpResponse("ready")


def _shown(row: OrderRow, lines: list[LineRow]) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "customer_id": str(row.customer_id),
        "status": row.status,
        "reason": row.reason,
        "lines": [_line(line, row.currency) for line in lines],
        "total": _money(row.total_cents, row.currency),
        "created_at": _moment(row.created_at),
        "updated_at": _moment(row.updated_at),
        "customer": None,
        "products": None,
        "missing": [],
    }


def _line(line: LineRow, currency: str | None) -> dict[str, Any]:
    cents = line.unit_cents or 0
    return {
        "product_id": str(line.product_id),
        "quantity": line.quantity,
        "name": line.name,
        "unit_price": _money(cents, currency),
        "line_total": _money(cents * line.quantity, currency),
    }


def _money(cents: int | None, currency: str | None) -> dict[str, str | None]:
    return {"amount": f"{(cents or 0) // 100}.{(cents or 0) % 100:02}", "currency": currency}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


urlpatterns = [
    path("bare/<uuid:order_id>", get_kept),
    path("v2/orders/<uuid:order_id>", get_order),
    path("ready", ready),
]

app = WSGIHandler()
