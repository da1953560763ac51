"""Pairs of documents whose verdict was settled by hand: rewrites that mean the same, and changes that do not."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from contracts.compat.comparing import compare
from contracts.compat.document import Document

PAIRS = Path(__file__).parent / "pairs"
INFO = {"title": "t", "version": "1"}


def read(name: str) -> dict[str, Any]:
    return {case["name"]: case for case in yaml.safe_load((PAIRS / name).read_text(encoding="utf-8"))}


HTTP, BODIES = read("http.yaml"), read("bodies.yaml")


def whole(raw: Mapping[str, Any]) -> Document:
    return Document.checked(dict[str, Any](openapi="3.1.0", info=INFO, paths={}) | dict(raw), "pair")


def sent(side: Mapping[str, Any], version: str, direction: str) -> Document:
    content = {"application/json": {"schema": side["schema"]}}
    answer = {"description": "fine", **({"content": content} if direction == "response" else {})}
    body = {"requestBody": {"content": content}} if direction == "request" else {}
    operation = {**body, "responses": {"200": answer}}
    raw = {"openapi": version, "paths": {"/things": {"post": operation}}}
    return whole({**raw, "components": {"schemas": side.get("components", {})}})


@pytest.mark.parametrize("name", HTTP)
def test_what_http_shows_is_judged_in_either_direction(name: str) -> None:
    case = HTTP[name]
    base, revision = whole(case["base"]), whole(case["revision"])

    there, back = compare(base, revision), compare(revision, base)

    assert (there.verdict, back.verdict) == (case["there"], case["back"]), (there.findings, back.findings)


# Answers are read with tolerance, so that a few cases say nothing of that direction.
DIRECTIONS = [(name, way) for name, case in BODIES.items() for way in case.get("ways", ["request", "response"])]


@pytest.mark.parametrize(("name", "direction"), DIRECTIONS)
def test_what_bodies_hold_is_judged_in_either_direction(name: str, direction: str) -> None:
    case = BODIES[name]
    versions = case.get("versions", ["3.1.0", "3.1.0"])
    base, revision = (
        sent(case[side], version, direction) for side, version in zip(("base", "revision"), versions, strict=True)
    )

    there, back = compare(base, revision), compare(revision, base)

    expected = (case["there"], case["back"]) if direction == "request" else (case["back"], case["there"])
    assert (there.verdict, back.verdict) == expected, (there.findings, back.findings)
