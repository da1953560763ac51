"""Sessions: how long a token counts here, and how passwords end them."""

import asyncio

import pytest
from contracts.errors import ApiError, Unauthenticated
from contracts.users.errors import InvalidGrant, WrongPassword
from contracts.users.v2 import AccountRole, PasswordChange, RoleChange, Users

from .shop import PASSWORD, Shop

pytestmark = pytest.mark.anyio

NEW = "a quieter sentence to remember"


async def test_a_changed_password_is_the_one_that_counts(shop: Shop) -> None:
    user, mine = await shop.join("ada@example.com")

    await mine.change_password(PasswordChange(current_password=PASSWORD, new_password=NEW))

    with pytest.raises(InvalidGrant):
        await shop.token("ada@example.com", PASSWORD)
    again = shop.calling(Users, await shop.token("ada@example.com", NEW))
    assert (await again.get_me()).id == user.id
    assert (await again.export_me()).password_changed_at != user.created_at


async def test_a_changed_password_ends_every_session(shop: Shop) -> None:
    _, mine = await shop.join("ada@example.com")
    elsewhere = shop.calling(Users, await shop.token("ada@example.com"))

    await mine.change_password(PasswordChange(current_password=PASSWORD, new_password=NEW))

    for session in (mine, elsewhere):
        with pytest.raises(Unauthenticated) as refused:
            await session.get_me()
        assert "session" in refused.value.detail


async def test_a_wrong_current_password_changes_nothing(shop: Shop) -> None:
    _, mine = await shop.join("ada@example.com")

    with pytest.raises(WrongPassword):
        await mine.change_password(PasswordChange(current_password="not this one", new_password=NEW))

    assert await shop.token("ada@example.com", PASSWORD)
    assert (await mine.get_me()).email == "ada@example.com"


async def test_of_two_who_change_one_password_at_once_one_wins(shop: Shop) -> None:
    _, mine = await shop.join("ada@example.com")
    sentences = [f"{NEW} {n}" for n in range(4)]
    changes = [PasswordChange(current_password=PASSWORD, new_password=new) for new in sentences]

    outcomes = await asyncio.gather(*(mine.change_password(change) for change in changes), return_exceptions=True)

    won = [new for new, outcome in zip(sentences, outcomes, strict=True) if outcome is None]
    assert len(won) == 1
    assert sum(isinstance(outcome, Unauthenticated | WrongPassword) for outcome in outcomes) == 3
    assert await shop.token("ada@example.com", won[0])


async def test_one_sentence_typed_on_two_keyboards_is_one_password(shop: Shop) -> None:
    _, mine = await shop.join("ada@example.com")
    composed, decomposed = "caf\u00e9 au lait, twice", "cafe\u0301 au lait, twice"

    await mine.change_password(PasswordChange(current_password=PASSWORD, new_password=composed))

    assert await shop.token("ada@example.com", decomposed)


async def test_a_new_role_ends_the_sessions_that_carry_the_old_one(shop: Shop) -> None:
    user, mine = await shop.join("ada@example.com")
    staff = await shop.staff()

    await staff.set_role(user.id, RoleChange(role=AccountRole.STAFF))

    with pytest.raises(Unauthenticated):
        await mine.get_me()


async def test_every_operation_of_a_person_refuses_an_ended_session(shop: Shop) -> None:
    user, _ = await shop.join("ada@example.com")
    staff = await shop.staff()
    me = await staff.get_me()
    change = PasswordChange(current_password=PASSWORD, new_password=NEW)
    await staff.change_password(change)
    calls = [
        staff.get_me(),
        staff.export_me(),
        staff.get_user(me.id),
        staff.list_users(),
        staff.close_user(user.id),
        staff.set_role(user.id, RoleChange(role=AccountRole.STAFF)),
        staff.change_password(change),
    ]

    refusals = await asyncio.gather(*calls, return_exceptions=True)

    assert {type(refusal) for refusal in refusals if isinstance(refusal, ApiError)} == {Unauthenticated}
    assert len(refusals) == len(calls)
