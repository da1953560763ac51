"""The store, where no door leads: what only a race or a mistake could ask of it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from chassis.database import Database
from chassis.providing import Provided
from contracts.users.errors import UserNotFound
from contracts.users.v2 import AccountRole, Name
from sqlalchemy.exc import IntegrityError
from users.account import Account
from users.accounts import Accounts
from users.store import accounts as store

from .shop import Shop

pytestmark = pytest.mark.anyio


@pytest.fixture
async def database(shop: Shop) -> AsyncIterator[Database]:
    database = shop.database()
    yield database
    await database.close()


async def test_a_broken_rule_of_the_tables_is_not_mistaken_for_a_taken_address(database: Database) -> None:
    account = Account.opened(
        "ada@example.com", Name(given="Ada", family=None), "hash", AccountRole.CUSTOMER, datetime.now(UTC)
    )
    await database.write(lambda tx: store.add(tx, "ada@example.com", account))

    with pytest.raises(IntegrityError) as refused:
        await database.write(lambda tx: store.add(tx, "eve@example.com", account))

    assert "email" not in str(refused.value.orig)


async def test_an_address_that_nobody_has_any_more_is_not_found(shop: Shop) -> None:
    parts: Provided = shop.app.state.provided

    with pytest.raises(UserNotFound) as refused:
        await parts.get(Accounts).find_by_email("gone@example.com")

    assert "gone@example.com" in refused.value.detail
