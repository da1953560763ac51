"""What breaks from version 1 to version 2 arrives through the translations, and what does not is named."""

import dataclasses
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from contracts.compat.document import Document
from contracts.compat.sources import load
from contracts.errors import Conflict
from contracts.tools import gate as gate_module
from contracts.tools.cli import app
from contracts.tools.crossing import Crossing, cross
from contracts.tools.faults import ToolError
from contracts.tools.steps import Lens, Step, carried, steps
from contracts.translation import Rule, Translation, Unrepresentable
from contracts.users import v1, v1_v2, v2
from typer.testing import CliRunner, Result

from contracts import users as package

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return load(str(ROOT / "contracts/openapi"))


@pytest.fixture
def users() -> Step:
    return next(step for step in steps() if step.service == "users")


def crossed(step: Step, documents: dict[str, Document]) -> Crossing:
    return cross(step, documents[f"{step.service}.v1.json"], documents[f"{step.service}.v2.json"])


def instead(step: Step, lens: Lens | None, of: Lens) -> Step:
    """Replace one translation by another, or by none."""
    kept = [one for one in step.translations if one is not of]
    return dataclasses.replace(step, translations=(*kept, *([lens] if lens else [])))


@pytest.mark.parametrize("step", list(steps()), ids=lambda step: step.name)
def test_every_break_of_ours_is_carried_by_a_translation(step: Step, documents: dict[str, Document]) -> None:
    made = crossed(step, documents)

    assert made.fallen == []
    assert made.covered >= 6
    assert made.carriers <= {lens.__name__ for lens in step.translations}


def test_a_broken_rule_lets_its_witness_fall_through(users: Step, documents: dict[str, Document]) -> None:
    def nameless(full_name: str) -> v2.Name:
        return v2.Name.model_construct(given="", family=None)

    class Broken(Translation[v1.NewUser, v2.NewUser], old=v1.NewUser, new=v2.NewUser):
        """A person without a name."""

        name = Rule(("full_name",), ("name",), up=nameless, down=v1_v2.join_name)

    fallen = crossed(instead(users, Broken, v1_v2.NewUserV1V2), documents).fallen

    assert {finding.operation for finding in fallen} == {"POST /v1/users"}
    assert {finding.rule for finding in fallen} == {"translation.not-covered"}
    assert isinstance(fallen[0].witness, dict)
    assert set(fallen[0].witness) == {"full_name", "email", "password"}
    assert fallen[0].refusal.startswith("Broken makes {")
    assert '"name": {"given": "", "family": null}' in fallen[0].refusal


def test_a_rule_that_makes_what_the_next_version_refuses_is_named_with_the_member(
    users: Step, documents: dict[str, Document]
) -> None:
    def nameless(full_name: str) -> v2.Name:
        return v2.Name(given="", family=None)

    class Empty(Translation[v1.NewUser, v2.NewUser], old=v1.NewUser, new=v2.NewUser):
        """A person whose name is empty."""

        name = Rule(("full_name",), ("name",), up=nameless, down=v1_v2.join_name)

    fallen = crossed(instead(users, Empty, v1_v2.NewUserV1V2), documents).fallen

    assert fallen[0].refusal.startswith("Empty: Name at `given`: ")


def test_where_neither_version_answers_with_a_body_nothing_is_carried(
    users: Step, documents: dict[str, Document]
) -> None:
    def wordless(name: v2.Name | None) -> str:
        raise ArithmeticError("no word for it")

    class Wordless(Translation[v1.User, v2.User], old=v1.User, new=v2.User):
        """An account that version 1 never shows."""

        status, role, times = v1_v2.UserV1V2.status, v1_v2.UserV1V2.role, v1_v2.UserV1V2.times
        name = Rule(("full_name",), ("name",), up=v1_v2.split_name, down=wordless)

    step = instead(users, Wordless, v1_v2.UserV1V2)
    silent = [_silent(documents[f"users.{version}.json"], f"/{version}/users") for version in ("v1", "v2")]

    told, untold = crossed(step, documents).fallen, cross(step, *silent).fallen

    assert {finding.operation for finding in told} - {finding.operation for finding in untold} == {"POST /v1/users"}


