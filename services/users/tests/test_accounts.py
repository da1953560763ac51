"""Accounts: opened, read, listed and changed."""

import asyncio

import pytest
from chassis.ids import new_id
from contracts.answers import ETAG, LOCATION
from contracts.errors import Forbidden, InvalidCursor, PreconditionFailed, PreconditionRequired
from contracts.users.errors import AccountClosed, EmailTaken, LastStaff, UserNotFound
from contracts.users.v2 import (
    AccountRole,
    AccountStatus,
    Name,
    NewUser,
    RoleChange,
    User,
    UserChanges,
    Users,
)

from .shop import PASSWORD, STAFF, Shop, tag

pytestmark = pytest.mark.anyio

ADA = Name(given="Ada", family="Byron")


def new_user(email: str) -> NewUser:
    return NewUser(email=email, name=ADA, password=PASSWORD)


async def every_page(users: Users, status: AccountStatus | None = None) -> list[User]:
    page = await users.list_users(limit=2, status=status)
    found = page.items
    while page.next_cursor:
        page = await users.list_users(limit=2, status=status, cursor=page.next_cursor)
        found = [*found, *page.items]
    return found


async def test_whoever_registers_is_an_active_customer_and_learns_where(shop: Shop) -> None:
    users = shop.calling(Users)

    answer = await users.register.answer(new_user("ada@example.com"))

    user = answer.value
    assert (user.email, user.name) == ("ada@example.com", ADA)
    assert (user.status, user.role) == (AccountStatus.ACTIVE, AccountRole.CUSTOMER)
    assert answer.headers == {LOCATION: f"/v2/users/{user.id}", ETAG: '"1"'}


async def test_one_address_in_two_cases_is_one_account(shop: Shop) -> None:
    users = shop.calling(Users)
    await users.register(new_user("Ada@example.com"))

    with pytest.raises(EmailTaken) as refused:
        await users.register(new_user("ada@EXAMPLE.com"))

    assert "ada@EXAMPLE.com" in refused.value.detail


async def test_of_many_who_register_one_address_at_once_one_gets_it(shop: Shop) -> None:
    users = shop.calling(Users)

    outcomes = await asyncio.gather(
        *(users.register(new_user("ada@example.com")) for _ in range(6)), return_exceptions=True
    )

    assert sum(isinstance(outcome, User) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, EmailTaken) for outcome in outcomes) == 5


async def test_a_customer_reads_the_own_account_by_both_ways(shop: Shop) -> None:
    user, mine = await shop.join()

    by_me, by_id = await mine.get_me.answer(), await mine.get_user.answer(user.id)

    assert by_me.value == by_id.value == user
    assert by_me.headers == by_id.headers == {ETAG: '"1"'}


async def test_another_persons_account_looks_just_like_one_that_never_was(shop: Shop) -> None:
    other, _ = await shop.join("other@example.com")
    _, mine = await shop.join("ada@example.com")
    nobody = new_id()

    with pytest.raises(UserNotFound) as hidden:
        await mine.get_user(other.id)
    with pytest.raises(UserNotFound) as missing:
        await mine.get_user(nobody)

    assert hidden.value.detail.replace(str(other.id), "") == missing.value.detail.replace(str(nobody), "")


async def test_another_persons_account_cannot_be_changed_nor_closed(shop: Shop) -> None:
    other, theirs = await shop.join("other@example.com")
    _, mine = await shop.join("ada@example.com")

    with pytest.raises(UserNotFound):
        await mine.update_user(other.id, UserChanges(name=ADA), '"1"')
    with pytest.raises(UserNotFound):
        await mine.close_user(other.id)

    assert await theirs.get_me() == other


async def test_staff_reads_everybody_unless_the_token_was_asked_for_less(shop: Shop) -> None:
    user, _ = await shop.join()
    staff = await shop.staff()
    modest = shop.calling(Users, await shop.token(STAFF, scope="users:read"))

    seen = await staff.get_user(user.id)
    with pytest.raises(UserNotFound):
        await modest.get_user(user.id)

    assert seen == user


