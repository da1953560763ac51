"""What users can be told, and what production refuses to be told."""

import pytest
from chassis.settings import InvalidSettings, describe, load
from users.settings import Settings

SECRETS = ("CLIENT_SECRET", "CURSOR_SECRET", "CATALOG_CLIENT_SECRET", "ORDERS_CLIENT_SECRET")


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment in which a service may go into production."""
    monkeypatch.setenv("CONCORD_ENV", "production")
    for name in SECRETS:
        monkeypatch.setenv(f"CONCORD_{name}", f"a secret for {name} alone")
    return monkeypatch


def test_production_starts_with_secrets_of_its_own(production: pytest.MonkeyPatch) -> None:
    settings = load(Settings)

    assert settings.terms.client_secrets == {
        "users": "a secret for CLIENT_SECRET alone",
        "catalog": "a secret for CATALOG_CLIENT_SECRET alone",
        "orders": "a secret for ORDERS_CLIENT_SECRET alone",
    }
    assert settings.terms.seed_password is None


@pytest.mark.parametrize("name", SECRETS)
def test_production_refuses_each_secret_that_everybody_knows(production: pytest.MonkeyPatch, name: str) -> None:
    production.delenv(f"CONCORD_{name}")

    with pytest.raises(InvalidSettings) as refused:
        load(Settings)

    assert f"set CONCORD_{name}" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"), [("SEED_PASSWORD", "a sentence for everybody"), ("PASSWORD_MEMORY_KIB", "1024")]
)
def test_production_refuses_what_makes_passwords_weak(production: pytest.MonkeyPatch, name: str, value: str) -> None:
    production.setenv(f"CONCORD_{name}", value)

    with pytest.raises(InvalidSettings) as refused:
        load(Settings)

    assert f"CONCORD_{name}" in str(refused.value)


def test_no_secret_is_printed(production: pytest.MonkeyPatch) -> None:
    settings = load(Settings)

    printed = f"{settings!r} {settings} {settings.model_dump_json()} {settings.terms!r}"

    assert "alone" not in printed


def test_the_table_of_settings_says_what_each_is_for() -> None:
    table = describe(Settings)

    for name in ("CONCORD_SEED_PASSWORD", "CONCORD_TOKEN_SECONDS", "CONCORD_KEY_AHEAD_SECONDS"):
        assert name in table
    assert "8001" in table
