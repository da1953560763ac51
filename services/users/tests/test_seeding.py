"""Accounts that are there from the start."""

import pytest
from chassis.testing import running
from contracts.users.errors import InvalidGrant
from contracts.users.v2 import AccountRole, Users
from pydantic import SecretStr
from users.settings import Settings

from .shop import PASSWORD, STAFF, Shop

pytestmark = pytest.mark.anyio

CUSTOMER = "customer@example.com"


async def test_a_customer_and_one_of_the_staff_are_there(shop: Shop) -> None:
    customer = await shop.calling(Users, await shop.token(CUSTOMER)).get_me()
    staff = await shop.calling(Users, await shop.token(STAFF)).get_me()

    assert (customer.role, staff.role) == (AccountRole.CUSTOMER, AccountRole.STAFF)


async def test_a_second_start_finds_the_same_accounts(settings: Settings) -> None:
    seen: list[list[object]] = []

    for _ in range(2):
        shop = Shop(settings)
        async with running(shop.app):
            seen.append([user.model_dump() for user in (await (await shop.staff()).list_users()).items])

    assert len(seen[0]) == 2
    assert seen[0] == seen[1]


async def test_a_start_with_another_password_makes_that_one_count(settings: Settings) -> None:
    async with running(Shop(settings).app):
        pass
    other = settings.model_copy(update={"seed_password": SecretStr("another sentence")})

    shop = Shop(other)
    async with running(shop.app):
        assert await shop.token(STAFF, "another sentence")
        with pytest.raises(InvalidGrant):
            await shop.token(STAFF, PASSWORD)


async def test_without_a_password_nobody_is_seeded(settings: Settings) -> None:
    shop = Shop(settings.model_copy(update={"seed_password": None}))

    async with running(shop.app):
        with pytest.raises(InvalidGrant) as refused:
            await shop.token(STAFF)

    assert refused.value.status == 400
