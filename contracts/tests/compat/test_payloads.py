"""Payloads: drawn the same every time, and shown so that a person can read them."""

from contracts.compat.document import Document, Place
from contracts.compat.reporting import as_json, as_markdown, as_text
from contracts.compat.sampling import Sampler
from contracts.compat.shapes import Shapes
from contracts.compat.showing import abbreviated
from contracts.compat.views import Stance, View
from pydantic import JsonValue

from .small_documents import INTEGER, NAMED, NUMBER, STRING, document, judged


def test_payloads_are_drawn_the_same_every_time() -> None:
    schema = {
        **NAMED,
        "properties": {
            "a": {"type": "array", "items": NUMBER, "uniqueItems": True, "minItems": 1},
            "b": {"type": "array", "prefixItems": [STRING], "items": False},
            "c": {**STRING, "minLength": 3, "maxLength": 2},
            "d": {"type": "array", "items": {**STRING, "minLength": 3, "maxLength": 2}, "minItems": 1},
        },
        "additionalProperties": INTEGER,
    }
    drawn = [
        list(Sampler(Shapes(view), 7).samples(view.root(place), 60))
        for view, place in [_root(document(schema)), _root(document(schema))]
    ]

    assert drawn[0] == drawn[1]
    assert len({str(payload) for payload in drawn[0]}) > 10


def _root(one: Document) -> tuple[View, Place]:
    place = one.at("paths", "/things", "post", "requestBody", "content", "application/json", "schema")
    return View(one, Stance("request", "sender")), place


def test_a_witness_of_twenty_megabytes_is_abbreviated() -> None:
    report = judged({**STRING, "maxLength": 20_000_001}, {**STRING, "maxLength": 20_000_000})

    assert report.verdict == "breaking"
    assert '"$times": 20000001' in as_json(report)
    assert len(as_json(report)) < 4000


def test_long_lists_are_abbreviated() -> None:
    ones: list[JsonValue] = [1] * 60
    mixed: list[JsonValue] = [{"a": "x" * 300}, 2]

    assert abbreviated(ones) == {"$repeat": 1, "$times": 60}
    assert abbreviated(mixed * 300) == {
        "$start": {"a": {"$repeat": "x", "$times": 300}}, "$length": 600,
    }  # fmt: skip


def test_long_texts_are_shown_as_what_repeats_and_what_stands_between() -> None:
    varied = "".join(f"{number} " for number in range(200))

    assert abbreviated(varied) == {"$start": varied[:60], "$length": len(varied)}
    assert abbreviated("https://" + "a" * 300 + "/b") == {
        "$concat": ["https://", {"$repeat": "a", "$times": 300}, "/b"]
    }


def test_a_report_shows_what_is_proved_and_says_of_the_rest_where_it_reaches() -> None:
    proved = judged(STRING, INTEGER)
    shown = proved.model_copy(update={"findings": [proved.findings[0].model_copy(update={"code": "accepted"})]})
    suspected = judged({"type": "object"}, {"type": "object", "maxProperties": 1_000_000})

    assert "\n  its code  accepted\n" in as_text(shown)
    assert "old client sends" not in as_text(suspected)
    assert "\n  reaches   POST /things\n" in as_text(suspected)
    assert "```json" in as_markdown(proved)
    assert "```json" not in as_markdown(suspected)