def _silent(document: Document, path: str) -> Document:
    """Take the body away from what a POST answers."""
    paths: Any = document.raw["paths"]
    answers = {"404": {"description": "not there"}, "201": {"description": "made"}}
    changed: Any = {**paths[path], "post": {**paths[path]["post"], "responses": answers}}
    others: Any = {**paths, path: changed}
    return Document.checked({**document.raw, "paths": others}, "silent")


def test_a_rule_that_fails_on_few_values_is_found_by_samples(users: Step, documents: dict[str, Document]) -> None:
    def choosy(status: v2.AccountStatus) -> v1.Status:
        if status is v2.AccountStatus.CLOSED:
            raise ArithmeticError("no word for it")
        return v1.Status.ACTIVE

    class Choosy(Translation[v1.User, v2.User], old=v1.User, new=v2.User):
        """An account that is never closed."""

        name, role, times = v1_v2.UserV1V2.name, v1_v2.UserV1V2.role, v1_v2.UserV1V2.times
        status = Rule(("status",), ("status",), up=v2.AccountStatus, down=choosy)

    fallen = crossed(instead(users, Choosy, v1_v2.UserV1V2), documents).fallen

    assert any("Choosy: ArithmeticError: no word for it" in finding.refusal for finding in fallen)


def test_without_a_translation_nothing_is_carried(users: Step, documents: dict[str, Document]) -> None:
    fallen = crossed(instead(users, None, v1_v2.NewUserV1V2), documents).fallen

    assert {finding.refusal for finding in fallen} == {"no translation is declared for it"}
    assert {finding.document for finding in fallen} == {"users v1 -> v2"}


def test_an_operation_without_a_successor_is_named(users: Step, documents: dict[str, Document]) -> None:
    fallen = crossed(dataclasses.replace(users, successors={}), documents).fallen

    assert [(finding.rule, finding.operation) for finding in fallen] == [
        ("translation.no-successor", "PUT /v1/users/{user_id}")
    ]
    assert "SUCCESSORS names neither another for it nor None" in fallen[0].message


def test_an_operation_may_be_declared_to_end_with_its_version(users: Step, documents: dict[str, Document]) -> None:
    ending = dataclasses.replace(users, successors={v1.Users.put_user: None})

    made = crossed(ending, documents)

    assert made.fallen == []


def test_what_the_old_version_cannot_say_is_refused_by_409_where_that_is_declared(
    users: Step, documents: dict[str, Document]
) -> None:
    def wordless(name: v2.Name | None) -> str:
        raise Unrepresentable("version 1 has no names")

    class Wordless(Translation[v1.User, v2.User], old=v1.User, new=v2.User):
        """An account that version 1 never shows."""

        status, role, times = v1_v2.UserV1V2.status, v1_v2.UserV1V2.role, v1_v2.UserV1V2.times
        name = Rule(("full_name",), ("name",), up=v1_v2.split_name, down=wordless)

    declared = crossed(instead(users, Wordless, v1_v2.UserV1V2), documents).fallen
    old = type("Silent", (), {"operations": _without_conflict})
    silent = crossed(dataclasses.replace(instead(users, Wordless, v1_v2.UserV1V2), old=_Versioned(old)), documents)

    assert declared == []
    assert any("and the operation declares no 409" in finding.refusal for finding in silent.fallen)


def _without_conflict() -> list[Any]:
    """Version 1's operations, had they not declared that they may refuse."""
    return [_Silent(op) for op in v1.Users.operations()]


class _Silent:
    """An operation that declares no conflict."""

    def __init__(self, op: Any) -> None:
        self._op = op
        self.errors = tuple(error for error in op.errors if not issubclass(error, Conflict))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._op, name)

    def __hash__(self) -> int:
        return hash(self._op)

    def __eq__(self, other: object) -> bool:
        return other is self._op


class _Versioned:
    """An Api made of other operations."""

    version = "v1"

    def __init__(self, kind: Any) -> None:
        self.operations = kind.operations


