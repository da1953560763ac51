"""The readers that packages declare are found, shown and written down, so that the gate needs no code of theirs."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from contracts.compat.footprints import read_footprints
from contracts.dialect import ENVELOPE
from contracts.operation import Api, operation
from contracts.reader import Reader
from contracts.tools.faults import ToolError
from contracts.tools.footprints import footprint, known_readers
from contracts.users.v2 import Person, Users
from contracts.wire import Id
from jsonschema_rs import is_valid
from typer.testing import Result

Run = Callable[..., Result]
Install = Callable[[str], None]
HEAD = """
    from contracts.reader import Reader
    from contracts.users.v2 import Name, People, Person, User, Users
    from contracts.wire import Id
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a package of one module, beside those that are there."""
    home = tmp_path / "site"

    def package(text: str) -> None:
        information = home / "letters-1.0.dist-info"
        information.mkdir(parents=True)
        (home / "letters.py").write_text(dedent(HEAD) + dedent(text))
        (information / "METADATA").write_text("Metadata-Version: 2.1\nName: letters\nVersion: 1.0\n")
        (information / "entry_points.txt").write_text("[concord.readers]\nletters = letters\n")
        monkeypatch.setattr(sys, "path", [str(home), *sys.path])
        monkeypatch.delitem(sys.modules, "letters", raising=False)

    return package


LETTERS = """
    class Addressee(Reader, of=User, consumer="letters", op=Users.get_user):
        name: Name | None


    class Neighbour(Reader, of=Person):
        id: Id


    class Street(Reader, of=People, consumer="letters", op=Users.get_people):
        items: list[Neighbour]
"""


def test_a_table_names_who_reads_what_of_whom(install: Install, run: Run) -> None:
    install(LETTERS)

    lines = [re.split(" {2,}", line) for line in run("readers").stdout.splitlines() if line.startswith("letters")]

    assert lines == [
        ["letters", "users.v2", "GET /v2/people", "items[].id"],
        ["letters", "users.v2", "GET /v2/users/{user_id}", "name.given, name.family"],
    ]


def test_a_graph_has_an_arrow_from_each_consumer_to_each_provider(run: Run) -> None:
    drawn = run("readers", "--format", "mermaid").stdout

    arrows = [(line.split()[0], line.split()[-1]) for line in drawn.splitlines()[1:]]
    assert drawn.startswith("flowchart LR\n")
    assert set(arrows) >= {
        ("orders", "users"),
        ("orders", "catalog"),
        ("users", "orders"),
        ("catalog", "orders"),
        ("catalog", "users"),
    }
    assert "POST /v2/reservations/{order_id}/commit: (that it was answered)<br/>" in drawn


def test_what_is_written_down_says_what_the_reader_takes(install: Install, run: Run, tmp_path: Path) -> None:
    install(LETTERS)
    written = tmp_path / "readers.json"

    said = run("readers", "--to", written)

    (street,) = [item for item in read_footprints(written) if item.reader == "letters.Street"]
    schema = {**street.answer, "components": {"schemas": street.components}}
    assert said.output.startswith(f"{written} holds ")
    assert written.read_text() == run("readers", "--format", "json").stdout
    assert is_valid(schema, {"items": [{"id": "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87", "more": 1}]})
    assert not is_valid(schema, {"items": [{"id": "seven"}]})


def test_a_reader_of_a_list_in_an_envelope_is_written_down_whole() -> None:
    class Old(Api, service="old", version="v1", dialect=ENVELOPE):
        """People, enveloped."""

        @operation("GET", "/v1/people")
        async def list_people(self) -> list[Person]:
            """List people."""
            ...

    class Known(Reader, of=Person, consumer="letters", op=Old.list_people):
        id: Id

    made = footprint(Known, Old.list_people)

    assert made.reads == ["[].id"]
    assert set(made.answer["properties"]) == {"code", "msg", "data"}  # pyright: ignore[reportArgumentType]  # JSON


def test_a_stale_file_fails_the_check_and_says_what_to_run(run: Run, tmp_path: Path) -> None:
    stale = tmp_path / "readers.json"

    missing = run("readers", "--check", "--to", stale)
    stale.write_text("{}")
    other = run("readers", "--check", "--to", stale)

    for ran in (missing, other):
        assert ran.exit_code == 1
        assert ran.output == f"{stale} is stale: run `contracts readers --to {stale}` and commit what it writes.\n"


def test_a_file_that_says_what_is_installed_passes_the_check(run: Run, tmp_path: Path) -> None:
    current = tmp_path / "readers.json"
    run("readers", "--to", current)

    ran = run("readers", "--check", "--to", current)

    assert ran.exit_code == 0
    assert ran.output.startswith(f"{current} is up to date: ")


def test_a_module_whose_reader_is_refused_is_named_with_the_reason(install: Install, run: Run) -> None:
    install('class Addressee(Reader, of=User, consumer="letters", op=Users.get_user):\n    nickname: str')

    ended = run("readers")

    assert isinstance(ended.exception, ToolError)
    assert "letters: wanted a module of readers, found one that is refused" in str(ended.exception)
    assert "ReaderError: letters.Addressee reads `nickname`, which User does not have" in str(ended.exception)


def test_where_nothing_is_installed_that_reads_it_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])

    ran = run("readers")

    assert ran.stdout == "no installed package names a module of readers in the entry point group concord.readers\n"


def test_without_a_file_nobody_is_known_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = known_readers(None)
    (tmp_path / "contracts").mkdir()

    class Own(Reader, of=Users.get_me.answers, consumer="shop", op=Users.get_me):
        id: Id

    made = footprint(Own, Users.get_me)
    (tmp_path / "contracts" / "readers.json").write_text(json.dumps({"readers": [made.model_dump()]}))

    assert before == []
    assert known_readers(None) == [made]
