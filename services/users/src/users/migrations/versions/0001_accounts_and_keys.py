"""Make the tables of accounts and of signing keys."""

import sqlalchemy as sa
from alembic import op
from chassis.columns import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    _make_accounts()
    _make_signing_keys()


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("signing_keys")
    op.drop_table("accounts")


def _make_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("email_key", sa.String(254), comment="the email in lower case: one account each"),
        sa.Column("given", sa.String(100)),
        sa.Column("family", sa.String(100)),
        sa.Column("password_hash", sa.Text),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("generation", sa.Integer, nullable=False, comment="tokens of other generations are refused"),
        sa.Column("version", sa.Integer, nullable=False, comment="what the ETag tells"),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.Column("password_changed_at", UtcDateTime),
        sa.Column("closing_since", UtcDateTime, comment="by the database's clock"),
        sa.PrimaryKeyConstraint("id", name="accounts_pkey"),
        sa.UniqueConstraint("email_key", name="accounts_email_key_key"),
        *_account_checks(),
    )
    op.create_index("accounts_by_status", "accounts", ["status", "id"])


def _account_checks() -> list[sa.CheckConstraint]:
    personal = ("email", "email_key", "given", "password_hash", "password_changed_at")
    erased = " AND ".join(f"{name} IS NULL" for name in (*personal, "family"))
    whole = " AND ".join(f"{name} IS NOT NULL" for name in personal)
    checks = {
        "role": "role IN ('customer', 'staff')",
        "status": "status IN ('active', 'closing', 'closed')",
        "closing": "(status = 'closing') = (closing_since IS NOT NULL)",
        "erased": f"status <> 'closed' OR ({erased})",
        "whole": f"status = 'closed' OR ({whole})",
    }
    return [sa.CheckConstraint(rule, name=op.f(f"accounts_{name}_check")) for name, rule in checks.items()]


def _make_signing_keys() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.String(100), nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False, comment="two makers of one key cannot both succeed"),
        sa.Column("pem", sa.Text, nullable=False),
        sa.Column("signs_from", UtcDateTime, nullable=False, comment="by the database's clock"),
        sa.Column("retires_at", UtcDateTime, comment="by the database's clock; null while no later key will sign"),
        sa.PrimaryKeyConstraint("kid", name="signing_keys_pkey"),
        sa.UniqueConstraint("ordinal", name="signing_keys_ordinal_key"),
    )
