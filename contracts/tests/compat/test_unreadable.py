"""Input that cannot be read gets one line that names file, place and expectation, and exit 2."""

import json
import socket
from pathlib import Path
from typing import NoReturn

import pytest
from contracts.compat.failures import Unreadable
from contracts.compat.sources import load
from contracts.tools import cli
from contracts.tools.faults import ToolError
from typer.testing import CliRunner

GOOD = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}


def with_schema(schema: object) -> str:
    return json.dumps({**GOOD, "components": {"schemas": {"A": schema}}})


BOMB = "openapi: 3.1.0\npaths: {}\na0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "\n".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)
)
BAD = {
    "nothing at all": "",
    "a text": "hello",
    "a list": "[1, 2]",
    "another JSON object": '{"a": 1}',
    "Swagger 2": '{"swagger": "2.0", "paths": {}}',
    "OpenAPI 4": '{"openapi": "4.0.0", "paths": {}}',
    "no version": '{"info": {}, "paths": {}}',
    "paths as a list": '{"openapi": "3.1.0", "paths": []}',
    "half a JSON": '{"openapi": "3.1.0",',
    "a duplicate key": '{"openapi": "3.1.0",\n "paths": {},\n "paths": {}}',
    "a duplicate key in YAML": "openapi: 3.1.0\npaths: {}\npaths: {}\n",
    "not a number": '{"openapi": "3.1.0", "paths": {}, "x-a": NaN}',
    "a YAML bomb": BOMB,
    "a YAML tag": "openapi: 3.1.0\npaths: !!python/object/apply:os.system ['true']\n",
    "tabs in YAML": "openapi: 3.1.0\npaths:\n\t- a\n",
    "an unknown alias": "openapi: 3.1.0\npaths: *missing\n",
    "a list as a key": "openapi: 3.1.0\npaths: {}\n? [a, b]\n: c\n",
    "a deep list": '{"openapi": "3.1.0", "paths": {}, "x": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "a deep list in YAML": "openapi: 3.1.0\npaths: {}\nx: " + "[" * 900 + "]" * 900,
    "a deep list of moderate depth": '{"openapi": "3.1.0", "paths": {}, "x": ' + "[" * 300 + "]" * 300 + "}",
    "a reference to another file": with_schema({"$ref": "other.json#/A"}),
    "a reference to the network": with_schema({"$ref": "https://192.0.2.1/schema.json"}),
    "a reference to nothing": with_schema({"$ref": "#/components/schemas/B"}),
    "a reference to an index of nothing": with_schema({"$ref": "#/components/schemas/A/allOf/7"}),
    "a schema that is itself": with_schema({"$ref": "#/components/schemas/A"}),
    "a schema that is a part of itself": with_schema({"allOf": [{"$ref": "#/components/schemas/A"}]}),
    "latin-1": b'{"openapi": "3.1.0", "info": {"title": "\xe9"}, "paths": {}}',
}


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make any attempt to connect a failure; the world ends at this machine."""

    def refuse(*_: object) -> NoReturn:
        raise AssertionError("the gate tried to open a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_named_in_one_line(tmp_path: Path, name: str) -> None:
    content = BAD[name]
    file = tmp_path / "bad.json"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(Unreadable) as caught:
        load(str(file))

    assert str(file) in str(caught.value)
    assert "expected" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_a_document_of_fifty_megabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    file = tmp_path / "big.json"
    file.write_text('{"x": "' + "x" * 50_000_000 + '"}')

    with pytest.raises(Unreadable, match="at most 40,000,000 bytes, found 50,000,009 bytes"):
        load(str(file))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no such file"):
        load(str(tmp_path / "missing.json"))


def test_a_folder_without_documents_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text("{}")

    with pytest.raises(Unreadable, match="at least one OpenAPI document"):
        load(str(tmp_path))


def test_the_line_of_a_duplicate_key_is_told(tmp_path: Path) -> None:
    file = tmp_path / "twice.json"
    file.write_text(BAD["a duplicate key"] if isinstance(BAD["a duplicate key"], str) else "")

    with pytest.raises(Unreadable, match="line 3 column 2: expected each key once, found 'paths' twice"):
        load(str(file))


def test_the_command_ends_with_two_for_unreadable_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["contracts", "diff", str(tmp_path / "a.json"), str(tmp_path / "b.json")])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 2


def _broken(*_: object) -> NoReturn:
    raise ZeroDivisionError


def test_a_fault_of_the_gate_itself_ends_with_three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "good.json"
    file.write_text(json.dumps(GOOD))
    monkeypatch.setattr("contracts.tools.diff.judged", _broken)

    ended = CliRunner().invoke(cli.app, ["diff", str(file), str(file)])

    assert ended.exit_code == 3
    assert not isinstance(ended.exception, ToolError)
    assert "a fault of the gate itself" in ended.stderr


def test_recursive_schemas_are_no_cycle(tmp_path: Path) -> None:
    file = tmp_path / "tree.json"
    node = {
        "type": "object",
        "properties": {"children": {"type": "array", "items": {"$ref": "#/components/schemas/A"}}},
    }
    file.write_text(with_schema(node))

    assert load(str(file))[""].old_dialect is False
