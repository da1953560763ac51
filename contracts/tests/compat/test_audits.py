"""The audits of the gate: they pass on a sound gate, and they catch one that is not."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import outside
import pytest
from contracts.compat.comparing import compare
from contracts.compat.document import Document
from contracts.compat.graph import Gap
from contracts.compat.reporting import as_json
from mutations import mutations
from run import Tally, audit
from safety import Audit

ITEM: dict[str, Any] = {
    "type": "object",
    "properties": {"name": {"type": "string", "maxLength": 9}, "count": {"type": "integer", "minimum": 1}},
    "required": ["name"],
}


def _nothing(*_: object) -> Iterator[Gap]:
    return iter(())


def raw(item: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": item}}
    operation = {"requestBody": {"content": content}, "responses": {"200": {"description": "fine", "content": content}}}
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/items": {"post": operation}}}


def narrowed(keyword: str, value: Any) -> tuple[Document, Document]:
    name = {**ITEM["properties"]["name"], keyword: value}
    changed = {**ITEM, "properties": {**ITEM["properties"], "name": name}}
    return Document.checked(raw(ITEM), "base"), Document.checked(raw(changed), "revision")


def test_no_edit_of_a_small_document_is_missed_or_falsely_called_breaking() -> None:
    tally = Tally()

    audit("items", raw(ITEM), 60, 20, tally)

    assert (tally.missed, tally.false) == ([], [])
    assert tally.witnesses > 20
    assert tally.verdicts["breaking"] > 20


def test_what_is_derived_safe_is_searched_and_asked_of_a_second_prover() -> None:
    sound = Audit(payloads=50)

    sound.compare("wider", *reversed(narrowed("maxLength", 5)))

    assert (sound.refused, sound.contradicted) == ([], [])
    assert sound.figures["roots derived safe"] == 1
    assert sound.figures["second prover says yes"] == 1


def test_a_rule_that_was_forgotten_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contracts.compat.pairs.text_gaps", _nothing)
    unsound, tally = Audit(payloads=50), Tally()

    unsound.compare("narrower", *narrowed("maxLength", 5))
    audit("items", raw(ITEM), 60, 20, tally)

    assert len(unsound.refused) == len(unsound.contradicted) == 1
    assert tally.missed


@pytest.mark.parametrize(("told", "confirmed"), [(None, True), ("short", False)])
def test_the_outside_judge_confirms_what_is_proved_and_nothing_else(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    told: str | None,
    *,
    confirmed: bool,
) -> None:
    base, revision = narrowed("maxLength", 5)
    shown = json.loads(as_json(compare(base, revision)))
    for finding in shown["findings"]:
        finding["witness"] = finding["witness"] if told is None else {"name": told}
    files = {"report": shown, "base": base.raw, "revision": revision.raw}
    for name, content in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    monkeypatch.setattr("sys.argv", ["outside.py", *(str(tmp_path / f"{name}.json") for name in files)])

    failed = outside.main()

    assert failed == (not confirmed)
    assert f"1 breaking findings, {int(confirmed)} confirmed" in capsys.readouterr().out


def test_every_edit_of_a_small_document_says_what_http_makes_of_it() -> None:
    made = {mutation.name: mutation.edit for mutation in mutations(raw(ITEM))}

    assert (made["operation removed"].there, made["operation removed"].back) == (True, False)
    assert (made["media types renamed"].there, made["media type with charset"].there) == (True, False)
    assert made["integer minimum put"].there is None
