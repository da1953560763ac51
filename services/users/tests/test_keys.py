"""Signing keys: made once, rotated with an overlap, shared by replicas and kept over restarts."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import jwt
import pytest
from chassis.database import Database
from chassis.migrating import migrate
from chassis.principals import Principal, Role
from chassis.providing import Provided
from chassis.testing import running
from contracts.errors import Unauthenticated, Unavailable
from contracts.users.identity import Identity
from contracts.users.v2 import Users
from sqlalchemy import Connection
from users.settings import Settings
from users.signing import Signing
from users.tables import signing_keys

from .shop import STAFF, Shop

pytestmark = pytest.mark.anyio


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The schema, and nothing in it."""
    url = settings.database_url.get_secret_value()
    await asyncio.to_thread(migrate, url, "users/migrations")
    database = Database.open(url)
    yield database
    await database.close()


def signing(database: Database) -> Signing:
    return Signing(database, "https://shop.example", lifetime=timedelta(minutes=5), ahead=timedelta(minutes=1))


async def rotate(shop: Shop) -> str:
    parts: Provided = shop.app.state.provided
    return await parts.get(Signing).rotate()


async def published(shop: Shop) -> list[str]:
    return [key.kid for key in (await shop.calling(Identity).get_keys()).keys]


async def pass_time(shop: Shop, seconds: float) -> None:
    """Move everything that the database knows of keys into the past."""
    past = timedelta(seconds=seconds)

    def unit(tx: Connection) -> None:
        for row in tx.execute(signing_keys.select()).all():
            times = {"signs_from": row.signs_from - past, "retires_at": row.retires_at and row.retires_at - past}
            tx.execute(signing_keys.update().where(signing_keys.c.kid == row.kid).values(times))

    database = shop.database()
    await database.write(unit)
    await database.close()


def kid_of(token: str) -> str:
    return jwt.get_unverified_header(token)["kid"]


async def test_the_first_start_makes_one_key_and_signs_with_it(shop: Shop) -> None:
    token = await shop.token(STAFF)

    assert [kid_of(token)] == await published(shop)


async def test_keys_may_be_cached_for_a_while(shop: Shop) -> None:
    response = await shop.calling(Identity).get_keys()

    assert Identity.get_keys.cache_control == "public, max-age=30"
    assert {(key.kty, key.crv, key.alg, key.use) for key in response.keys} == {("OKP", "Ed25519", "EdDSA", "sig")}


async def test_replicas_that_start_at_once_make_one_key(database: Database) -> None:
    replicas = [signing(database) for _ in range(6)]

    await asyncio.gather(*(replica.prepare() for replica in replicas))

    assert len(await replicas[0].published()) == 1


async def test_without_a_key_nothing_is_signed(database: Database) -> None:
    nobody = Principal(id="orders", role=Role.SERVICE, scopes=frozenset(), client_id="orders")

    with pytest.raises(Unavailable) as refused:
        await signing(database).sign(nobody, ["users"])

    assert "key" in refused.value.detail


async def test_a_new_key_is_published_before_it_signs(shop: Shop) -> None:
    (old,) = await published(shop)

    new = await rotate(shop)

    assert await published(shop) == [new, old]
    assert kid_of(await shop.token(STAFF)) == old


async def test_a_new_key_takes_over_and_no_live_token_is_refused(shop: Shop) -> None:
    before = await shop.token(STAFF)
    new = await rotate(shop)
    await pass_time(shop, shop.settings.key_ahead_seconds)

    after = await shop.token(STAFF)

    assert kid_of(after) == new
    replica = Shop(shop.settings)
    async with running(replica.app):
        for token in (before, after):
            assert (await replica.calling(Users, token).get_me()).email == STAFF


async def test_an_old_key_goes_when_the_last_of_its_tokens_has_expired(shop: Shop) -> None:
    before = await shop.token(STAFF)
    new = await rotate(shop)
    overlap = shop.settings.key_ahead_seconds + shop.settings.token_seconds
    await pass_time(shop, overlap)
    kept = await published(shop)

    await pass_time(shop, 90)

    assert len(kept) == 2
    assert await published(shop) == [new]
    replica = Shop(shop.settings)
    async with running(replica.app):
        with pytest.raises(Unauthenticated):
            await replica.calling(Users, before).get_me()


async def test_keys_that_count_no_longer_are_forgotten_at_the_next_rotation(shop: Shop) -> None:
    await rotate(shop)
    await pass_time(shop, 3600)
    await rotate(shop)
    database = shop.database()

    rows = await database.read(lambda tx: tx.execute(signing_keys.select()).all())

    await database.close()
    assert len(rows) == 2


async def test_of_two_who_rotate_in_a_row_the_later_key_wins(shop: Shop) -> None:
    await rotate(shop)
    latest = await rotate(shop)

    await pass_time(shop, shop.settings.key_ahead_seconds)

    assert kid_of(await shop.token(STAFF)) == latest
    assert len(await published(shop)) == 3


async def test_tokens_outlive_a_restart(settings: Settings) -> None:
    shop = Shop(settings)
    async with running(shop.app):
        token = await shop.token(STAFF)

    again = Shop(settings)
    async with running(again.app):
        me = await again.calling(Users, token).get_me()

    assert me.email == STAFF
