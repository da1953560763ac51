"""Version 1: the same accounts, in its own words."""

import httpx
import pytest
from contracts.answers import LOCATION
from contracts.errors import Conflict, Forbidden
from contracts.users import v1, v2
from contracts.users.errors import EmailTaken, UserNotFound

from .shop import PASSWORD, Shop

pytestmark = pytest.mark.anyio

ADA = v1.NewUser(full_name="Ada Byron", email="ada@example.com", password=PASSWORD)


async def test_a_user_made_by_v1_reads_the_same_through_v2(shop: Shop) -> None:
    answer = await shop.calling(v1.Users).register.answer(ADA)

    seen = await shop.calling(v2.Users, await shop.token("ada@example.com")).get_me()

    assert answer.value.full_name == "Ada Byron"
    assert answer.headers == {LOCATION: f"/v1/users/{answer.value.id}"}
    assert (seen.id, seen.email, seen.name) == (answer.value.id, ADA.email, v2.Name(given="Ada", family="Byron"))


async def test_a_user_made_by_v2_reads_the_same_through_v1(shop: Shop) -> None:
    user, _ = await shop.join("ada@example.com")
    old = shop.calling(v1.Users, await shop.token("ada@example.com"))

    seen = await old.get_user(user.id)

    assert seen == v1.User(
        id=user.id,
        full_name="Ada Byron",
        email="ada@example.com",
        status=v1.Status.ACTIVE,
        created_at=user.created_at,
    )


async def test_an_address_is_taken_whichever_version_took_it(shop: Shop) -> None:
    await shop.join("ADA@example.com")

    with pytest.raises(EmailTaken) as refused:
        await shop.calling(v1.Users).register(ADA)

    assert "ada@example.com" in refused.value.detail


async def test_writing_back_what_v1_read_changes_nothing_in_v2(shop: Shop) -> None:
    user, mine = await shop.join("ada@example.com")
    name = v2.Name(given="Ada", family="King Lovelace")
    stored = await mine.update_user(user.id, v2.UserChanges(name=name), '"1"')
    old = shop.calling(v1.Users, await shop.token("ada@example.com"))
    read = await old.get_user(user.id)
    assert read.full_name
    assert read.email

    await old.put_user(user.id, v1.UserReplacement(full_name=read.full_name, email=read.email))

    assert await mine.get_me() == stored


async def test_a_v1_write_changes_name_and_address_and_leaves_the_role_alone(shop: Shop) -> None:
    staff = await shop.staff()
    me = await staff.get_me()
    old = shop.calling(v1.Users, await shop.token("staff@example.com"))

    written = await old.put_user(me.id, v1.UserReplacement(full_name="Grace Brewster Hopper", email="g@example.com"))

    seen = await staff.get_me()
    assert (written.full_name, written.email) == ("Grace Brewster Hopper", "g@example.com")
    assert (seen.name, seen.email) == (v2.Name(given="Grace Brewster", family="Hopper"), "g@example.com")
    assert seen.role is v2.AccountRole.STAFF


async def test_a_name_that_is_too_long_for_v1_is_refused_there_until_v1_writes_a_shorter_one(shop: Shop) -> None:
    user, mine = await shop.join("ada@example.com")
    long = v2.Name(given="A" * 100, family="B" * 100)
    await mine.update_user(user.id, v2.UserChanges(name=long), '"1"')
    old = shop.calling(v1.Users, await shop.token("ada@example.com"))

    with pytest.raises(Conflict) as refused:
        await old.get_user(user.id)
    written = await old.put_user(user.id, v1.UserReplacement(full_name="Ada", email="ada@example.com"))

    assert "version 2" in refused.value.detail
    assert written.full_name == "Ada"


async def test_v1_refuses_to_write_to_a_closed_account_and_shows_that_it_is(shop: Shop) -> None:
    user, mine = await shop.join("ada@example.com")
    old = shop.calling(v1.Users, await shop.token("staff@example.com"))
    await mine.close_user(user.id)

    with pytest.raises(Conflict):
        await old.put_user(user.id, v1.UserReplacement(full_name="Ada", email="ada@example.com"))

    seen = await old.get_user(user.id)
    assert (seen.status, seen.full_name, seen.email) == (v1.Status.CLOSED, None, None)


async def test_v1_hides_other_people_too(shop: Shop) -> None:
    other, _ = await shop.join("other@example.com")
    await shop.join("ada@example.com")
    old = shop.calling(v1.Users, await shop.token("ada@example.com"))

    with pytest.raises(UserNotFound):
        await old.get_user(other.id)
    with pytest.raises(UserNotFound):
        await old.put_user(other.id, v1.UserReplacement(full_name="Mine", email="mine@example.com"))
    with pytest.raises(Forbidden):
        await old.list_users()


async def test_v1_lists_by_skipping(shop: Shop) -> None:
    ids = [(await shop.join(f"{name}@example.com"))[0].id for name in ("a", "b", "c")]
    old = shop.calling(v1.Users, await shop.token("staff@example.com"))

    seen = await old.list_users(skip=2, limit=2)

    assert [user.id for user in seen] == ids[:2]


async def test_v1_answers_in_envelopes_and_says_when_it_ends(shop: Shop) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(shop.app), base_url="http://users") as http:
        made = await http.post("/v1/users", json=ADA.model_dump())
        refused = await http.get(f"/v1/users/{made.json()['data']['id']}")

    assert made.status_code == made.json()["code"] == 201
    assert made.json()["msg"] == "success"
    assert refused.status_code == refused.json()["code"] == 401
    assert refused.json()["data"] is None
    for response in (made, refused):
        assert response.headers["sunset"] == "Tue, 01 Jun 2027 00:00:00 GMT"
        assert response.headers["deprecation"] == "@1780272000"
        assert 'rel="successor-version"' in response.headers["link"]
