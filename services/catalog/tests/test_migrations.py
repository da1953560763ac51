"""The schema: the migrations make exactly the tables, and can be undone."""

from collections.abc import Generator

import pytest
from alembic.config import Config
from chassis.migrating import config_of
from pytest_alembic.tests import (
    test_model_definitions_match_ddl,
    test_single_head_revision,
    test_up_down_consistency,
    test_upgrade,
)
from sqlalchemy import Engine, create_engine

__all__ = [
    "test_model_definitions_match_ddl",
    "test_single_head_revision",
    "test_up_down_consistency",
    "test_upgrade",
]


@pytest.fixture
def alembic_config() -> Config:
    return config_of("catalog/migrations")


@pytest.fixture
def alembic_engine(sqlite_url: str) -> Generator[Engine]:
    engine = create_engine(sqlite_url)
    yield engine
    engine.dispose()
