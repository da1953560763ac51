"""Settings: read from variables and secret files, shown without secrets, refused with a table."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pytest
from chassis.settings import InvalidSettings, Port, ServiceSettings, describe, load
from pydantic import Field, SecretStr


class Settings(ServiceSettings):
    """What a service of these tests can be told."""

    port: Port = 8009
    client_secret: SecretStr = SecretStr("another-development-secret")
    stars: Annotated[int, Field(description="how many stars")] = 5


@pytest.fixture(autouse=True)
def empty_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONCORD_SECRETS_DIR", str(tmp_path))
    return tmp_path


def test_a_service_starts_on_its_defaults_alone() -> None:
    settings = load(Settings)

    assert (settings.port, settings.stars, settings.env) == (8009, 5, "development")


def test_variables_win_over_files_and_files_over_defaults(empty_secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (empty_secrets / "concord_port").write_text("8100\n")
    (empty_secrets / "concord_stars").write_text("6\n")
    monkeypatch.setenv("CONCORD_PORT", "8200")

    settings = load(Settings)

    assert (settings.port, settings.stars) == (8200, 6)


def test_without_a_named_folder_a_missing_one_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONCORD_SECRETS_DIR")

    settings = load(Settings)

    assert settings.port == 8009


def test_a_folder_that_is_named_has_to_be_there(empty_secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCORD_SECRETS_DIR", str(empty_secrets / "absent"))

    with pytest.raises(InvalidSettings, match=r"CONCORD_SECRETS_DIR wants a folder .*absent is none"):
        load(Settings)


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCORD_CORS_ORIGINS", "https://a.example, https://b.example,")

    settings = load(Settings)

    assert settings.cors_origins == ("https://a.example", "https://b.example")


def test_lists_can_be_given_as_they_are() -> None:
    settings = Settings(trusted_proxies=("10.0.0.0/8", "::1"))

    assert settings.trusted_proxies == ("10.0.0.0/8", "::1")


def test_settings_cannot_be_changed_once_read() -> None:
    settings = load(Settings)

    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # pyright: ignore[reportAttributeAccessIssue] # what the test is about


@pytest.mark.parametrize("show", [repr, str, Settings.model_dump_json])
def test_secrets_are_never_printed(show: Callable[[Settings], str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CLIENT_SECRET", "CURSOR_SECRET", "DATABASE_URL", "RATE_LIMIT_STORAGE"):
        monkeypatch.setenv(f"CONCORD_{name}", "canary-canary-canary")

    shown = show(load(Settings))

    assert "canary" not in shown


def test_production_refuses_development_secrets_and_names_every_variable_to_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CONCORD_ENV", "production")

    with pytest.raises(InvalidSettings) as refused:
        load(Settings)

    assert "production wants secrets of its own: set CONCORD_CLIENT_SECRET, CONCORD_CURSOR_SECRET" in str(refused.value)


def test_production_starts_with_secrets_of_its_own(empty_secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (empty_secrets / "concord_client_secret").write_text("a-secret-from-a-file\n")
    monkeypatch.setenv("CONCORD_ENV", "production")
    monkeypatch.setenv("CONCORD_CURSOR_SECRET", "a-secret-from-a-variable")

    settings = load(Settings)

    assert settings.client_secret.get_secret_value() == "a-secret-from-a-file"


def test_a_refusal_lists_what_was_wanted_and_found_but_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCORD_PORT", "eighty")
    monkeypatch.setenv("CONCORD_CURSOR_SECRET", "canary")
    monkeypatch.setenv("CONCORD_RATE_LIMIT", "many")
    monkeypatch.setenv("CONCORD_TRUSTED_PROXIES", "proxy.example")

    with pytest.raises(InvalidSettings) as refused:
        load(Settings)

    rows = {line.split()[0]: line for line in str(refused.value).splitlines()[2:]}
    assert rows["CONCORD_PORT"].endswith("'eighty'")
    assert "a rate such as 100/minute, or off" in rows["CONCORD_RATE_LIMIT"]
    assert "'proxy.example' does not appear to be an IPv4 or IPv6 network" in rows["CONCORD_TRUSTED_PROXIES"]
    assert rows["CONCORD_CURSOR_SECRET"].endswith("(hidden)")
    assert "canary" not in str(refused.value)


def test_a_rate_limit_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCORD_RATE_LIMIT", "off")

    settings = load(Settings)

    assert settings.rate_limit == "off"


def test_a_service_describes_its_own_settings_and_those_that_it_inherits() -> None:
    rows = {line.split()[0]: line for line in describe(Settings).splitlines()}

    assert rows["CONCORD_PORT"].split()[1:4] == ["8009", "port", "to"]
    assert rows["CONCORD_STARS"].split()[1:] == ["5", "how", "many", "stars"]
    assert rows["CONCORD_CLIENT_SECRET"].split()[1:3] == ["(development", "only)"]
    assert rows["CONCORD_TRUSTED_HOSTS"].split()[1] == "*"
    assert rows["CONCORD_GZIP"].split()[1] == "true"
    assert rows["CONCORD_DATABASE_URL"].split()[1] == "sqlite:///concord.db"
