"""What the team tests without a service to call: its own code, against the contract's stub."""

import subprocess
import sysconfig
from importlib.util import find_spec
from pathlib import Path
from typing import assert_type

import pytest
from contracts.errors import Unavailable
from contracts.examples import example
from contracts.reader import ReaderError
from contracts.stub import StubTransport
from contracts.users.errors import UserNotFound
from contracts.users.v2 import User, Users
from newsletter import Addressee, addresses, salutation

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """Run on asyncio."""
    return "asyncio"


@pytest.fixture
def stub() -> StubTransport:
    """Stand in for the service."""
    return StubTransport()


async def test_a_stub_answers_with_the_contracts_own_example(stub: StubTransport) -> None:
    someone = example(User)

    greeting = await salutation(Users(stub), someone.id)

    assert greeting == f"Dear {someone.name.given}"


async def test_a_stub_answers_what_the_test_says(stub: StubTransport) -> None:
    nameless = example(User).model_copy(update={"name": None})
    stub.answer(Users.get_user, nameless)

    greeting = await salutation(Users(stub), nameless.id)

    assert greeting is None


async def test_a_reader_holds_what_it_names_and_nothing_else(stub: StubTransport) -> None:
    someone = example(User)

    addressee = await Users(stub).get_user.as_(Addressee)(someone.id)

    assert_type(addressee, Addressee)
    assert addressee.model_dump() == {"name": someone.name.model_dump() if someone.name else None}


async def test_a_reader_of_another_operation_is_refused(stub: StubTransport) -> None:
    with pytest.raises(ReaderError, match="Addressee is for users v2 get_user, and not for users v2 get_me"):
        Users(stub).get_me.as_(Addressee)


async def test_a_declared_refusal_is_an_exception_to_catch(stub: StubTransport) -> None:
    someone = example(User)
    stub.refuse(Users.get_user, UserNotFound(someone.id))

    greeting = await salutation(Users(stub), someone.id)

    assert greeting is None


async def test_a_service_out_of_reach_can_be_rehearsed(stub: StubTransport) -> None:
    stub.refuse(Users.list_users, Unavailable("the users service rests"))

    with pytest.raises(Unavailable):
        await addresses(Users(stub))


async def test_a_call_that_the_contract_would_refuse_is_refused_by_the_stub(stub: StubTransport) -> None:
    with pytest.raises(ValueError, match="limit"):
        await addresses(Users(stub), at_once=1_000_000)


@pytest.mark.parametrize("package", ["chassis", "fastapi", "sqlalchemy", "users"])
def test_the_wheel_brings_no_service_and_no_framework(package: str) -> None:
    found = find_spec(package)

    assert found is None


def test_the_command_says_that_its_tools_are_not_installed() -> None:
    command = Path(sysconfig.get_path("scripts"), "contracts")

    ended = subprocess.run([command, "--help"], capture_output=True, text=True, check=False)

    assert ended.returncode == 2
    assert 'run `pip install "concord-contracts[tools]"`' in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
