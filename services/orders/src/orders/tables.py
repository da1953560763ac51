"""The tables of the orders service."""

from chassis.columns import UtcDateTime
from chassis.idempotency import idempotency_table
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)

__all__ = ["keys", "lines", "metadata", "orders"]

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

orders = Table(
    "orders",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("customer_id", Uuid, nullable=False),
    Column("generation", Integer),  # of the session that placed it; a session that has ended places nothing
    Column("expected_cents", BigInteger),
    Column("expected_currency", String(3)),
    Column("status", String(20), nullable=False),
    Column("reason", String(40)),
    Column("currency", String(3)),
    Column("total_cents", BigInteger),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    # What is still to be done, and by when somebody else may try: null when the order is settled, or parked.
    Column("due_at", UtcDateTime),
    Column("release_pending", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_failure", String(500)),
    Column("parked_at", UtcDateTime),
    CheckConstraint("status IN ('pending', 'confirmed', 'rejected', 'cancelled')", name="status"),
    CheckConstraint("(status = 'rejected') = (reason IS NOT NULL)", name="reason"),
    CheckConstraint("(currency IS NULL) = (total_cents IS NULL)", name="priced"),
    CheckConstraint("status <> 'confirmed' OR total_cents IS NOT NULL", name="confirmed_is_priced"),
    CheckConstraint("(expected_currency IS NULL) = (expected_cents IS NULL)", name="expected"),
    CheckConstraint(
        "due_at IS NOT NULL OR parked_at IS NOT NULL OR (status <> 'pending' AND NOT release_pending)",
        name="never_stuck",
    ),
    Index("ix_orders_customer_id_id", "customer_id", "id"),
    Index("ix_orders_due_at", "due_at"),
    Index("ix_orders_parked_at", "parked_at"),
)

lines = Table(
    "order_lines",
    metadata,
    Column("order_id", Uuid, ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),  # of the first line of the request that wants this product
    Column("product_id", Uuid, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("name", String(100)),
    Column("unit_cents", BigInteger),
    UniqueConstraint("order_id", "product_id"),
    CheckConstraint("quantity BETWEEN 1 AND 50000", name="quantity"),
    CheckConstraint("unit_cents >= 0", name="unit_cents"),
    CheckConstraint("(name IS NULL) = (unit_cents IS NULL)", name="priced"),
    Index("ix_order_lines_product_id", "product_id"),
)

keys = idempotency_table(metadata)
