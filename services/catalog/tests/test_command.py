"""The catalog's command line."""

import json
from pathlib import Path

import pytest
from catalog.__main__ import PROGRAM
from chassis.commands import run
from chassis.migrating import current


@pytest.mark.parametrize("version", sorted(PROGRAM.documents))
def test_each_version_is_published(version: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(PROGRAM, ["openapi", version])

    document = json.loads(capsys.readouterr().out)
    assert document["info"] == document["info"] | {"title": "Catalog", "version": version}
    assert all(path.startswith(f"/{version}/") for path in document["paths"])


def test_the_schema_is_made_by_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/made.db"
    monkeypatch.setenv("CONCORD_DATABASE_URL", url)

    run(PROGRAM, ["migrate"])

    assert "0001" in capsys.readouterr().out
    assert current(url, "catalog/migrations") == "0001"