async def test_a_change_touches_only_what_was_sent(shop: Shop) -> None:
    user, mine = await shop.join()

    answer = await mine.update_user.answer(user.id, UserChanges(email="Ada@example.org"), '"1"')

    assert answer.value == user.model_copy(update={"email": "Ada@example.org", "updated_at": answer.value.updated_at})
    assert answer.value.updated_at > user.updated_at
    assert answer.headers == {ETAG: '"2"'}


async def test_a_new_address_is_the_one_to_get_tokens_with(shop: Shop) -> None:
    user, mine = await shop.join("ada@example.com")
    await mine.update_user(user.id, UserChanges(email="countess@example.com"), '"1"')

    again = shop.calling(Users, await shop.token("COUNTESS@example.com"))

    assert (await again.get_me()).id == user.id


async def test_a_change_to_what_is_there_already_is_no_new_version(shop: Shop) -> None:
    user, mine = await shop.join()

    answer = await mine.update_user.answer(user.id, UserChanges(name=ADA), '"1"')

    assert answer.value == user
    assert answer.headers == {ETAG: '"1"'}


async def test_a_change_needs_the_tag_that_was_read(shop: Shop) -> None:
    user, mine = await shop.join()
    await mine.update_user(user.id, UserChanges(name=Name(given="A", family=None)), '"1"')

    with pytest.raises(PreconditionRequired):
        await mine.update_user(user.id, UserChanges(name=ADA))
    with pytest.raises(PreconditionFailed):
        await mine.update_user(user.id, UserChanges(name=ADA), '"1"')

    assert (await mine.get_me()).name == Name(given="A", family=None)


async def test_of_two_writers_who_read_the_same_one_wins(shop: Shop) -> None:
    user, mine = await shop.join()
    changes = [UserChanges(name=Name(given=f"Ada {n}", family=None)) for n in range(5)]

    outcomes = await asyncio.gather(
        *(mine.update_user(user.id, change, '"1"') for change in changes), return_exceptions=True
    )

    winners = [outcome for outcome in outcomes if isinstance(outcome, User)]
    assert len(winners) == 1
    assert sum(isinstance(outcome, PreconditionFailed) for outcome in outcomes) == 4
    assert await mine.get_me() == winners[0]


async def test_an_address_that_another_account_has_cannot_be_moved_to(shop: Shop) -> None:
    await shop.join("other@example.com")
    user, mine = await shop.join("ada@example.com")

    with pytest.raises(EmailTaken):
        await mine.update_user(user.id, UserChanges(email="OTHER@example.com"), '"1"')

    assert await mine.get_me() == user


async def test_a_closed_account_cannot_be_changed(shop: Shop) -> None:
    user, mine = await shop.join()
    staff = await shop.staff()
    await mine.close_user(user.id)
    current = await tag(staff, user.id)

    with pytest.raises(AccountClosed):
        await staff.update_user(user.id, UserChanges(name=ADA), current)
    with pytest.raises(AccountClosed):
        await staff.set_role(user.id, RoleChange(role=AccountRole.STAFF))

    assert (await staff.get_user(user.id)).name is None


async def test_pages_show_every_account_once_in_the_order_they_were_made(shop: Shop) -> None:
    joined = [(await shop.join(f"{name}@example.com"))[0].id for name in ("a", "b", "c")]
    staff = await shop.staff()

    seen = [user.id for user in await every_page(staff)]

    assert len(seen) == len(set(seen)) == 5  # with the two seeded ones
    assert seen[2:] == joined


async def test_an_account_that_joins_while_pages_are_turned_hides_no_other(shop: Shop) -> None:
    joined = {(await shop.join(f"{name}@example.com"))[0].id for name in ("a", "b")}
    staff = await shop.staff()
    first = await staff.list_users(limit=3)
    late, _ = await shop.join("late@example.com")

    second = await staff.list_users(limit=3, cursor=first.next_cursor)

    seen = [user.id for user in (*first.items, *second.items)]
    assert len(seen) == len(set(seen))
    assert joined | {late.id} <= set(seen)
    assert second.next_cursor is None


