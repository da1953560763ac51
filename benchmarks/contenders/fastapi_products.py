"""Plain FastAPI with SQLAlchemy's async ORM: a page of products of a category, the documented way."""

import json
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import FastAPI, Query
from pydantic import BaseModel
from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from benchmarks.contenders.models import Money
from benchmarks.contenders.orm import Moment
from benchmarks.contenders.sessions import SessionDep

__all__ = ["app"]


class Base(DeclarativeBase):
    """All tables."""


class CategoryRow(Base):
    """A product's category."""

    __tablename__ = "product_categories"

    category: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"), primary_key=True)


class ProductRow(Base):
    """A product."""

    __tablename__ = "products"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sku: Mapped[str]
    name: Mapped[str]
    description: Mapped[str]
    categories: Mapped[list[str]] = mapped_column(JSON)
    price_cents: Mapped[int]
    currency: Mapped[str]
    on_hand: Mapped[int]
    reserved: Mapped[int]
    available: Mapped[int]
    status: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class Stock(BaseModel):
    """How many pieces there are."""

    on_hand: int
    reserved: int
    available: int


class Product(BaseModel):
    """Something to sell."""

    id: UUID
    sku: str
    name: str
    description: str
    categories: list[str]
    price: Money
    stock: Stock
    status: str
    created_at: datetime
    updated_at: datetime


class Page(BaseModel):
    """A page of products."""

    items: list[Product]
    next_cursor: str | None


app = FastAPI()


@app.get("/v2/products")
async def list_products(session: SessionDep, category: str, limit: Annotated[int, Query(le=100)] = 20) -> Page:
    """List products of a category, oldest first."""
    filed = select(CategoryRow.product_id).where(CategoryRow.category == category)
    query = select(ProductRow).where(ProductRow.id.in_(filed)).order_by(ProductRow.id).limit(limit + 1)
    rows = list(await session.scalars(query))
    more = len(rows) > limit
    return Page(items=[_shown(row) for row in rows[:limit]], next_cursor=_cursor(rows[limit - 1].id) if more else None)


@app.get("/ready")
async def ready() -> str:
    """Say that this serves."""
    return "ready"


def _shown(row: ProductRow) -> Product:
    return Product(
        id=row.id,
        sku=row.sku,
        name=row.name,
        description=row.description,
        categories=row.categories,
        price=Money.of(row.price_cents, row.currency),
        stock=Stock(on_hand=row.on_hand, reserved=row.reserved, available=row.available),
        status=row.status,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _cursor(last: UUID) -> str:
    return urlsafe_b64encode(json.dumps([str(last)]).encode()).decode()
