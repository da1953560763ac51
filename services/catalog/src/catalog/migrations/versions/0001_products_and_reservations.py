"""Make the tables of products, their images and reviews, and of reservations."""

import sqlalchemy as sa
from alembic import op
from chassis.columns import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make all tables, those that others refer to first."""
    _make_products()
    _make_product_categories()
    _make_adjustments()
    _make_images()
    _make_reviews()
    _make_reservations()
    _make_reservation_lines()


def downgrade() -> None:
    """Drop all tables, those that refer to others first."""
    for table in (
        "reservation_lines",
        "reservations",
        "reviews",
        "images",
        "adjustments",
        "product_categories",
        "products",
    ):
        op.drop_table(table)


def _make_products() -> None:
    op.create_table(
        "products",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("sku", sa.String(40), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("searched", sa.Text, nullable=False, comment="name and description without case, for LIKE"),
        sa.Column("categories", sa.JSON, nullable=False, comment="in the order in which they are shown"),
        sa.Column("price_cents", sa.Integer, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("on_hand", sa.Integer, nullable=False),
        sa.Column("reserved", sa.Integer, nullable=False),
        sa.Column("available", sa.Integer, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, comment="moves when staff change the product"),
        sa.Column("stock_version", sa.Integer, nullable=False, comment="moves with every piece"),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_products_price")),
        sa.CheckConstraint("available >= 0", name=op.f("ck_products_available")),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_products_reserved")),
        sa.CheckConstraint("on_hand = available + reserved", name=op.f("ck_products_on_hand")),
        sa.CheckConstraint("status IN ('active', 'discontinued')", name=op.f("ck_products_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("sku", name=op.f("uq_products_sku")),
    )


def _make_product_categories() -> None:
    op.create_table(
        "product_categories",
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("product_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("category", "product_id", name=op.f("pk_product_categories")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_categories_product_id"), ondelete="CASCADE"
        ),
        comment="an index of products by category; what is shown is in products",
    )
    op.create_index("ix_product_categories_product_id", "product_categories", ["product_id"])


def _make_adjustments() -> None:
    op.create_table(
        "adjustments",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("product_id", sa.Uuid, nullable=False),
        sa.Column("delta", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("made_by", sa.String(100), nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_adjustments_product_id")),
    )
    op.create_index("ix_adjustments_product_id", "adjustments", ["product_id"])


def _make_images() -> None:
    op.create_table(
        "images",
        sa.Column("product_id", sa.Uuid, nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False, comment="SHA-256 of the content, which is also its ETag"),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("thumbnail", sa.LargeBinary, comment="null until it is made"),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_images")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_images_product_id")),
    )


def _make_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("product_id", sa.Uuid, nullable=False),
        sa.Column("customer_id", sa.Uuid, nullable=False),
        sa.Column("rating", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_reviews_rating")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_reviews_product_id")),
        sa.UniqueConstraint("product_id", "customer_id", name=op.f("uq_reviews_product_id_customer_id")),
    )
    op.create_index("ix_reviews_product_id_id", "reviews", ["product_id", "id"])


def _make_reservations() -> None:
    op.create_table(
        "reservations",
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("expires_at", UtcDateTime, comment="by the database's clock"),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "status IN ('held', 'committed', 'released', 'expired')", name=op.f("ck_reservations_status")
        ),
        sa.CheckConstraint("(status = 'held') = (expires_at IS NOT NULL)", name=op.f("ck_reservations_expires")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_reservations")),
    )
    op.create_index("ix_reservations_expires_at", "reservations", ["expires_at"])
    op.create_index("ix_reservations_status_updated_at", "reservations", ["status", "updated_at"])


def _make_reservation_lines() -> None:
    op.create_table(
        "reservation_lines",
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("product_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("price_cents", sa.Integer, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservation_lines_quantity")),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_reservation_lines_price")),
        sa.PrimaryKeyConstraint("order_id", "product_id", name=op.f("pk_reservation_lines")),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["reservations.order_id"],
            name=op.f("fk_reservation_lines_order_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_reservation_lines_product_id")),
    )
    op.create_index("ix_reservation_lines_product_id", "reservation_lines", ["product_id"])
