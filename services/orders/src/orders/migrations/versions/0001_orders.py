"""Make the tables of orders, of their lines and of idempotency keys."""

import sqlalchemy as sa
from alembic import op
from chassis.columns import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _make_orders()
    _make_lines()
    _make_keys()


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("idempotency_keys")
    op.drop_table("order_lines")
    op.drop_table("orders")


def _make_orders() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("customer_id", sa.Uuid, nullable=False),
        sa.Column("generation", sa.Integer),
        sa.Column("expected_cents", sa.BigInteger),
        sa.Column("expected_currency", sa.String(3)),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("currency", sa.String(3)),
        sa.Column("total_cents", sa.BigInteger),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime),
        sa.Column("release_pending", sa.Boolean, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("last_failure", sa.String(500)),
        sa.Column("parked_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        *_order_checks(),
    )
    op.create_index("ix_orders_customer_id_id", "orders", ["customer_id", "id"])
    op.create_index("ix_orders_due_at", "orders", ["due_at"])
    op.create_index("ix_orders_parked_at", "orders", ["parked_at"])


def _order_checks() -> list[sa.CheckConstraint]:
    rules = {
        "status": "status IN ('pending', 'confirmed', 'rejected', 'cancelled')",
        "reason": "(status = 'rejected') = (reason IS NOT NULL)",
        "priced": "(currency IS NULL) = (total_cents IS NULL)",
        "confirmed_is_priced": "status <> 'confirmed' OR total_cents IS NOT NULL",
        "expected": "(expected_currency IS NULL) = (expected_cents IS NULL)",
        "never_stuck": ("due_at IS NOT NULL OR parked_at IS NOT NULL OR (status <> 'pending' AND NOT release_pending)"),
    }
    return [sa.CheckConstraint(rule, name=op.f(f"ck_orders_{name}")) for name, rule in rules.items()]


def _make_lines() -> None:
    op.create_table(
        "order_lines",
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("product_id", sa.Uuid, nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("name", sa.String(100)),
        sa.Column("unit_cents", sa.BigInteger),
        sa.PrimaryKeyConstraint("order_id", "position", name="pk_order_lines"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_lines_order_id", ondelete="CASCADE"),
        sa.UniqueConstraint("order_id", "product_id", name="uq_order_lines_order_id_product_id"),
        sa.CheckConstraint("quantity BETWEEN 1 AND 50000", name=op.f("ck_order_lines_quantity")),
        sa.CheckConstraint("unit_cents >= 0", name=op.f("ck_order_lines_unit_cents")),
        sa.CheckConstraint("(name IS NULL) = (unit_cents IS NULL)", name=op.f("ck_order_lines_priced")),
    )
    op.create_index("ix_order_lines_product_id", "order_lines", ["product_id"])


def _make_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("principal", sa.String(200), nullable=False),
        sa.Column("operation", sa.String(100), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("resource", sa.Uuid, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("body", sa.LargeBinary),
        sa.Column("headers", sa.JSON(none_as_null=True)),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("principal", "operation", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_resource", "idempotency_keys", ["resource"])
    op.create_index("ix_idempotency_keys_expires_at", "idempotency_keys", ["expires_at"])
