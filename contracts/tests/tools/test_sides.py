"""Where both sides have code, it is asked too: models refuse what no schema shows, and imports lose what they used."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from contracts.compat.comparing import Options
from contracts.compat.failures import Unreadable
from contracts.compat.findings import Finding, Report
from contracts.compat.sources import load
from contracts.compat.values import mapping
from contracts.tools.packages import Package, installed, packed, same_code
from contracts.tools.sides import Side, judged, side
from typer.testing import Result

import contracts

OPENAPI = Path(__file__).parents[2] / "openapi"
BOTH = ("wire", "source")
Run = Callable[..., Result]
Edit = tuple[str, str, str]
LIMIT, CURSOR = "        limit: PageSize = 20,\n", "        cursor: Cursor | None = None,\n"
NO_PLUS = """    email: Email

    @__import__("pydantic").field_validator("email")
    @classmethod
    def _no_plus(cls, value: str) -> str:
        if "+" in value:
            raise ValueError("no plus, please")
        return value
"""
MONDAYS = """    exported_at: Timestamp

    @__import__("pydantic").field_validator("exported_at")
    @classmethod
    def _not_on_sundays(cls, value):
        if value.weekday() == 6:
            raise ValueError("not on Sundays")
        return value
"""


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    """Copy the declarations, and edit some: `(file, found, put in its place)`."""

    def make(*edits: Edit) -> Path:
        package = tmp_path / "other" / "contracts"
        shutil.copytree(
            Path(contracts.__file__).parent, package, ignore=shutil.ignore_patterns("compat", "tools", "__pycache__")
        )
        for file, found, put in edits:
            text = (package / file).read_text()
            assert found in text, f"{file} no longer says {found!r}"
            (package / file).write_text(text.replace(found, put))
        return package.parent

    return make


def compared(package: Path, *, backwards: bool = False, documents: Any = None) -> Report:
    """Judge an edited package against ours, both under the same documents."""
    published = load(str(OPENAPI))
    sides = [Side(published, installed()), Side(documents or published, package)]
    base, revision = reversed(sides) if backwards else sides
    return judged(base, revision, Options(), BOTH)


def said(report: Report) -> list[tuple[str, str, str]]:
    return [(finding.rule, finding.verdict, finding.message) for finding in report.findings]


def of_rule(report: Report, rule: str) -> Finding:
    return next(finding for finding in report.findings if finding.rule == rule)


def new_user(text: str) -> str:
    """Make the email of version 2's NewUser, and nobody else's."""
    before, name, after = text.partition("class NewUser(Request):")
    return before + name + after.replace("    email: Email\n", NO_PLUS, 1)


def test_a_validator_that_no_schema_shows_is_found_with_its_payload(changed: Callable[..., Path]) -> None:
    package = changed()
    file = package / "contracts/users/v2.py"
    file.write_text(new_user(file.read_text()))

    report = compared(package)
    (finding,) = report.findings

    assert (finding.rule, finding.source, finding.verdict, finding.operation) == (
        "code.refused", "code", "breaking", "POST /v2/users",
    )  # fmt: skip
    assert isinstance(finding.witness, dict)
    assert "+" in str(finding.witness["email"])
    assert finding.refusal == "NewUser: Value error, no plus, please"
    assert isinstance(finding.control, dict)
    assert compared(package, backwards=True).findings == []


def test_an_answer_that_the_old_code_refuses_is_found(changed: Callable[..., Path]) -> None:
    package = changed(("users/v2.py", "    exported_at: Timestamp", MONDAYS))

    found = compared(package, backwards=True).findings

    assert {(item.rule, item.verdict, item.direction, item.operation) for item in found} == {
        ("code.refused", "breaking", "response", "GET /v2/users/me/export")
    }
    assert "not on Sundays" in found[0].refusal


def test_strictness_is_found_though_both_schemas_say_integer(changed: Callable[..., Path]) -> None:
    lax = changed(("wire.py", "Field(strict=True, ge=1, le=1000)", "Field(ge=1, le=1000)"))

    report = compared(lax, backwards=True)

    assert ("code.refused", "breaking") in {(finding.rule, finding.verdict) for finding in report.findings}
    assert of_rule(report, "code.undeclared-refused").verdict == "behaviour"
    assert compared(lax).findings == []


def test_a_value_that_is_read_as_another_is_told(changed: Callable[..., Path]) -> None:
    package = changed(("wire.py", "        max_length=254,", "        max_length=254,\n        to_lower=True,"))

    finding = of_rule(compared(package), "code.value-changed")

    assert finding.verdict == "behaviour"
    assert " became " in finding.refusal


def test_query_parameters_are_tried_as_text(changed: Callable[..., Path]) -> None:
    package = changed(
        (
            "wire.py",
            "PageSize: TypeAlias = Annotated[int, Field(",
            "PageSize: TypeAlias = Annotated[int, Field(strict=True, ",
        )
    )

    found = [item for item in compared(package).findings if item.where == "query limit"]

    assert found
    assert all(isinstance(item.witness, str) for item in found)


def test_a_schema_finding_says_what_the_code_makes_of_its_witness(changed: Callable[..., Path]) -> None:
    documents = load(str(OPENAPI))
    document = documents["orders.v2.json"]
    narrower = json.loads(json.dumps(document.raw).replace('"maximum": 1000,', '"maximum": 500,'))
    documents["orders.v2.json"] = type(document).checked(narrower, "narrower")

    report = compared(changed(("scopes.py", "from enum", "import enum\nfrom enum")), documents=documents)
    shown = [item for item in report.findings if item.rule == "number.maximum-lowered" and item.direction == "request"]

    assert {item.code for item in shown} == {"accepted"}


def test_a_schema_finding_says_nothing_of_code_that_declares_its_operation_no_more(
    changed: Callable[..., Path],
) -> None:
    documents = load(str(OPENAPI))
    document = documents["orders.v2.json"]
    narrower = json.loads(json.dumps(document.raw).replace('"maximum": 1000,', '"maximum": 500,'))
    documents["orders.v2.json"] = type(document).checked(narrower, "narrower")

    report = compared(changed(("orders/v2.py", "async def place_order(", "async def order(")), documents=documents)
    shown = [item for item in report.findings if item.rule == "number.maximum-lowered" and item.direction == "request"]

    assert {item.code for item in shown} == {""}


def test_where_nothing_but_answers_is_published_those_are_tried(changed: Callable[..., Path]) -> None:
    document = load(str(OPENAPI))["users.v2.json"]
    paths = {"/v2/users/me/export": mapping(document.raw["paths"])["/v2/users/me/export"]}
    published = {"users.v2.json": type(document).checked({**document.raw, "paths": paths}, "answers only")}
    package = changed(("users/v2.py", "    exported_at: Timestamp", MONDAYS))

    report = judged(Side(published, package), Side(published, installed()), Options(), BOTH)

    assert {(item.rule, item.operation) for item in report.findings} == {("code.refused", "GET /v2/users/me/export")}


LOSSES: list[tuple[str, list[Edit], str]] = [
    ("source.name-removed", [("users/v2.py", "Standing", "Repute")], "Standing is gone, and Repute looks the same"),
    (
        "source.argument-removed",
        [("users/v2.py", "{user_id}/close", "{who}/close"),
         ("users/v2.py", "close_user(self, user_id", "close_user(self, who")],
        "Users.close_user takes no user_id any more",
    ),
    (
        "source.argument-required",
        [("users/v2.py", "status: AccountStatus | None = None", "status: AccountStatus | None")],
        "Users.list_users cannot be called without status any more",
    ),
    (
        "source.argument-moved",
        [("users/v2.py", LIMIT + CURSOR, CURSOR + LIMIT)],
        "Users.list_users takes its arguments in another order",
    ),
    (
        "source.operation-removed",
        [("users/v2.py", "async def get_people", "async def people")],
        "Users.get_people is gone",
    ),
    (
        "source.member-removed",
        [("catalog/v2.py", 'LOST = "lost"', 'GONE = "lost"')],
        "Reason.LOST is gone",
    ),
    (
        "source.base-removed",
        [("users/errors.py", "class EmailTaken(Conflict)", "class EmailTaken(BadRequest)")],
        "`except Conflict` no longer catches EmailTaken",
    ),
    (
        "source.field-removed",
        [("users/v2.py", "    exported_at: Timestamp", "    made_at: Timestamp")],
        "PersonalData.exported_at is gone",
    ),
    (
        "source.field-required",
        [("users/v2.py", "    new_password:", "    nick: Line\n    new_password:")],
        "PasswordChange cannot be made without nick any more",
    ),
    (
        "source.field-required",
        [("users/v2.py", "    email: Email | MISSING = MISSING", "    email: Email")],
        "UserChanges cannot be made without email any more",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "edits", "message"), LOSSES, ids=[loss[2] for loss in LOSSES])
def test_what_code_loses_is_shown_by_a_program_that_no_longer_runs(
    changed: Callable[..., Path], rule: str, edits: list[Edit], message: str
) -> None:
    report = compared(changed(*edits))
    finding = of_rule(report, rule)

    assert (finding.verdict, finding.axis, finding.source) == ("breaking", "source", "code")
    assert finding.message == message
    assert isinstance(finding.witness, str)
    assert len(finding.witness.splitlines()) <= 3
    assert ran(finding.witness) == 0
    assert finding.refusal


def ran(program: str) -> int:
    """Run a program where the old package is installed."""
    return subprocess.run([sys.executable, "-c", program], check=False, capture_output=True).returncode


def test_a_lost_module_is_one_loss(changed: Callable[..., Path]) -> None:
    package = changed()
    (package / "contracts/users/identity.py").unlink()

    finding = of_rule(compared(package), "source.module-removed")

    assert finding.witness == "import contracts.users.identity"
    assert finding.refusal == "ModuleNotFoundError: No module named 'contracts.users.identity'"
    assert finding.document == "users.identity.json"


def test_types_results_and_defaults_that_change_are_behaviour(changed: Callable[..., Path]) -> None:
    package = changed(
        ("users/v2.py", "limit: PageSize = 20", "limit: PageSize = 50"),
        ("users/v2.py", "    id: Id\n", "    id: Line\n"),
        (
            "users/v2.py",
            "async def get_user(self, user_id: Id) -> User",
            "async def get_user(self, user_id: Id) -> NewUser",
        ),
    )

    found = said(compared(package))

    assert ("source.default-changed", "behaviour", "Users.list_users took 20 for limit, and takes 50 now") in found
    assert ("source.type-changed", "behaviour", "User.id was a UUID, and is a str now") in found
    assert ("source.result-changed", "behaviour", "Users.get_user returned User, and returns NewUser now") in found


def test_a_name_that_is_another_kind_of_thing_is_told(changed: Callable[..., Path]) -> None:
    package = changed(("codec.py", "def encode(", "encode = 3\n\n\ndef _encode("))

    assert ("source.kind-changed", "behaviour", "encode was a function, and is a value now") in said(compared(package))


def test_functions_are_held_to_how_they_are_called(changed: Callable[..., Path]) -> None:
    package = changed(
        ("codec.py", "def encode(op: Operation[..., Any], arguments", "def encode(op: Operation[..., Any], given")
    )

    assert "encode takes no arguments any more" in [message for _, _, message in said(compared(package))]


def test_the_same_code_is_not_asked(changed: Callable[..., Path], tmp_path: Path) -> None:
    package = changed()
    with zipfile.ZipFile(tmp_path / "contracts-1-py3-none-any.whl", "w") as archive:
        for file in sorted(package.rglob("*.py")):
            archive.write(file, file.relative_to(package))
    (tmp_path / "bad.whl").write_text("no")

    assert same_code(package, installed())
    assert same_code(tmp_path / "contracts-1-py3-none-any.whl", package)
    with pytest.raises(Unreadable, match="expected a built wheel"):
        same_code(tmp_path / "bad.whl", package)


def test_a_package_that_cannot_be_imported_says_why(changed: Callable[..., Path]) -> None:
    package = changed(("wire.py", "from datetime import datetime", "import nothing_like_it"))

    with Package(package) as broken, pytest.raises(Unreadable, match="No module named 'nothing_like_it'"):
        broken.ask("describe")


@pytest.fixture
def wheel(changed: Callable[..., Path], tmp_path: Path) -> Path:
    """Pack a release whose `limit` had no default, and which published what we publish."""
    package = changed(("users/v2.py", "limit: PageSize = 20", "limit: PageSize = 10"))
    built = tmp_path / "concord_contracts-0.0.1-py3-none-any.whl"
    with zipfile.ZipFile(built, "w") as archive:
        for file in sorted(package.rglob("*.py")):
            archive.write(file, file.relative_to(package))
        for file in sorted(OPENAPI.glob("*.json")):
            archive.write(file, f"contracts/openapi/{file.name}")
    return built


def test_wheels_releases_and_what_is_published_here_have_code(wheel: Path, tmp_path: Path) -> None:
    release = tmp_path / "released/0.0.1"
    release.mkdir(parents=True)
    for file in OPENAPI.glob("*.json"):
        shutil.copy(file, release)
    without = side(str(release))
    (release / "declarations.zip").write_bytes(packed(installed()))

    assert side(str(wheel)).package == side(f"wheel:{wheel}").package == wheel
    assert without.package is None
    assert side(str(release)).package == release / "declarations.zip"
    assert side(str(OPENAPI)).package == installed()


def test_two_wheels_are_compared_by_their_code_too(wheel: Path, run: Run) -> None:
    both = run("diff", f"wheel:{wheel}", OPENAPI)
    wire = run("diff", f"wheel:{wheel}", OPENAPI, "--axis", "wire")

    assert (both.exit_code, wire.exit_code) == (0, 0)
    assert "Users.list_users took 10 for limit, and takes 20 now" in both.stdout
    assert "source." not in wire.stdout


def test_a_program_is_shown_line_by_line_and_in_the_changelog(
    changed: Callable[..., Path], tmp_path: Path, run: Run
) -> None:
    package = changed(("users/v2.py", "Standing", "Repute"))
    release = tmp_path / "1.0.0"
    shutil.copytree(OPENAPI, release)
    (release / "declarations.zip").write_bytes(packed(package))

    text = run("diff", release, OPENAPI).stdout
    written = run("changelog", f"{release}..{OPENAPI}").stdout

    assert "  old code  from contracts.users.v2 import Repute\n  now       ImportError: cannot import name" in text
    assert "No longer runs: `from contracts.users.v2 import Repute`" in written


def test_the_wheel_of_another_project_has_documents_only(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "shop-1.0-py3-none-any.whl", "w") as archive:
        archive.write(OPENAPI / "users.v2.json", "shop/openapi/users.v2.json")

    assert side(str(tmp_path / "shop-1.0-py3-none-any.whl")).package is None
