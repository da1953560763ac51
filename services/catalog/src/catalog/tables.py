"""The tables of the catalog service."""

from chassis.columns import UtcDateTime
from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

__all__ = [
    "adjustments",
    "images",
    "metadata",
    "product_categories",
    "products",
    "reservation_lines",
    "reservations",
    "reviews",
]

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

products = Table(
    "products",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("sku", String(40), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("description", Text, nullable=False),
    Column("searched", Text, nullable=False, comment="name and description without case, for LIKE"),
    Column("categories", JSON, nullable=False, comment="in the order in which they are shown"),
    Column("price_cents", Integer, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("on_hand", Integer, nullable=False),
    Column("reserved", Integer, nullable=False),
    Column("available", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("version", Integer, nullable=False, comment="moves when staff change the product"),
    Column("stock_version", Integer, nullable=False, comment="moves with every piece"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    CheckConstraint("price_cents >= 0", name="price"),
    CheckConstraint("available >= 0", name="available"),
    CheckConstraint("reserved >= 0", name="reserved"),
    CheckConstraint("on_hand = available + reserved", name="on_hand"),
    CheckConstraint("status IN ('active', 'discontinued')", name="status"),
)

product_categories = Table(
    "product_categories",
    metadata,
    Column("category", String(40), primary_key=True),
    Column("product_id", Uuid, ForeignKey("products.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_product_categories_product_id", "product_id"),
    comment="an index of products by category; what is shown is in products",
)

adjustments = Table(
    "adjustments",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("product_id", Uuid, ForeignKey("products.id"), nullable=False),
    Column("delta", Integer, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("made_by", String(100), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index("ix_adjustments_product_id", "product_id"),
)

images = Table(
    "images",
    metadata,
    Column("product_id", Uuid, ForeignKey("products.id"), primary_key=True),
    Column("media_type", String(40), nullable=False),
    Column("digest", String(64), nullable=False, comment="SHA-256 of the content, which is also its ETag"),
    Column("content", LargeBinary, nullable=False),
    Column("thumbnail", LargeBinary, comment="null until it is made"),
)

reservations = Table(
    "reservations",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("status", String(20), nullable=False),
    Column("expires_at", UtcDateTime, comment="by the database's clock"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    CheckConstraint("status IN ('held', 'committed', 'released', 'expired')", name="status"),
    CheckConstraint("(status = 'held') = (expires_at IS NOT NULL)", name="expires"),
    Index("ix_reservations_expires_at", "expires_at"),
    Index("ix_reservations_status_updated_at", "status", "updated_at"),
)

reservation_lines = Table(
    "reservation_lines",
    metadata,
    Column("order_id", Uuid, ForeignKey("reservations.order_id", ondelete="CASCADE"), primary_key=True),
    Column("product_id", Uuid, ForeignKey("products.id"), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("price_cents", Integer, nullable=False),
    Column("currency", String(3), nullable=False),
    CheckConstraint("quantity > 0", name="quantity"),
    CheckConstraint("price_cents >= 0", name="price"),
    Index("ix_reservation_lines_product_id", "product_id"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("product_id", Uuid, ForeignKey("products.id"), nullable=False),
    Column("customer_id", Uuid, nullable=False),
    Column("rating", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("product_id", "customer_id"),
    CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
    Index("ix_reviews_product_id_id", "product_id", "id"),
)
