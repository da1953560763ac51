"""`contracts regenerate` writes a package that is proved to mean what the documents and our models mean."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from contracts.tools.committed import OPENAPI
from contracts.tools.export import collect
from typer.testing import Result

from .garden import document

Run = Callable[..., Result]
PROGRAM = """
from concord_models.users.v2 import NewUser, User
import concord_models, importlib.resources
assert importlib.resources.files(concord_models).joinpath("py.typed").is_file()
print(NewUser(email="ada@example.com", name={"given": "Ada", "family": None}, password="a long sentence").name.given)
"""


@pytest.fixture
def garden(tmp_path: Path) -> Path:
    """A document that is not ours."""
    file = tmp_path / "garden.v1.json"
    file.write_text(json.dumps(document()))
    return file


def test_our_users_are_regenerated_equal_into_a_package(run: Run, tmp_path: Path) -> None:
    done = run("regenerate", "users", "--output", tmp_path / "made", "--payloads", "300")

    assert done.exit_code == 0, done.output
    assert done.output.count("equal: model, document and generated model of ") == 3
    told = subprocess.run([sys.executable, "-c", PROGRAM], cwd=tmp_path / "made/src", capture_output=True, check=True)
    assert told.stdout == b"Ada\n"


def test_what_was_written_is_up_to_date_until_it_is_touched(run: Run, tmp_path: Path, garden: Path) -> None:
    made = tmp_path / "made"
    first = run("regenerate", garden, "--output", made, "--payloads", "50")
    before = (made / "src/concord_models/garden/v1.py").read_bytes()
    again = run("regenerate", garden, "--output", made, "--payloads", "50")
    checked = run("regenerate", garden, "--check", "--output", made, "--payloads", "50")
    (made / "src/concord_models/garden/v1.py").write_text("")
    (made / "src/concord_models/py.typed").unlink()
    touched = run("regenerate", garden, "--check", "--output", made, "--payloads", "50")

    assert (first.exit_code, again.exit_code, checked.exit_code, touched.exit_code) == (0, 0, 0, 1)
    assert "garden v1: equal: document and generated model of 6 components" in first.output
    assert checked.output.endswith("is up to date.\n")
    assert before
    assert "garden/v1.py: wanted what `contracts regenerate` writes, found something else" in touched.output
    assert "py.typed: wanted what `contracts regenerate` writes, found no file" in touched.output


def test_modules_of_documents_that_are_gone_go_when_all_is_regenerated(run: Run, tmp_path: Path) -> None:
    left = tmp_path / "made/src/concord_models/orders/v0.py"
    left.parent.mkdir(parents=True)
    left.write_text("")

    some = run("regenerate", "orders", "--output", tmp_path / "made", "--payloads", "10")
    stays = left.exists()
    checked = run("regenerate", "--check", "--output", tmp_path / "made", "--payloads", "10")
    whole = run("regenerate", "--output", tmp_path / "made", "--payloads", "10")

    assert (some.exit_code, checked.exit_code, whole.exit_code) == (0, 1, 0)
    assert stays
    assert "orders/v0.py: wanted a module of a document, found one that no document has" in checked.output
    assert not left.exists()


def test_a_check_writes_nothing(run: Run, tmp_path: Path, garden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    done = run("regenerate", garden, "--check", "--payloads", "50")

    assert done.exit_code == 0
    assert list(tmp_path.iterdir()) == [garden]


def test_without_a_repository_the_promise_is_the_document(run: Run, tmp_path: Path) -> None:
    done = run("regenerate", "users", "--check", "--from", tmp_path / "nowhere", "--payloads", "30")

    assert done.exit_code == 0, done.output


def test_a_document_that_says_something_else_than_our_models_is_shown_by_a_payload(run: Run, tmp_path: Path) -> None:
    for name, written in collect().items():
        (tmp_path / name).write_bytes(written.replace(b'"maxLength": 254', b'"maxLength": 20'))

    done = run("regenerate", "users", "--from", tmp_path, "--output", tmp_path / "made", "--payloads", "300")

    assert done.exit_code == 1
    assert "/properties/email/maxLength: the document says 20, the model 254" in done.output
    assert "    payload: " in done.output
    assert "    the document refuses it" in done.output
    assert "Nothing was written" in done.output
    assert not (tmp_path / "made").exists()


def test_a_difference_that_no_payload_shows_says_so(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, written in collect().items():
        said = json.loads(written)
        for schema in said["components"]["schemas"].values():
            schema["minProperties"] = 0
        (tmp_path / name).write_text(json.dumps(said))

    done = run("regenerate", "users", "--from", tmp_path, "--check", "--payloads", "30")

    assert done.exit_code == 1
    assert "no payload was found that shows it" in done.output


def test_what_the_generator_would_lose_is_told(run: Run, tmp_path: Path, garden: Path) -> None:
    said = document()
    said["components"]["schemas"]["Nothing"] = {"not": {}}  # pyright: ignore[reportIndexIssue, reportArgumentType, reportCallIssue, reportOptionalSubscript]  # JSON
    garden.write_text(json.dumps(said))

    done = run("regenerate", garden, "--output", tmp_path / "made")

    assert done.exit_code == 1
    assert "garden v1: the generator would not keep all that the document says: " in done.output


def test_progress_is_told_to_a_terminal(run: Run, garden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contracts.tools.regenerate._watched", lambda: True)

    done = run("regenerate", garden, "--check", "--payloads", "10")

    assert "proving garden v1" in done.stderr


def test_a_name_that_is_no_service_and_no_file_is_refused(run: Run) -> None:
    done = run("regenerate", "gardens")

    assert done.exit_code == 1 or done.exit_code == 2
    assert "gardens: the file: expected a readable file" in str(done.exception)
    assert OPENAPI.name == "openapi"
