"""Documents are written the same way every time, and read with a sentence about what is wrong."""

from pathlib import Path

import pytest
from contracts.tools.documents import Json, at, parse, read, references, render
from contracts.tools.faults import ToolError


def test_a_document_is_written_in_its_own_order_and_alphabet() -> None:
    assert render({"b": 1, "a": "é"}) == '{\n  "b": 1,\n  "a": "é"\n}\n'.encode()


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(render({"a": [1, None, True]}))

    assert read(file) == {"a": [1, None, True]}


@pytest.mark.parametrize(("text", "found"), [(b"", "nothing"), (b"Traceback ...", "Traceback"), (b"[1]", "[1]")])
def test_what_is_no_document_is_refused_by_name(text: bytes, found: str) -> None:
    with pytest.raises(ToolError, match="users v2: wanted an OpenAPI document as JSON, found") as caught:
        parse(text, "users v2")

    assert found in str(caught.value)


def test_going_down_where_nothing_is_finds_nothing() -> None:
    assert at({"a": {"b": 1}}, "a", "b", "c") == {}
    assert at({}, "a") == {}


def test_references_are_found_wherever_they_stand() -> None:
    document: Json = {
        "a": [{"$ref": "#/components/schemas/X"}],
        "$ref": "#/components/schemas/Y",
        "b": {"$ref": "#/other/Z"},
    }

    assert set(references(document)) == {"X", "Y"}
