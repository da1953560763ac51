"""A service that cannot say what it publishes is named, with the command to try."""

from pathlib import Path

import pytest
from contracts.tools import published as asking
from contracts.tools.faults import ToolError
from contracts.tools.published import published

from .conftest import Shop


def test_a_document_is_what_the_service_prints(shop: Shop) -> None:
    shop.publishes("users", "v2", {"openapi": "3.1.0"})

    assert published([("users", "v2")]) == {("users", "v2"): {"openapi": "3.1.0"}}


def test_a_service_that_does_not_exist_is_named() -> None:
    with pytest.raises(ToolError, match=r"`python -m nowhere openapi v1`: wanted .* exit status 1: .*No module named"):
        published([("nowhere", "v1")])


def test_a_service_that_fails_silently_is_named(shop: Shop) -> None:
    (shop.folder / "users" / "__main__.py").write_text("raise SystemExit(3)")

    with pytest.raises(ToolError, match="exit status 3: no word about it; run it to see why"):
        published([("users", "v2")])


def test_a_service_that_prints_something_else_is_named(shop: Shop) -> None:
    (shop.folder / "users" / "__main__.py").write_text("print('hello')")

    with pytest.raises(
        ToolError, match="`python -m users openapi v2`: wanted an OpenAPI document as JSON, found 'hello'"
    ):
        published([("users", "v2")])


def test_a_service_that_hangs_is_given_up(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop.folder / "users" / "__main__.py").write_text("import threading\nthreading.Event().wait()")
    monkeypatch.setattr(asking, "SECONDS", 0.1)

    with pytest.raises(ToolError, match=r"found no answer in 0\.1 seconds"):
        published([("users", "v2")])
