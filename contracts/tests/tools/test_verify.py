"""What the apps publish is what the contracts promise, and no drift from it goes unnoticed or unnamed."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from contracts.operation import Api
from contracts.tools.apis import apis
from contracts.tools.cli import app
from contracts.tools.published import published
from contracts.tools.verify import broken_promises
from typer.testing import CliRunner

from .drift import DRIFTS, Drift

USERS = ("users", "v2")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """What users really publishes."""
    return published([USERS])[USERS]


@pytest.fixture
def users() -> type[Api]:
    return apis()[USERS]


def test_every_app_publishes_what_it_promises() -> None:
    ran = CliRunner().invoke(app, ["verify"])

    assert ran.exit_code == 0, ran.output
    assert ran.output.splitlines() == [f"{service} {version}: as promised" for service, version in apis()]


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: drift.name)
def test_a_drift_is_caught_and_named(drift: Drift, document: dict[str, Any], users: type[Api]) -> None:
    drifted = drift.of(document)

    found = [difference.sentence() for difference in broken_promises(users, drifted)]

    assert any(drift.sentence in sentence for sentence in found), found


def test_the_order_of_members_parameters_and_required_is_free(document: dict[str, Any], users: type[Api]) -> None:
    shuffled = json.loads(json.dumps(document, sort_keys=True))
    shuffled["paths"]["/v2/users"]["get"]["parameters"].reverse()
    shuffled["components"]["schemas"]["NewUser"]["required"].reverse()

    assert broken_promises(users, shuffled) == []


def test_a_part_that_is_missing_whole_is_named_once(document: dict[str, Any], users: type[Api]) -> None:
    document = deepcopy(document)
    del document["paths"]["/v2/people"]["get"]["responses"]["401"]

    (difference,) = broken_promises(users, document)

    assert difference.place == "response 401"


def test_the_command_fails_with_every_difference(
    tmp_path: Path, document: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "users").mkdir()
    (tmp_path / "users" / "__init__.py").touch()
    (tmp_path / "users" / "__main__.py").write_text(f"print({json.dumps(json.dumps(document))})")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    ran = CliRunner().invoke(app, ["verify"])

    assert ran.exit_code == 1
    assert 'users identity: info: version: promised "identity", published "v2"' in ran.output
    assert "Change the app" in ran.output
