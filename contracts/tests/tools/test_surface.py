"""What the program tells of a package; `test_sides.py` runs it as it is meant to be run, in processes of their own."""

import io
import json
import sys

import pytest
from contracts.tools import surface


def test_it_tells_what_every_public_name_is() -> None:
    told = surface.describe()

    kinds = {name: told[name]["kind"] for name in ("contracts.users.v2:User", "contracts.users.v2:Users")}
    assert kinds == {"contracts.users.v2:User": "model", "contracts.users.v2:Users": "api"}
    assert told["contracts.users.v2:AccountRole"]["members"] == {"CUSTOMER": "customer", "STAFF": "staff"}
    assert "contracts.errors:Conflict" in told["contracts.users.errors:EmailTaken"]["bases"]
    assert told["contracts.codec:encode"]["arguments"][0] == {"name": "op", "default": None}
    assert told["contracts.answers:ETAG"] == {"kind": "value"}
    assert told["contracts.answers:Answer"] == {"kind": "class"}


def test_it_reads_payloads_as_service_and_client_do() -> None:
    body, answer = "users.v2.json change_password body", "users.v2.json get_people answer"
    good = {"current_password": "x", "new_password": "a quieter sentence"}

    judged = surface.judge({body: [good, {**good, "new_password": "x"}], answer: [{"items": [], "more": 1}], "no": [1]})

    assert judged[body][0] == (good, "", [])
    assert judged[body][1] == (None, "PasswordChange: String should have at least 12 characters", ["new_password"])
    assert judged[answer] == [({"items": []}, "", [])]
    assert "no" not in judged


def test_a_model_that_falls_over_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fallen:
        def validate_python(self, payload: object) -> object:
            raise ZeroDivisionError("by nought")

    monkeypatch.setitem(surface.KNOWN, "fallen", (Fallen(), "request"))

    assert surface.judge({"fallen": [1]}) == {"fallen": [(None, "ZeroDivisionError: by nought", [])]}


def test_it_says_of_each_program_why_it_failed() -> None:
    assert surface.perform(["x = 1", "from contracts import nothing"]) == [
        "",
        "ImportError: cannot import name 'nothing' from 'contracts'",
    ]


def test_it_answers_line_by_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO('["perform", [""]]\n["perform", []]\n'))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "argv", ["surface.py", "/somewhere/else"])

    surface.main()

    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [[""], []]
    assert sys.path[0] == "/somewhere/else"
