"""Bringing a schema up to date: what an SQLite file needs, and what it costs where it needs nothing."""

import sqlite3
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest
from chassis.schema import bring_up_to_date

ENV = "from chassis.migrating import run_scripts\nfrom sqlalchemy import MetaData\nrun_scripts(MetaData())\n"
SCRIPT = """
from alembic import op
revision = "{revision}"
down_revision = {before}
def upgrade():
    op.execute("CREATE TABLE made_by_{revision} (id INTEGER)")
"""
AGAIN = """
import sys
from chassis.schema import bring_up_to_date
assert bring_up_to_date(sys.argv[1], "growing/migrations") == []
print("alembic" in sys.modules)
"""


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    """A service's scripts, of which there are two."""
    folder = tmp_path / "growing" / "migrations" / "versions"
    folder.mkdir(parents=True)
    (tmp_path / "growing" / "__init__.py").touch()
    (folder.parent / "env.py").write_text(ENV)
    (folder / "first.py").write_text(SCRIPT.format(revision="0001", before=None))
    (folder / "second.py").write_text(SCRIPT.format(revision="0002", before='"0001"'))
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    yield folder
    sys.modules.pop("growing", None)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/shop.db"


def test_an_empty_database_gets_all_scripts_and_one_that_has_them_none(versions: Path, url: str) -> None:
    assert bring_up_to_date(url, "growing/migrations") == ["0001", "0002"]

    assert bring_up_to_date(url, "growing/migrations") == []


def test_a_database_gets_the_script_that_was_added(versions: Path, url: str) -> None:
    bring_up_to_date(url, "growing/migrations")
    (versions / "third.py").write_text(SCRIPT.format(revision="0003", before='"0002"'))

    assert bring_up_to_date(url, "growing/migrations") == ["0003"]


def test_alembic_is_not_loaded_where_there_is_nothing_to_do(versions: Path, url: str, tmp_path: Path) -> None:
    bring_up_to_date(url, "growing/migrations")

    again = subprocess.run(
        [sys.executable, "-c", AGAIN, url], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (again.returncode, again.stdout) == (0, "False\n"), again.stderr


@pytest.mark.usefixtures("versions")
def test_a_file_that_is_no_database_is_left_to_those_who_can_say_so(tmp_path: Path, url: str) -> None:
    (tmp_path / "shop.db").write_bytes(b"no database at all, and longer than a header of a hundred bytes is" * 4)

    with pytest.raises(Exception, match="file is not a database"):
        bring_up_to_date(url, "growing/migrations")


def test_two_revisions_in_a_database_are_not_taken_for_one(versions: Path, url: str, tmp_path: Path) -> None:
    bring_up_to_date(url, "growing/migrations")
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection, connection:
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")

    with pytest.raises(Exception, match="0001"):
        bring_up_to_date(url, "growing/migrations")
