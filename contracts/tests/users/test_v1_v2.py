"""What the laws do not say of the users translation: which words stand for which."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from contracts.translation import Unrepresentable
from contracts.users import v1, v2
from contracts.users.v1_v2 import NewUserV1V2, UserV1V2, join_name, split_name

_MADE = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def user(
    name: v2.Name | None = None, status: v2.AccountStatus | str = "active", role: v2.AccountRole | str = "customer"
) -> v2.User:
    return v2.User(
        id=UUID("0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87"),
        email="ada@example.com",
        name=name or v2.Name(given="Ada", family="Byron"),
        status=status,
        role=role,
        created_at=_MADE,
        updated_at=_MADE + timedelta(hours=1),
    )


@pytest.mark.parametrize(
    ("full_name", "given", "family"),
    [
        ("Ada Byron", "Ada", "Byron"),
        ("Augusta Ada King", "Augusta Ada", "King"),
        ("Plato", "Plato", None),
        ("Ada  Byron", "Ada  Byron", None),
        ("Ada King  Lovelace", "Ada King  Lovelace", None),
        ("Ada\u00a0King Lovelace", "Ada\u00a0King", "Lovelace"),
    ],
)
def test_the_last_word_is_the_family_name_where_one_blank_sets_it_off(
    full_name: str, given: str, family: str | None
) -> None:
    name = split_name(full_name)

    assert name == v2.Name(given=given, family=family)
    assert join_name(name) == full_name


def test_a_name_is_lossy_only_where_its_words_could_be_divided_otherwise() -> None:
    plain = user(v2.Name(given="Augusta Ada", family="King"))
    double = user(v2.Name(given="Ada", family="King Lovelace"))
    single = user(v2.Name(given="Ada Byron", family=None))

    losses = [UserV1V2.losses(seen) for seen in (plain, double, single)]

    assert ["name" in lost for lost in losses] == [False, True, True]


def test_a_name_that_version_1_has_no_room_for_is_refused_and_both_lengths_are_said() -> None:
    fits = user(v2.Name(given="A" * 50, family="B" * 49))
    long = user(v2.Name(given="A" * 50, family="B" * 50))

    with pytest.raises(Unrepresentable) as refused:
        UserV1V2.down(long)

    assert UserV1V2.down(fits).full_name == "A" * 50 + " " + "B" * 49
    assert "100 characters" in str(refused.value)
    assert "101" in str(refused.value)


def test_a_closing_account_is_active_to_version_1_and_an_old_write_does_not_reopen_it() -> None:
    closing = user(status=v2.AccountStatus.CLOSING)

    seen = UserV1V2.down(closing)
    stored = UserV1V2.put(seen.model_copy(update={"full_name": "Ada Lovelace"}), closing)

    assert seen.status is v1.Status.ACTIVE
    assert stored.status is v2.AccountStatus.CLOSING
    assert stored.name == v2.Name(given="Ada", family="Lovelace")


def test_a_status_of_a_later_day_is_refused_by_name() -> None:
    frozen = user(status="frozen")

    with pytest.raises(Unrepresentable, match="frozen"):
        UserV1V2.down(frozen)


def test_an_old_write_leaves_role_and_times_alone() -> None:
    stored = user(role=v2.AccountRole.STAFF)
    old = UserV1V2.down(stored).model_copy(update={"email": "ada@example.org"})

    written = UserV1V2.put(old, stored)

    assert written == stored.model_copy(update={"email": "ada@example.org"})


def test_version_1_says_when_an_account_was_made_and_leaves_alone_when_it_was_changed() -> None:
    stored = user()
    older = UserV1V2.down(stored).model_copy(update={"created_at": _MADE - timedelta(days=1)})

    read, written = UserV1V2.up(older), UserV1V2.put(older, stored)

    assert (read.created_at, read.updated_at) == (older.created_at, older.created_at)
    assert (written.created_at, written.updated_at) == (older.created_at, stored.updated_at)


def test_whoever_registers_by_version_1_is_a_customer_with_a_divided_name() -> None:
    old = v1.NewUser(full_name="Ada Byron", email="ada@example.com", password="a quiet sentence")

    new = NewUserV1V2.up(old)

    assert new.name == v2.Name(given="Ada", family="Byron")
    assert (new.email, new.password) == (old.email, old.password)


def test_an_account_without_a_name_has_none_in_either_version() -> None:
    names = split_name(None), join_name(None)

    assert names == (None, None)
