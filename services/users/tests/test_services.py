"""What users tells the other services, and nobody else."""

import pytest
from chassis.ids import new_id
from contracts.errors import Forbidden, Unauthenticated
from contracts.users.errors import UserNotFound
from contracts.users.v2 import AccountStatus, PasswordChange, Person, Users

from .shop import PASSWORD, Shop

pytestmark = pytest.mark.anyio


async def test_services_learn_whether_an_account_may_act_and_in_which_session(shop: Shop) -> None:
    user, mine = await shop.join()
    service = await shop.service()
    before = await service.get_standing(user.id)
    await mine.change_password(PasswordChange(current_password=PASSWORD, new_password="a quieter sentence"))

    after = await service.get_standing(user.id)

    assert (before.user_id, before.status, before.generation) == (user.id, AccountStatus.ACTIVE, 1)
    assert (after.status, after.generation) == (AccountStatus.ACTIVE, 2)


async def test_services_learn_that_an_account_is_closed(shop: Shop) -> None:
    user, mine = await shop.join()
    service = await shop.service()
    await mine.close_user(user.id)

    standing = await service.get_standing(user.id)

    assert (standing.status, standing.generation) == (AccountStatus.CLOSED, 2)


async def test_the_standing_of_nobody_is_not_found(shop: Shop) -> None:
    service = await shop.service()

    with pytest.raises(UserNotFound) as refused:
        await service.get_standing(new_id())

    assert refused.value.status == 404


async def test_services_get_the_names_of_many_people_at_once(shop: Shop) -> None:
    ada, _ = await shop.join("ada@example.com")
    gone, theirs = await shop.join("gone@example.com")
    await theirs.close_user(gone.id)
    service = await shop.service("catalog")

    people = await service.get_people([gone.id, ada.id, new_id(), ada.id])

    assert people.items == [
        Person(id=ada.id, name=ada.name, status=AccountStatus.ACTIVE),
        Person(id=gone.id, name=None, status=AccountStatus.CLOSED),
    ]


async def test_people_learn_nothing_of_what_services_may_ask(shop: Shop) -> None:
    user, _ = await shop.join()
    staff = await shop.staff()

    with pytest.raises(Forbidden):
        await staff.get_standing(user.id)
    with pytest.raises(Forbidden):
        await staff.get_people([user.id])
    with pytest.raises(Unauthenticated):
        await shop.calling(Users).get_people([user.id])


async def test_services_see_no_account_as_people_do(shop: Shop) -> None:
    user, _ = await shop.join()
    service = await shop.service()

    with pytest.raises(Forbidden) as refused:
        await service.get_user(user.id)

    assert "users:read" in refused.value.detail
