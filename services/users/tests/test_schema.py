"""The schema: its history leads to the tables that the code expects, and it refuses what must never be."""

from pathlib import Path

import pytest
from alembic.config import Config
from chassis.migrating import config_of, migrate
from pytest_alembic.tests import test_model_definitions_match_ddl as test_the_history_leads_to_the_tables
from pytest_alembic.tests import test_single_head_revision as test_the_history_has_one_end
from pytest_alembic.tests import test_up_down_consistency as test_the_history_can_be_walked_back
from pytest_alembic.tests import test_upgrade as test_the_history_can_be_walked
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError

__all__ = [
    "test_the_history_can_be_walked",
    "test_the_history_can_be_walked_back",
    "test_the_history_has_one_end",
    "test_the_history_leads_to_the_tables",
]

_GOOD: dict[str, object] = {
    "id": "a" * 32,
    "email": "Ada@example.com",
    "email_key": "ada@example.com",
    "given": "Ada",
    "password_hash": "$argon2id$",
    "password_changed_at": "2026-11-21 09:30:00.000000",
    "role": "customer",
    "status": "active",
    "generation": 1,
    "version": 1,
    "created_at": "2026-11-21 09:30:00.000000",
    "updated_at": "2026-11-21 09:30:00.000000",
}
_ERASED: dict[str, object] = {
    "email": None,
    "email_key": None,
    "given": None,
    "password_hash": None,
    "password_changed_at": None,
}


@pytest.fixture
def alembic_config() -> Config:
    return config_of("users/migrations")


@pytest.fixture
def alembic_engine(tmp_path: Path) -> Engine:
    return create_engine(f"sqlite:///{tmp_path / 'users.db'}")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """An empty database, up to date."""
    url = f"sqlite:///{tmp_path / 'users.db'}"
    migrate(url, "users/migrations")
    return create_engine(url)


def insert(engine: Engine, row: dict[str, object]) -> None:
    names = ", ".join(row)
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO accounts ({names}) VALUES ({', '.join(f':{n}' for n in row)})"), row)
    engine.dispose()


@pytest.mark.parametrize(
    "row",
    [
        _GOOD,
        _GOOD | {"status": "closing", "closing_since": "2026-11-21 09:30:00.000000"},
        _GOOD | _ERASED | {"status": "closed"},
    ],
)
def test_accounts_in_each_state_can_be_stored(engine: Engine, row: dict[str, object]) -> None:
    insert(engine, row)

    with engine.connect() as connection:
        statuses = connection.execute(text("SELECT status FROM accounts")).scalars().all()
    engine.dispose()
    assert statuses == [row["status"]]


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ({"role": "service"}, "role"),
        ({"status": "frozen"}, "status"),
        ({"status": "closing"}, "closing"),
        ({"closing_since": "2026-11-21 09:30:00.000000"}, "closing"),
        ({"status": "closed"}, "erased"),
        (_ERASED | {"status": "closed", "family": "Byron"}, "erased"),
        ({"email_key": None}, "whole"),
        ({"password_hash": None}, "whole"),
    ],
)
def test_an_account_that_must_never_be_cannot_be_stored(engine: Engine, fault: dict[str, object], rule: str) -> None:
    with pytest.raises(IntegrityError, match=f"accounts_{rule}_check"):
        insert(engine, _GOOD | fault)
