"""Input that cannot be read gets one line that names file, place and expectation, and exit 2."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable
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


def with_paths(item: object) -> str:
    return json.dumps({**GOOD, "paths": {"/a": item}})


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
    "a text to take in": "openapi: 3.1.0\npaths: {<<: others}\n",
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
    "paths that are nothing": '{"openapi": "3.1.0", "paths": null}',
    "a version that is a number": "openapi: 3.1\npaths: {}\n",
    "parameters as an object": with_paths({"parameters": {"name": "q", "in": "query"}}),
    "a parameter that is nowhere": with_paths({"parameters": [{"name": "q", "in": "body"}]}),
    "an operation that is a text": with_paths({"get": "later"}),
    "answers as a list": with_paths({"get": {"responses": ["200"]}}),
    "a body that is required by a text": with_paths({"post": {"requestBody": {"required": "yes"}}}),
    "credentials as an object": with_paths({"get": {"security": {"key": []}}}),
    "a server that is a text": with_paths({"servers": ["https://shop.example"]}),
    "a call that is a list": with_paths({"get": {"callbacks": {"done": []}}}),
    "a reference that is a number": with_paths({"get": {"responses": {"200": {"$ref": 5}}}}),
    "a schema that is a number": with_schema(7),
    "half a character": with_schema({"enum": ["\ud800"]}),
    "half a character in YAML": 'openapi: 3.1.0\npaths: {}\nx-a: "\\ud800"\n',
    "an extension beside paths that are none": '{"openapi": "3.1.0", "paths": {"x-note": 1, "/a": []}}',
    "a control character": "openapi: 3.1.0\npaths: {}\nx-a: \x00\n",
    "a second document": "openapi: 3.1.0\npaths: {}\n---\nopenapi: 3.1.0\n",
    "a path that would end the line": '{"openapi": "3.1.0", "paths": {"/a\\n\\u001b[31m": {"$ref": "#/b\\n"}}}',
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
    said = str(caught.value)
    assert 0 < said.index(": expected ") < said.index(", found ") < said.index("; "), "wanted, found, what to do"
    assert said.isprintable()
    assert len(str(caught.value)) < 600


def test_a_document_of_fifty_megabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    file = tmp_path / "big.json"
    file.write_text('{"x": "' + "x" * 50_000_000 + '"}')

    with pytest.raises(Unreadable, match="at most 40,000,000 bytes, found 50,000,009 bytes; take"):
        load(str(file))


COMMANDS: dict[str, Callable[[Path], list[str]]] = {
    "diff": lambda file: ["diff", str(file), str(file)],
    "diff of folders": lambda file: ["diff", str(file.parent), str(file.parent)],
    "changelog": lambda file: ["changelog", f"{file}..{file}"],
    "gate": lambda file: ["gate", "--base", str(file.parent), "--revision", str(file.parent)],
    "gate of what is released": lambda file: ["gate", "--released", str(file.parent.parent)],
    "regenerate": lambda file: ["regenerate", str(file), "--check"],
    "regenerate of ours": lambda file: ["regenerate", "users", "--check", "--from", str(file.parent)],
    "lint": lambda file: ["lint", str(file)],
}


def ended(words: list[str], monkeypatch: pytest.MonkeyPatch) -> object:
    """Run the command `contracts` as a shell does, and give its exit status."""
    monkeypatch.setattr("sys.argv", ["contracts", *words])
    with pytest.raises(SystemExit) as status:
        cli.main()
    return status.value.code


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", BAD)
def test_every_command_that_reads_documents_ends_with_two_and_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, name: str
) -> None:
    content = BAD[name]
    file = tmp_path / "1.0.0" / "users.v2.json"
    file.parent.mkdir()
    file.write_bytes(content if isinstance(content, bytes) else content.encode())

    status = ended(COMMANDS[command](file), monkeypatch)

    said = capsys.readouterr()
    assert status == 2, said.out + said.err
    assert len(said.err.splitlines()) == 1
    assert said.err.startswith("contracts: ")
    assert str(file.parent) in said.err


@pytest.mark.parametrize("command", ["diff", "gate", "regenerate", "lint"])
def test_fifty_megabytes_are_refused_by_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    file = tmp_path / "users.v2.json"
    with file.open("wb") as big:
        big.truncate(50_000_000)

    status = ended(COMMANDS[command](file), monkeypatch)

    assert status == 2
    assert "expected at most 40,000,000 bytes, found 50,000,000 bytes; take examples out" in capsys.readouterr().err


def nested(levels: int) -> str:
    """Write a document whose one schema is a list of lists of lists."""
    deep: dict[str, object] = {"type": "string", "maxLength": 3}
    for _ in range(levels):
        deep = {"type": "array", "maxItems": 2, "items": deep}
    return with_schema(deep)


def test_a_schema_that_is_too_deep_to_make_a_model_of_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "deep.json"
    file.write_text(nested(80))

    status = ended(COMMANDS["regenerate"](file), monkeypatch)

    assert status == 1
    said = "deep: wanted models, found a schema too deep to make one of; name what lies deep in it"
    assert capsys.readouterr().out.splitlines() == [said]


@pytest.mark.parametrize("command", ["diff", "regenerate", "lint"])
def test_a_schema_as_deep_as_may_be_is_read_without_a_fault_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    file = tmp_path / "deep.json"
    file.write_text(nested(150))

    status = ended(COMMANDS[command](file), monkeypatch)

    assert status in {0, 1}, capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no such file"):
        load(str(tmp_path / "missing.json"))


def test_a_folder_without_documents_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text("{}")

    with pytest.raises(Unreadable, match="at least one OpenAPI document"):
        load(str(tmp_path))


@pytest.mark.parametrize(("where", "found"), [("", "found nothing"), ("https://192.0.2.1/a.json", "found an address")])
def test_what_names_no_source_is_told_what_does(where: str, found: str) -> None:
    with pytest.raises(Unreadable, match=f"expected a file, a folder, git:REF:PATH, .*, {found}; name one of these"):
        load(where)


def test_a_file_and_a_folder_of_several_documents_are_not_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one, several = tmp_path / "one.json", tmp_path / "several"
    several.mkdir()
    for file in (one, several / "a.json", several / "b.json"):
        file.write_text(json.dumps(GOOD))

    statuses = [ended(["diff", str(a), str(b)], monkeypatch) for a, b in ((one, several), (several, one))]

    assert statuses == [2, 2]
    said = f"contracts: {one}: the source: expected as many documents as on the other side, found one here, and 2 there"
    assert capsys.readouterr().err == f"{said}; compare two files, or two folders\n" * 2


WRITING: dict[str, Callable[[str, str], list[str]]] = {
    "witnesses": lambda file, document: ["diff", document, document, "--save-witnesses", file],
    "readers": lambda file, _: ["readers", "--to", f"{file}/readers.json"],
    "documents": lambda file, _: ["export", "--to", file],
    "a release": lambda file, _: ["release", "1.0.0", "--to", file],
}


@pytest.mark.parametrize("command", WRITING)
def test_where_nothing_can_be_written_is_named_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    file, document = tmp_path / "file", tmp_path / "good.json"
    file.write_text("not a folder")
    document.write_text(json.dumps(GOOD))

    status = ended(WRITING[command](str(file), str(document)), monkeypatch)

    said = capsys.readouterr().err
    assert status == 2, said
    assert said.startswith(f"contracts: {file}")
    assert said.endswith("; look at the path and at its permissions\n")
    assert len(said.splitlines()) == 1


def breaking(folder: Path) -> list[str]:
    """Write two documents of which there is much to say, and the command that compares them."""
    paths: dict[str, object] = {f"/things/{number}": {"get": {"responses": {}}} for number in range(900)}
    (folder / "old.json").write_text(json.dumps({**GOOD, "paths": paths}))
    (folder / "new.json").write_text(json.dumps(GOOD))
    code = "import sys; from contracts.tools.cli import main; sys.argv = sys.argv[1:]; main()"
    return [sys.executable, "-c", code, "contracts", "diff", str(folder / "old.json"), str(folder / "new.json")]


def test_whoever_reads_the_beginning_alone_hears_of_no_fault(tmp_path: Path) -> None:
    with subprocess.Popen(breaking(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        assert command.stdout.read(7) == "verdict"
        command.stdout.close()
        said = command.stderr.read()

    assert (command.returncode, said) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_disk_that_is_full_is_said_in_one_line(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(breaking(tmp_path), stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert ended.returncode == 2
    assert ended.stderr.startswith("contracts: the output: wanted a place that can be read and written, found no space")
    assert len(ended.stderr.splitlines()) == 1


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


def test_what_yaml_leaves_empty_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text("openapi: 3.1.0\npaths:\n  /a:\n    parameters:\n    get:\n      security: [{key: }]\n")

    (document,) = load(str(file)).values()

    assert document.at("paths", "/a").has("parameters")


def test_recursive_schemas_are_no_cycle(tmp_path: Path) -> None:
    file = tmp_path / "tree.json"
    node = {
        "type": "object",
        "properties": {"children": {"type": "array", "items": {"$ref": "#/components/schemas/A"}}},
    }
    file.write_text(with_schema(node))

    assert load(str(file))[""].old_dialect is False


@pytest.mark.parametrize("written", ["", '{"findings": [{"id": 1}]}', '{"findings": {}}', None])
@pytest.mark.parametrize("command", ["explain", "replay"])
def test_what_the_gate_wrote_is_refused_in_one_line_when_it_is_broken(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    written: str | None,
    command: str,
) -> None:
    file = tmp_path / "F-1.json"
    if written is not None:
        file.write_text(written)
    words = {"explain": ["explain", "F-1", "--report", str(file)], "replay": ["replay", str(tmp_path)]}

    status = ended(words[command], monkeypatch)

    said = capsys.readouterr().err
    assert status == 2
    assert len(said.splitlines()) == 1
    assert str(tmp_path) in said
