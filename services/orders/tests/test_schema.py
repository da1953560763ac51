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
    "customer_id": "b" * 32,
    "status": "pending",
    "created_at": "2026-11-21 09:30:00.000000",
    "updated_at": "2026-11-21 09:30:00.000000",
    "due_at": "2026-11-21 09:30:10.000000",
    "release_pending": False,
    "attempts": 1,
}


@pytest.fixture
def alembic_config() -> Config:
    return config_of("orders/migrations")


@pytest.fixture
def alembic_engine(tmp_path: Path) -> Engine:
    return create_engine(f"sqlite:///{tmp_path / 'orders.db'}")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """An empty database, up to date."""
    url = f"sqlite:///{tmp_path / 'orders.db'}"
    migrate(url, "orders/migrations")
    return create_engine(url)


def insert(engine: Engine, row: dict[str, object]) -> None:
    names = ", ".join(row)
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO orders ({names}) VALUES ({', '.join(f':{name}' for name in row)})"), row)
    engine.dispose()


def test_a_pending_order_that_is_due_can_be_stored(engine: Engine) -> None:
    insert(engine, _GOOD)


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ({"status": "lost"}, "status"),
        ({"reason": "out_of_stock"}, "reason"),
        ({"status": "rejected"}, "reason"),
        ({"status": "confirmed"}, "confirmed_is_priced"),
        ({"total_cents": 1}, "priced"),
        ({"expected_cents": 1}, "expected"),
        ({"due_at": None}, "never_stuck"),
        ({"status": "cancelled", "due_at": None, "release_pending": True}, "never_stuck"),
    ],
)
def test_an_order_that_must_never_be_cannot_be_stored(engine: Engine, fault: dict[str, object], rule: str) -> None:
    with pytest.raises(IntegrityError, match=f"ck_orders_{rule}"):
        insert(engine, _GOOD | fault)
