"""The tables of the users service."""

from chassis.columns import UtcDateTime
from contracts.users.v2 import AccountRole, AccountStatus
from contracts.wire import Choice
from sqlalchemy import CheckConstraint, Column, Enum, Index, Integer, MetaData, String, Table, Text, Uuid

__all__ = ["accounts", "metadata", "signing_keys"]

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)


def _word(choice: type[Choice]) -> Enum:
    """Keep a word of a choice as text; the table's own check says which words there are."""
    return Enum(choice, native_enum=False, length=20, values_callable=list)


accounts = Table(
    "accounts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", String(254)),
    Column("email_key", String(254), unique=True, comment="the email in lower case: one account each"),
    Column("given", String(100)),
    Column("family", String(100)),
    Column("password_hash", Text),
    Column("role", _word(AccountRole), nullable=False),
    Column("status", _word(AccountStatus), nullable=False),
    Column("generation", Integer, nullable=False, comment="tokens of other generations are refused"),
    Column("version", Integer, nullable=False, comment="what the ETag tells"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("password_changed_at", UtcDateTime),
    Column("closing_since", UtcDateTime, comment="by the database's clock"),
    CheckConstraint("role IN ('customer', 'staff')", name="role"),
    CheckConstraint("status IN ('active', 'closing', 'closed')", name="status"),
    CheckConstraint("(status = 'closing') = (closing_since IS NOT NULL)", name="closing"),
    CheckConstraint(
        "status <> 'closed' OR (email IS NULL AND email_key IS NULL AND given IS NULL AND family IS NULL"
        " AND password_hash IS NULL AND password_changed_at IS NULL)",
        name="erased",
    ),
    CheckConstraint(
        "status = 'closed' OR (email IS NOT NULL AND email_key IS NOT NULL AND given IS NOT NULL"
        " AND password_hash IS NOT NULL AND password_changed_at IS NOT NULL)",
        name="whole",
    ),
    Index("accounts_by_status", "status", "id"),
)

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("kid", String(100), primary_key=True),
    Column("ordinal", Integer, nullable=False, unique=True, comment="two makers of one key cannot both succeed"),
    Column("pem", Text, nullable=False),
    Column("signs_from", UtcDateTime, nullable=False, comment="by the database's clock"),
    Column("retires_at", UtcDateTime, comment="by the database's clock; null while no later key will sign"),
)
