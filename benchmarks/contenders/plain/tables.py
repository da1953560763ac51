"""The tables of the plain shop; each service has those it needs in a database of its own."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from benchmarks.contenders.orm import Moment

__all__ = [
    "AccountRow",
    "Base",
    "KeyRow",
    "LineRow",
    "OrderRow",
    "ProductRow",
    "ReservationRow",
    "ReservedRow",
]


def _now() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """All tables."""


class AccountRow(Base):
    """An account of users."""

    __tablename__ = "accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    given: Mapped[str]
    family: Mapped[str]
    status: Mapped[str] = mapped_column(default="active")
    generation: Mapped[int] = mapped_column(default=1)
    password_hash: Mapped[str]


class ProductRow(Base):
    """A product of the catalog."""

    __tablename__ = "products"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    price_cents: Mapped[int]
    currency: Mapped[str]
    available: Mapped[int]
    reserved: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(default="active")


class ReservationRow(Base):
    """What is put aside for an order."""

    __tablename__ = "reservations"

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    status: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Moment, default=_now)
    lines: Mapped[list["ReservedRow"]] = relationship(lazy="selectin")


class ReservedRow(Base):
    """So many of one product, put aside."""

    __tablename__ = "reservation_lines"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("reservations.order_id"), primary_key=True)
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    quantity: Mapped[int]
    price_cents: Mapped[int]
    currency: Mapped[str]


class OrderRow(Base):
    """An order."""

    __tablename__ = "orders"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    customer_id: Mapped[UUID] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(default="pending")
    currency: Mapped[str | None]
    total_cents: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Moment, default=_now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=_now, onupdate=_now)
    lines: Mapped[list["LineRow"]] = relationship(lazy="selectin", order_by="LineRow.position")


class LineRow(Base):
    """A line of an order."""

    __tablename__ = "order_lines"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[UUID]
    quantity: Mapped[int]
    name: Mapped[str | None]
    unit_cents: Mapped[int | None]


class KeyRow(Base):
    """An idempotency key, and the order that it made."""

    __tablename__ = "idempotency_keys"

    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