async def test_lists_are_filtered_by_status_and_by_address(shop: Shop) -> None:
    user, mine = await shop.join("ada@example.com")
    staff = await shop.staff()
    by_email = await staff.list_users(email="ADA@example.com")
    await mine.close_user(user.id)

    closed = await every_page(staff, AccountStatus.CLOSED)
    active = await every_page(staff, AccountStatus.ACTIVE)

    assert [found.id for found in by_email.items] == [user.id]
    assert [found.id for found in closed] == [user.id]
    assert user.id not in [found.id for found in active]


async def test_a_cursor_is_refused_when_it_was_changed_or_belongs_to_other_filters(shop: Shop) -> None:
    staff = await shop.staff()
    cursor = (await staff.list_users(limit=1)).next_cursor or ""
    changed = ("B" if cursor[0] == "A" else "A") + cursor[1:]

    with pytest.raises(InvalidCursor):
        await staff.list_users(limit=1, cursor=changed)
    with pytest.raises(InvalidCursor):
        await staff.list_users(limit=1, cursor=cursor, status=AccountStatus.ACTIVE)

    assert len((await staff.list_users(limit=1, cursor=cursor)).items) == 1


async def test_customers_neither_list_accounts_nor_make_themselves_staff(shop: Shop) -> None:
    user, mine = await shop.join()

    with pytest.raises(Forbidden):
        await mine.list_users()
    with pytest.raises(Forbidden):
        await mine.set_role(user.id, RoleChange(role=AccountRole.STAFF))

    assert (await mine.get_me()).role is AccountRole.CUSTOMER


async def test_a_new_role_counts_from_the_next_token_on(shop: Shop) -> None:
    user, _ = await shop.join("ada@example.com")
    staff = await shop.staff()

    promoted = await staff.set_role(user.id, RoleChange(role=AccountRole.STAFF))
    lists = await shop.calling(Users, await shop.token("ada@example.com")).list_users()

    assert promoted.role is AccountRole.STAFF
    assert user.id in [found.id for found in lists.items]


async def test_giving_the_role_that_is_there_changes_nothing(shop: Shop) -> None:
    user, mine = await shop.join()
    staff = await shop.staff()

    answer = await staff.set_role.answer(user.id, RoleChange(role=AccountRole.CUSTOMER))

    assert answer.headers == {ETAG: '"1"'}
    assert await mine.get_me() == user


async def test_the_last_of_the_staff_stays_staff(shop: Shop) -> None:
    staff = await shop.staff()
    me = await staff.get_me()

    with pytest.raises(LastStaff):
        await staff.set_role(me.id, RoleChange(role=AccountRole.CUSTOMER))
    with pytest.raises(LastStaff):
        await staff.close_user(me.id)

    assert (await staff.get_me()) == me


async def test_two_of_the_staff_who_demote_each_other_at_once_leave_one(shop: Shop) -> None:
    first = await shop.staff()
    me, user = await first.get_me(), (await shop.join("ada@example.com"))[0]
    await first.set_role(user.id, RoleChange(role=AccountRole.STAFF))
    second = shop.calling(Users, await shop.token("ada@example.com"))
    demotion = RoleChange(role=AccountRole.CUSTOMER)

    outcomes = await asyncio.gather(
        first.set_role(user.id, demotion), second.set_role(me.id, demotion), return_exceptions=True
    )

    assert sum(isinstance(outcome, User) for outcome in outcomes) == 1


async def test_setting_the_role_of_nobody_is_not_found(shop: Shop) -> None:
    staff = await shop.staff()

    with pytest.raises(UserNotFound) as refused:
        await staff.set_role(new_id(), RoleChange(role=AccountRole.STAFF))

    assert refused.value.code == "user_not_found"


async def test_people_export_what_is_kept_of_them_but_no_secret(shop: Shop) -> None:
    user, mine = await shop.join()

    data = await mine.export_me()

    assert data.account == user
    assert data.password_changed_at == user.created_at
    assert "argon2" not in data.model_dump_json()
