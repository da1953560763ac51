"""A wheel of a time with other dependencies is asked where those are, and not in the environment of today."""

import zipfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from contracts.compat.failures import Unreadable
from contracts.tools.environments import unmet
from contracts.tools.packages import Package

Build = Callable[..., Path]
OLD = "annotated-types==0.7.0"
ABOUT = "concord_contracts-0.0.1.dist-info"
METADATA = "Metadata-Version: 2.1\nName: concord-contracts\nVersion: 0.0.1\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
TELL = "from importlib.metadata import version; raise LookupError(version('annotated-types'))"


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Build a wheel of another day's contracts, which asks for what it is given."""

    def make(*requirements: str) -> Path:
        built = tmp_path / "concord_contracts-0.0.1-py3-none-any.whl"
        with zipfile.ZipFile(built, "w") as archive:
            archive.writestr("contracts/__init__.py", "")
            archive.writestr(f"{ABOUT}/METADATA", METADATA + "".join(f"Requires-Dist: {it}\n" for it in requirements))
            archive.writestr(f"{ABOUT}/WHEEL", WHEEL)
            archive.writestr(f"{ABOUT}/RECORD", "")
        return built

    return make


def test_a_wheel_that_wants_older_versions_is_asked_with_those(build: Build) -> None:
    wheel = build("pydantic>=2.14", OLD)

    with Package(wheel) as package:
        answered = package.ask("perform", [TELL, "import contracts"])

    assert unmet(wheel) == [OLD]
    assert answered == ["LookupError: 0.7.0", ""]


def test_an_environment_is_made_with_pip_where_there_is_no_uv(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with Package(build("pydantic>=2.14", OLD)) as package:
        answered = package.ask("perform", [TELL])

    assert answered == ["LookupError: 0.7.0"]


def test_a_wheel_is_asked_here_where_all_that_it_wants_is_here(build: Build) -> None:
    wheel = build("pydantic>=2.14", "colorama; sys_platform == 'nowhere'", "rich>=99; extra == 'tools'")

    with Package(wheel) as package:
        answered = package.ask("perform", [TELL])

    assert unmet(wheel) == []
    assert answered == [f"LookupError: {version('annotated-types')}"]


@pytest.mark.parametrize("path", [None, ""])
def test_what_cannot_be_installed_is_said_in_one_line(
    build: Build, monkeypatch: pytest.MonkeyPatch, path: str | None
) -> None:
    if path is not None:
        monkeypatch.setenv("PATH", path)
    wheel = build("pydantic>=99999")

    with pytest.raises(Unreadable, match=r"expected to install pydantic>=99999 beside it") as refused:
        Package(wheel)

    assert "\n" not in str(refused.value)


def test_an_environment_without_a_program_to_make_it_is_said_too(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = build("something-that-nobody-has")
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    monkeypatch.setenv("PATH", "")

    with pytest.raises(Unreadable, match="No such file"):
        Package(wheel)
