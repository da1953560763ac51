"""Who sends and who reads: answers, tolerance, and members that travel one way."""

from contracts.compat.views import Tolerance

from .small_documents import CLOSED, INTEGER, NAMED, STRING, judged


def test_old_clients_read_what_the_new_server_sends() -> None:
    assert judged(STRING, {"type": ["string", "null"]}, "response").verdict == "breaking"
    assert judged({"type": ["string", "null"]}, STRING, "response").verdict == "safe"
    assert judged({"enum": ["a"]}, {"enum": ["a", "b"]}, "response").verdict == "breaking"
    assert judged(NAMED, {**NAMED, "required": []}, "response").verdict == "breaking"


def test_readers_are_tolerant_unless_told_otherwise() -> None:
    wider = {**CLOSED, "properties": {**CLOSED["properties"], "c": STRING}}

    assert judged(CLOSED, wider, "response").verdict == "safe"
    assert judged(CLOSED, wider, "response", reader=Tolerance.STRICT).verdict == "breaking"
    assert judged({"enum": ["a", "b"]}, {"enum": ["a", "b", "c"]}, "response", reader=Tolerance.OPEN).verdict == "safe"


def test_open_clients_send_what_nothing_declares() -> None:
    assert judged(NAMED, CLOSED).verdict == "safe"
    assert judged(NAMED, CLOSED, client="open").verdict == "breaking"


def test_members_travel_one_way_only() -> None:
    shown = {**NAMED, "properties": {**NAMED["properties"], "id": {**STRING, "readOnly": True}}, "required": ["id"]}
    hidden = {**NAMED, "properties": {**NAMED["properties"], "id": {**STRING, "writeOnly": True}}, "required": ["id"]}

    assert judged(NAMED, shown).verdict == "safe"
    assert judged(NAMED, hidden).verdict == "breaking"
    assert judged(shown, hidden, "response").verdict == "breaking"
    assert judged(hidden, NAMED, "response").verdict == "safe"


def test_closed_branches_are_told_apart_by_no_tolerant_reader() -> None:
    one = {"type": "object", "properties": {"a": STRING}, "additionalProperties": False}
    other = {"type": "object", "properties": {"b": STRING}, "additionalProperties": False}
    before, after = (
        {"oneOf": [one, other]},
        {"oneOf": [{**one, "properties": {"a": {**STRING, "maxLength": 5}}}, other]},
    )
    inner, renamed = ({"type": "object", "properties": {"x": item}} for item in (before, {**before, "title": "t"}))

    assert judged(before, after, "response").verdict == "safe"
    assert judged(inner, renamed, "response").verdict == "safe"
    assert judged(before, {"oneOf": [one, INTEGER]}, "response").verdict == "breaking"