def test_a_write_onto_what_is_stored_must_be_storable(users: Step, documents: dict[str, Document]) -> None:
    def shout(full_name: str | None) -> Any:
        return None if full_name is None else v2.Name.model_construct(given=full_name * 99, family=None)

    class Loud(Translation[v1.User, v2.User], old=v1.User, new=v2.User):
        """A name that grows too long as it is written."""

        status, role, times = v1_v2.UserV1V2.status, v1_v2.UserV1V2.role, v1_v2.UserV1V2.times
        name = Rule(("full_name",), ("name",), up=shout, down=v1_v2.join_name)

    fallen = crossed(instead(users, Loud, v1_v2.UserV1V2), documents).fallen

    assert "PUT /v1/users/{user_id}" in {finding.operation for finding in fallen}


def test_a_new_required_parameter_has_nothing_to_come_from(users: Step, documents: dict[str, Document]) -> None:
    raw = documents["users.v2.json"].raw
    paths: Any = raw["paths"]
    operation = paths["/v2/users"]["get"]
    asked = {"name": "tenant", "in": "query", "required": True, "schema": {"type": "string"}}
    changed = {**paths["/v2/users"], "get": {**operation, "parameters": [*operation["parameters"], asked]}}
    revision = Document.checked({**raw, "paths": {**paths, "/v2/users": changed}}, "changed")

    fallen = cross(users, documents["users.v1.json"], revision).fallen

    assert [finding.message for finding in fallen] == ["query tenant is new and required"]


def test_an_answer_without_a_body_leaves_an_old_client_without_one(users: Step, documents: dict[str, Document]) -> None:
    raw = documents["users.v2.json"].raw
    paths: Any = raw["paths"]
    emptied: Any = {**paths["/v2/users"]["get"], "responses": {"204": {"description": "Nothing to tell."}}}
    changed: Any = {**paths, "/v2/users": {**paths["/v2/users"], "get": emptied}}
    revision = Document.checked({**raw, "paths": changed}, "changed")

    fallen = cross(users, documents["users.v1.json"], revision).fallen

    assert [(finding.operation, finding.message) for finding in fallen] == [
        ("GET /v1/users", "version v2 answers without the body that version v1 promises")
    ]


def test_operations_that_are_not_published_are_not_translated(users: Step, documents: dict[str, Document]) -> None:
    empty = Document.checked({"openapi": "3.1.0", "paths": {}}, "empty")

    gone = cross(users, empty, documents["users.v2.json"])
    missing = cross(users, documents["users.v1.json"], empty)

    assert (gone.fallen, gone.covered) == ([], 0)
    assert {finding.rule for finding in missing.fallen} == {"translation.no-successor"}


def test_a_translation_that_outlived_its_versions_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "v8_v9.py").touch()
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    monkeypatch.setitem(sys.modules, "contracts.users.v8_v9", ModuleType("contracts.users.v8_v9"))

    with pytest.raises(ToolError, match=r"wanted versions v8 and v9 beside it, found .*v1, v2; delete"):
        list(steps())


def test_lists_and_pages_carry_what_they_hold() -> None:
    assert carried(v1.Users.list_users) is v1.User
    assert carried(v2.Users.list_users) is v2.User
    assert carried(v2.Users.get_user) is v2.User


def test_the_gate_tells_what_is_carried_and_fails_on_what_is_not(users: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    good = gated()
    monkeypatch.setattr(gate_module, "steps", lambda: [dataclasses.replace(users, successors={})])
    bad = gated()

    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert "users v1 -> v2: 6 breaks are carried by NewUserV1V2, UserV1V2\n" in good.stderr
    assert "1 fall through" in bad.stderr
    assert "translation.no-successor" in bad.stdout


def gated() -> Result:
    """Hold what is published against no release, so that only the steps between versions are judged."""
    nothing = str(ROOT / "none")
    published = ["gate", "--revision", str(ROOT / "contracts/openapi"), "--released", nothing, "--waivers", nothing]
    return CliRunner().invoke(app, published)
