"""What the users contract keeps to beyond what holds for every contract."""

import pytest
from contracts.dialect import PROBLEM
from contracts.stub import StubTransport
from contracts.users.errors import OpenOrders
from contracts.users.v2 import NewUser, PasswordChange, UserChanges, Users
from contracts.wire import Email
from pydantic import TypeAdapter, ValidationError

_SECRET = "correct horse battery staple"
_ORDER = "0199b2a4-11d3-7f10-8c59-0c7d6f7a2b11"


def test_a_refused_closing_names_the_open_orders_to_the_client() -> None:
    refused = OpenOrders("1 order is open", order_ids=[_ORDER])

    body = PROBLEM.word(refused, "/v2/users/1", "0" * 32).model_dump_json().encode()
    read = PROBLEM.read(409, body, [OpenOrders])

    assert isinstance(read, OpenOrders)
    assert read.members == {"order_ids": [_ORDER]}


def test_passwords_are_not_shown_when_a_request_is_printed() -> None:
    new = NewUser.model_validate_json(
        f'{{"email": "ada@example.com", "name": {{"given": "Ada", "family": null}}, "password": "{_SECRET}"}}'
    )
    change = PasswordChange(current_password=_SECRET, new_password=_SECRET)

    printed = f"{new!r} {change!r}"

    assert _SECRET not in printed


def test_a_change_says_which_members_were_sent() -> None:
    changes = UserChanges.model_validate_json('{"email": "ada@example.org"}')

    sent = changes.model_dump(mode="json")

    assert sent == {"email": "ada@example.org"}


@pytest.mark.parametrize("member", ["role", "status", "id", "generation"])
def test_nobody_names_his_own_role_status_or_id(member: str) -> None:
    body = {"email": "ada@example.com", "name": {"given": "Ada", "family": None}, "password": _SECRET, member: "staff"}

    with pytest.raises(ValidationError) as refused:
        NewUser.model_validate(body)

    assert [error["type"] for error in refused.value.errors()] == ["extra_forbidden"]


@pytest.mark.parametrize("email", ["ada", "ada@example", "@example.com", "ada@example.com\n", "a d a@example.com"])
def test_an_address_is_one_that_browsers_accept(email: str) -> None:
    adapter = TypeAdapter(Email)

    with pytest.raises(ValidationError) as refused:
        adapter.validate_python(email)

    assert refused.value.errors()[0]["type"] == "string_pattern_mismatch"


@pytest.mark.anyio
async def test_a_team_that_reads_users_tests_against_the_examples() -> None:
    users = Users(StubTransport())

    me = await users.get_me()

    assert me.name is not None
    assert me.name.given == "Ada"
