"""What is exported is what is published, to the byte, and stale files are named by what moved."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from contracts.tools.apis import apis
from typer.testing import Result

from .conftest import Shop

Run = Callable[..., Result]
FILES = sorted(f"{service}.{version}.json" for service, version in apis())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "openapi"


@pytest.fixture
def exported(shop: Shop, folder: Path, run: Run) -> Path:
    """A folder that is up to date."""
    run("export", "--to", folder)
    return folder


@pytest.mark.usefixtures("shop")
def test_every_document_gets_a_file(folder: Path, run: Run) -> None:
    ran = run("export", "--to", folder)

    assert ran.exit_code == 0
    assert sorted(file.name for file in folder.iterdir()) == FILES
    assert f"users.v2.json: is published, and {folder} does not have it" in ran.output


def test_a_second_export_changes_nothing(exported: Path, run: Run) -> None:
    before = {file.name: file.read_bytes() for file in exported.iterdir()}

    ran = run("export", "--to", exported)

    assert ran.output.strip() == f"{exported} was up to date."
    assert {file.name: file.read_bytes() for file in exported.iterdir()} == before


def test_a_document_that_nobody_publishes_is_taken_away(exported: Path, run: Run) -> None:
    (exported / "users.v0.json").write_text("{}")

    ran = run("export", "--to", exported)

    assert ran.output.strip() == f"users.v0.json: lies in {exported}, and no service publishes it"
    assert not (exported / "users.v0.json").exists()


def test_a_fresh_folder_passes_the_check(exported: Path, run: Run) -> None:
    ran = run("export", "--check", "--to", exported)

    assert ran.exit_code == 0
    assert ran.output.strip() == f"{exported} is up to date: {len(FILES)} documents."


def test_the_check_names_the_part_that_moved_and_what_to_run(exported: Path, shop: Shop, run: Run) -> None:
    shop.publishes("users", "v2", {"openapi": "3.1.0", "info": {"title": "Users"}, "paths": {}})

    ran = run("export", "--check", "--to", exported)

    assert ran.exit_code == 1
    assert ran.output.splitlines() == [
        'users v2: info: title: committed "users", published "Users"',
        f"{exported} is stale: run `contracts export --to {exported}` and commit what it writes.",
    ]


def test_the_check_notices_files_that_are_missing_superfluous_or_formatted(exported: Path, run: Run) -> None:
    (exported / "users.identity.json").unlink()
    (exported / "users.v9.json").write_text("{}")
    (exported / "users.v2.json").write_text((exported / "users.v2.json").read_text() + "\n")

    ran = run("export", "--check", "--to", exported)

    assert ran.exit_code == 1
    assert ran.output.splitlines()[:3] == [
        f"users.identity.json: is published, and {exported} does not have it",
        f"users.v9.json: lies in {exported}, and no service publishes it",
        "users.v2.json: says the same in other bytes",
    ]


def test_the_usual_folder_needs_no_option(
    exported: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    ran = run("export", "--check")

    assert ran.output.splitlines()[-1] == (
        "contracts/openapi is stale: run `contracts export` and commit what it writes."
    )


def test_a_service_publishes_the_same_bytes_whatever_the_hash_seed() -> None:
    ask = [sys.executable, "-m", "users", "openapi", "v2"]

    first, second = (
        subprocess.run(ask, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "2")
    )

    assert first == second
