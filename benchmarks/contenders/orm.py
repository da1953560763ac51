"""The orders' tables in SQLAlchemy's ORM, declared as its documentation does."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import DateTime, Dialect, ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from benchmarks.contenders.models import Money, OrderLine, OrderView

__all__ = ["Moment", "OrderRow"]


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, which SQLite keeps without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value


class Base(DeclarativeBase):
    """All tables."""


class LineRow(Base):
    """A line of an order."""

    __tablename__ = "order_lines"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[UUID]
    quantity: Mapped[int]
    name: Mapped[str | None]
    unit_cents: Mapped[int | None]

    def shown(self, currency: str) -> OrderLine:
        cents = self.unit_cents or 0
        return OrderLine(
            product_id=self.product_id,
            quantity=self.quantity,
            name=self.name,
            unit_price=Money.of(cents, currency),
            line_total=Money.of(cents * self.quantity, currency),
        )


class OrderRow(Base):
    """An order."""

    __tablename__ = "orders"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]
    status: Mapped[str]
    reason: Mapped[str | None]
    currency: Mapped[str | None]
    total_cents: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    lines: Mapped[list[LineRow]] = relationship(order_by=LineRow.position, lazy="selectin")

    @property
    def shown(self) -> OrderView:
        currency = self.currency or ""
        return OrderView(
            id=self.id,
            customer_id=self.customer_id,
            status=self.status,
            reason=self.reason,
            lines=[line.shown(currency) for line in self.lines],
            total=Money.of(self.total_cents or 0, currency),
            created_at=self.created_at,
            updated_at=self.updated_at,
        )
