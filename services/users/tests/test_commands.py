"""`python -m users`: its chores, run as people run them."""

import asyncio
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import structlog
from chassis.commands import run
from chassis.testing import running
from contracts.users.v2 import AccountRole, AccountStatus, Users
from users.__main__ import PROGRAM
from users.settings import Settings

from .shop import PASSWORD, Shop, leave_closing

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables that say what the settings of these tests say."""
    monkeypatch.setenv("CONCORD_DATABASE_URL", settings.database_url.get_secret_value())
    monkeypatch.setenv("CONCORD_PASSWORD_MEMORY_KIB", "1024")
    monkeypatch.setenv("CONCORD_LOG_LEVEL", "error")
    monkeypatch.setenv("CONCORD_PORT", "0")
    monkeypatch.setenv("CONCORD_OPERATIONS_PORT", "0")


@pytest.fixture(autouse=True)
def leave_logging_as_it_was() -> Iterator[None]:
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    yield
    structlog.configure(**before)
    root.handlers, root.level = handlers, level


def type_in(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def hear(prompt: str) -> str:
    return PASSWORD


async def role_of(shop: Shop, email: str, password: str) -> AccountRole | str:
    async with running(shop.app):
        return (await shop.calling(Users, await shop.token(email, password)).get_me()).role


def test_the_first_of_the_staff_comes_from_the_command_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    type_in(f"{PASSWORD}\n", monkeypatch)

    run(PROGRAM, ["staff", "add", "boss@example.com"])

    assert capsys.readouterr().out == "boss@example.com is staff now\n"
    assert asyncio.run(role_of(Shop(settings), "boss@example.com", PASSWORD)) is AccountRole.STAFF


def test_a_password_is_made_up_and_printed_when_none_is_given(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    type_in("", monkeypatch)

    run(PROGRAM, ["staff", "add", "boss@example.com"])

    said, _, password = capsys.readouterr().out.strip().rpartition(" ")
    assert said == "boss@example.com is staff now, with the password"
    assert asyncio.run(role_of(Shop(settings), "boss@example.com", password)) is AccountRole.STAFF


def test_a_terminal_is_asked_for_the_password_without_showing_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    monkeypatch.setattr("users.__main__.getpass", hear)

    run(PROGRAM, ["staff", "add", "boss@example.com"])

    assert asyncio.run(role_of(Shop(settings), "boss@example.com", PASSWORD)) is AccountRole.STAFF


def test_an_account_that_is_there_is_made_staff_and_keeps_its_password(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    async def join() -> None:
        shop = Shop(settings)
        async with running(shop.app):
            await shop.join("ada@example.com")

    asyncio.run(join())
    type_in("some other sentence\n", monkeypatch)

    run(PROGRAM, ["staff", "add", "ADA@example.com"])

    assert "staff now" in capsys.readouterr().out
    assert asyncio.run(role_of(Shop(settings), "ada@example.com", PASSWORD)) is AccountRole.STAFF


@pytest.mark.parametrize(
    ("email", "password", "fault"), [("boss", PASSWORD, "email"), ("b@example.com", "short", "password")]
)
def test_an_account_that_cannot_be_made_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, email: str, password: str, fault: str
) -> None:
    type_in(f"{password}\n", monkeypatch)

    with pytest.raises(SystemExit) as refused:
        run(PROGRAM, ["staff", "add", email])

    message = str(refused.value)
    assert f": {fault}:" in message
    assert password not in message
    assert "\n" not in message


def test_an_account_that_is_being_closed_is_not_made_staff(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async def leave() -> None:
        shop = Shop(settings)
        async with running(shop.app):
            user, _ = await shop.join("ada@example.com")
            await leave_closing(shop, user.id, seconds=5)

    asyncio.run(leave())
    type_in("\n", monkeypatch)

    with pytest.raises(SystemExit) as refused:
        run(PROGRAM, ["staff", "add", "ada@example.com"])

    assert "closing" in str(refused.value)


def test_rotating_keys_says_which_one_comes_and_when(capsys: Output) -> None:
    run(PROGRAM, ["keys", "rotate"])

    said = capsys.readouterr().out
    assert "signs in 60 s" in said
    assert len(said.split()[0]) == 43  # a SHA-256 thumbprint in base64url


def test_migrating_names_what_was_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setenv("CONCORD_DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")

    run(PROGRAM, ["migrate"])
    first = capsys.readouterr().out
    run(PROGRAM, ["migrate"])

    assert first == "0001\n"
    assert capsys.readouterr().out == ""


def test_each_document_is_printed_without_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONCORD_DATABASE_URL")

    documents = {
        version: json.loads(
            subprocess.run(
                [sys.executable, "-m", "users", "openapi", version], check=True, capture_output=True, cwd=tmp_path
            ).stdout
        )
        for version in ("v2", "identity")
    }

    assert documents["v2"]["info"]["version"] == "v2"
    assert list(documents["identity"]["paths"]) == ["/oauth/token", "/.well-known/jwks.json"]
    assert list(tmp_path.iterdir()) == []


def test_a_real_server_is_ready_answers_and_ends_cleanly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCORD_LOG_LEVEL", "info")
    monkeypatch.setenv("CONCORD_SEED_PASSWORD", PASSWORD)
    process = subprocess.Popen([sys.executable, "-m", "users"], stdout=subprocess.PIPE, text=True)
    assert process.stdout

    with process:
        lines = (json.loads(line) for line in process.stdout)
        url = next(line["url"] for line in lines if line["event"] == "listening")
        form = {"grant_type": "password", "username": "staff@example.com", "password": PASSWORD}
        with httpx.Client(base_url=url) as http:
            token = http.post("/oauth/token", data=form).json()["access_token"]
            me = http.get("/v2/users/me", headers={"authorization": f"Bearer {token}"})
            ready = http.get("/readyz")
        process.terminate()
        process.communicate()

    assert (me.status_code, me.json()["status"]) == (200, AccountStatus.ACTIVE)
    assert ready.status_code == 200
    assert process.returncode == 0
