"""What is committed as published is OpenAPI 3.1, in the eyes of a validator that knows nothing of us."""

import json
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from .sources import ROOT

DOCUMENTS = sorted((ROOT / "contracts" / "openapi").glob("*.json"))


def test_there_are_documents() -> None:
    assert DOCUMENTS


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.stem)
def test_a_committed_document_is_valid(file: Path) -> None:
    document = json.loads(file.read_text())

    validate(document)

    assert document["openapi"].startswith("3.1.")
