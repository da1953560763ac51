"""A release is a whole, faithful copy that nothing overwrites."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from contracts.tools.apis import apis
from contracts.tools.faults import ToolError
from contracts.tools.packages import installed, same_code
from contracts.tools.release import freeze
from typer.testing import Result

from .conftest import Shop

Run = Callable[..., Result]


@pytest.fixture
def source(shop: Shop, tmp_path: Path, run: Run) -> Path:
    """A folder of exported documents."""
    run("export", "--to", tmp_path / "openapi")
    return tmp_path / "openapi"


@pytest.fixture
def released(tmp_path: Path) -> Path:
    return tmp_path / "released"


def test_a_release_holds_every_document_as_it_is(source: Path, released: Path, run: Run) -> None:
    ran = run("release", "1.0.0", "--from", source, "--to", released)

    assert ran.output.startswith(f"{released / '1.0.0'} holds {len(apis())} documents now")
    for file in source.iterdir():
        assert (released / "1.0.0" / file.name).read_bytes() == file.read_bytes()


def test_a_manifest_says_what_was_released(source: Path, released: Path) -> None:
    target = freeze("1.0.0", source, released)

    manifest = json.loads((target / "manifest.json").read_text())

    digest = hashlib.sha256((source / "users.v2.json").read_bytes()).hexdigest()
    assert manifest["version"] == "1.0.0"
    assert manifest["files"]["users.v2.json"] == digest


def test_a_release_keeps_the_code_that_importers_rely_on(source: Path, released: Path) -> None:
    target = freeze("1.0.0", source, released)

    again = freeze("1.0.1", source, released)

    assert same_code(target / "declarations.zip", installed())
    assert (target / "declarations.zip").read_bytes() == (again / "declarations.zip").read_bytes()


def test_a_release_that_was_touched_fails_the_gate(source: Path, released: Path, run: Run) -> None:
    target = freeze("1.0.0", source, released)
    whole = run("gate", "--released", released, "--revision", source)
    (target / "users.v2.json").write_text((target / "users.v2.json").read_text() + "\n")
    (target / "declarations.zip").unlink()
    touched = run("gate", "--released", released, "--revision", source)

    assert (whole.exit_code, touched.exit_code) == (0, 1)
    assert "users.v2.json: wanted what was released, found another content; restore it with git" in touched.stderr
    assert "declarations.zip: wanted what was released, found nothing" in touched.stderr


def test_nothing_but_the_release_is_left_behind(source: Path, released: Path) -> None:
    freeze("1.0.0", source, released)

    assert [entry.name for entry in released.iterdir()] == ["1.0.0"]


def test_a_release_is_never_overwritten(source: Path, released: Path) -> None:
    freeze("1.0.0", source, released)

    with pytest.raises(ToolError, match=r"wanted a new release, found .*1\.0\.0; what is released stays"):
        freeze("1.0.0", source, released)


@pytest.mark.parametrize("version", ["", "1.0", "v1.0.0", "1.0.0-rc1", "../1.0.0"])
def test_a_release_is_named_by_three_numbers(version: str, source: Path, released: Path) -> None:
    with pytest.raises(ToolError, match=r"wanted a version such as 1\.4\.0, found"):
        freeze(version, source, released)


def test_half_a_shop_is_not_released(source: Path, released: Path) -> None:
    (source / "users.v2.json").unlink()

    with pytest.raises(ToolError, match=r"wanted .*users\.v2\.json, found .*; run `contracts export`"):
        freeze("1.0.0", source, released)


def test_an_empty_folder_is_not_released(tmp_path: Path, released: Path) -> None:
    with pytest.raises(ToolError, match="found nothing; run `contracts export`"):
        freeze("1.0.0", tmp_path / "nowhere", released)
