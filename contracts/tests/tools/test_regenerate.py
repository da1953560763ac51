"""`contracts regenerate` writes a package that is proved to mean what the documents and our models mean."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from contracts.tools.documents import at
from contracts.tools.roundtrip.package import package, stale, write
from typer.testing import Result

from .garden import document

OURS = Path(__file__).parents[2] / "openapi"
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


def test_a_module_of_a_document_that_is_gone_goes_when_all_is_written(tmp_path: Path) -> None:
    files = package({("roses", "v1"): "", ("tulips",): ""})
    write(package({("roses", "v0"): ""}), tmp_path)

    write(files, tmp_path, whole=False)
    some, whole = list(stale(files, tmp_path, whole=False)), list(stale(files, tmp_path))
    write(files, tmp_path)

    assert some == []
    assert len(whole) == 1
    assert whole[0].endswith("roses/v0.py: wanted a module of a document, found one that no document has")
    assert list(stale(files, tmp_path)) == []


def test_a_check_writes_nothing(run: Run, tmp_path: Path, garden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    done = run("regenerate", garden, "--check", "--payloads", "50")

    assert done.exit_code == 0
    assert list(tmp_path.iterdir()) == [garden]


def test_without_a_repository_the_promise_is_the_document(run: Run, tmp_path: Path) -> None:
    done = run("regenerate", "users", "--check", "--from", tmp_path / "nowhere", "--payloads", "30")

    assert done.exit_code == 0, done.output


def test_a_document_that_says_something_else_than_our_models_is_shown_by_a_payload(run: Run, tmp_path: Path) -> None:
    for file in OURS.glob("users.*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes().replace(b'"maxLength": 254', b'"maxLength": 20'))

    done = run("regenerate", "users", "--from", tmp_path, "--output", tmp_path / "made", "--payloads", "300")

    assert done.exit_code == 1
    assert "/properties/email/maxLength: the document says 20, the model 254" in done.output
    assert "    payload: " in done.output
    assert "    the document refuses it" in done.output
    assert "Nothing was written" in done.output
    assert not (tmp_path / "made").exists()


def test_a_difference_that_no_payload_shows_says_so(run: Run, tmp_path: Path) -> None:
    for file in OURS.glob("users.*.json"):
        said = json.loads(file.read_bytes())
        for schema in said["components"]["schemas"].values():
            schema["x-note"] = schema["minLength"] = 0
        (tmp_path / file.name).write_text(json.dumps(said))

    done = run("regenerate", "users", "--from", tmp_path, "--check", "--payloads", "30")

    assert done.exit_code == 1
    assert "no payload was found that shows it" in done.output


def test_what_the_generator_would_lose_is_told(run: Run, tmp_path: Path, garden: Path) -> None:
    said = document()
    at(said, "components", "schemas")["Odd"] = {"type": "string", "format": "unheard-of"}
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

    assert "gardens: the file: expected a readable file" in str(done.exception)
