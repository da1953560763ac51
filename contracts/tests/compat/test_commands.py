"""The commands of the gate, through the command line."""

import json
import os
import re
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from contracts.compat.failures import Unreadable
from contracts.compat.publishing import report_schema
from contracts.compat.rulebook import RULES
from contracts.compat.rules import Told
from contracts.compat.sources import load
from contracts.compat.waivers import read_waivers, waive
from contracts.tools.cli import app
from contracts.tools.faults import ToolError
from contracts.tools.gate import judge
from contracts.tools.sides import side
from typer.testing import CliRunner, Result

import contracts

SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "findings.schema.json"
NAME = {"type": "string", "maxLength": 9}


def raw(schema: Any, path: str = "/things") -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object", "properties": {"name": schema}}}}
    operation = {"requestBody": {"content": content}, "responses": {"200": {"description": "fine", "content": content}}}
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {path: {"post": operation}}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Lay out two releases, what is committed, and single files to compare."""
    sides = {"old": raw(NAME), "new": raw({**NAME, "maxLength": 5}), "moved": raw(NAME, "/other")}
    for name, document in sides.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "shop.v1.json").write_text(json.dumps(document))
        (tmp_path / f"{name}.json").write_text(json.dumps(document))
    for version in ("1.0.0", "1.10.0"):
        (tmp_path / "released" / version).mkdir(parents=True)
        (tmp_path / "released" / version / "shop.v1.json").write_text(json.dumps(sides["old"]))
        (tmp_path / "released" / version / "manifest.json").write_text("{}")
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_safe_change_ends_with_zero(folder: Path) -> None:
    ended = run("diff", folder / "old.json", folder / "old.json")

    assert (ended.exit_code, ended.stdout) == (0, "safe: nothing that older clients send or read has changed\n")


def test_a_break_ends_with_one_and_shows_the_payload(folder: Path) -> None:
    ended = run("diff", folder / "old.json", folder / "new.json")

    assert ended.exit_code == 1
    assert "breaking  POST /things  body application/json  maxLength 9 -> 5  string.maxLength-lowered" in ended.stdout
    assert 'old client sends  {"name": "xxxxxx"}' in ended.stdout
    assert 'both accept  {"name": "x"}' in ended.stdout


def test_the_json_report_keeps_to_its_published_schema(folder: Path) -> None:
    for revision in ("new.json", "moved.json", "old.json"):
        report = json.loads(run("diff", folder / "old.json", folder / revision, "--format", "json").stdout)

        published = json.loads(SCHEMA.read_text())
        assert jsonschema_rs.Draft202012Validator(published).is_valid(report)

    assert SCHEMA.read_text() == report_schema(), "run contracts.compat.publishing and commit what it writes"


def test_reports_are_the_same_bytes_whatever_the_hash_seed(folder: Path) -> None:
    command = [sys.executable, "-m", "contracts.tools.cli", "diff", str(folder / "old"), str(folder / "new")]
    code = "import sys; from contracts.tools.cli import main; sys.argv = sys.argv[1:]; main()"
    command = [sys.executable, "-c", code, "contracts", *command[3:], "--format", "json"]
    outputs = {
        subprocess.run(command, capture_output=True, check=False, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("0", "1", "4711")
    }

    assert len(outputs) == 1
    assert json.loads(outputs.pop())["verdict"] == "breaking"


def test_github_and_markdown_name_the_finding(folder: Path) -> None:
    github = run("diff", folder / "old.json", folder / "new.json", "--format", "github").stdout
    markdown = run("diff", folder / "old.json", folder / "moved.json", "--format", "markdown").stdout

    assert (
        "::error title=string.maxLength-lowered::breaking: POST /things body application/json: maxLength 9 -> 5"
        in github
    )
    assert "| breaking | POST /things | exchange | POST /things no longer exists |" in markdown
    assert run("diff", folder / "old.json", folder / "old.json", "--format", "markdown").stdout.startswith("**safe**")
    assert run("diff", folder / "old.json", folder / "old.json", "--format", "github").stdout == "safe\n"


def test_a_name_that_would_end_a_line_or_speak_to_the_terminal_is_escaped(folder: Path) -> None:
    for name, schema in (("old", NAME), ("new", {**NAME, "maxLength": 5})):
        (folder / f"{name}.json").write_text(json.dumps(raw(schema, "/a\n::error::b\x1b[31m")))
    sides = folder / "old.json", folder / "new.json"

    shown = [run("diff", *sides, "--format", form).stdout for form in ("text", "markdown")]

    for text in [*shown, run("changelog", "..".join(map(str, sides))).stdout]:
        assert "POST /a\\n::error::b\\x1b[31m" in text
        assert all(line.isprintable() for line in text.split("\n"))


def test_what_is_not_fatal_can_be_made_so(folder: Path) -> None:
    (folder / "default.json").write_text(json.dumps(raw({**NAME, "default": "x"})))

    plain = run("diff", folder / "old.json", folder / "default.json")
    strict = run("diff", folder / "old.json", folder / "default.json", "--fail-on", "behaviour")

    assert (plain.exit_code, strict.exit_code) == (0, 1)
    assert 'default none -> "x"' in plain.stdout


def test_saved_witnesses_are_replayed(folder: Path) -> None:
    run("diff", folder / "old", folder / "new", "--save-witnesses", folder / "kept")
    ended = run("replay", folder / "kept")
    kept = next((folder / "kept").glob("F-*.json"))
    saved = json.loads(kept.read_text())
    saved["finding"]["witness"] = {"name": "fits"}
    kept.write_text(json.dumps(saved))
    untrue = run("replay", folder / "kept")

    assert (ended.exit_code, untrue.exit_code) == (0, 1)
    assert "sent and refused" in ended.stdout
    assert "accepted now" in untrue.stdout


def test_a_saved_document_that_no_validator_reads_is_named(folder: Path) -> None:
    run("diff", folder / "old", folder / "new", "--save-witnesses", folder / "kept")
    for kept in (folder / "kept").glob("document-*.json"):
        kept.write_text(kept.read_text().replace('"maxLength": 9', '"multipleOf": 0'))

    ended = run("replay", folder / "kept")

    assert isinstance(ended.exception, ToolError)
    assert "expected a schema that JSON Schema's validators can read" in str(ended.exception)


def test_there_must_be_witnesses_to_replay(tmp_path: Path) -> None:
    ended = run("replay", tmp_path)

    assert isinstance(ended.exception, ToolError)
    (tmp_path / "F-1.json").write_text("{}")
    assert isinstance(run("replay", tmp_path).exception, ToolError)


def test_every_release_is_held_against_what_is_committed(folder: Path) -> None:
    broken = run("gate", "--released", folder / "released", "--revision", folder / "new", "--waivers", folder / "none")
    fine = run("gate", "--released", folder / "released", "--revision", folder / "old", "--waivers", folder / "none")
    based = run("gate", "--base", folder / "old", "--revision", folder / "new", "--waivers", folder / "none")
    empty = run("gate", "--released", folder / "nothing", "--revision", folder / "new")

    assert (broken.exit_code, fine.exit_code, based.exit_code, empty.exit_code) == (1, 0, 1, 0)
    assert broken.stdout == based.stdout  # two releases show the same, which is said once
    assert "nothing is released" in empty.stderr


def test_one_document_each_is_compared_whatever_its_name(folder: Path) -> None:
    (folder / "new" / "shop.v1.json").rename(folder / "new" / "store.v1.json")

    findings = judge([side(str(folder / "old"))], side(str(folder / "new")))

    assert [finding.rule for finding in findings] == ["string.maxLength-lowered"]


def test_one_document_of_several_that_is_gone_is_a_break(folder: Path) -> None:
    (folder / "old" / "users.v1.json").write_text((folder / "old" / "shop.v1.json").read_text())

    findings = judge([side(str(folder / "old"))], side(str(folder / "new")))

    assert "document.removed" in [finding.rule for finding in findings]


def test_single_files_have_no_names_to_pair_by(folder: Path) -> None:
    ended = run("gate", "--base", folder / "old.json", "--revision", folder / "new")

    assert isinstance(ended.exception, ToolError)


WAIVER = """
[[waiver]]
rule = "string.maxLength-lowered"
place = "POST /things"
owner = "ada"
reason = "nobody sends long names"
expires = 2026-12-31
"""


def test_a_waiver_holds_until_its_day_and_as_long_as_it_is_true(folder: Path) -> None:
    (folder / "waivers.toml").write_text(WAIVER)
    waivers = read_waivers(folder / "waivers.toml")
    broken = judge([side(str(folder / "old"))], side(str(folder / "new")))
    pinned = waivers[0].model_copy(update={"witness": {"name": "another"}})

    in_time = waive(broken, waivers, date(2026, 12, 31))
    late = waive(broken, waivers, date(2027, 1, 1))
    untrue = waive([], waivers, date(2026, 12, 1))

    assert (in_time.left, len(in_time.waived), in_time.complaints) == ([], 1, [])
    assert late.left == broken
    assert late.complaints == ["the waiver of ada for string.maxLength-lowered at POST /things expired on 2026-12-31"]
    assert untrue.complaints[0].endswith("is no longer true: delete it")
    assert waive(broken, [pinned], date(2026, 12, 1)).left == broken


def test_the_gate_tells_of_waivers_and_fails_on_stale_ones(folder: Path) -> None:
    (folder / "waivers.toml").write_text(WAIVER.replace("2026-12-31", "2999-12-31"))
    common = ("--released", folder / "released", "--waivers", folder / "waivers.toml")

    waived = run("gate", *common, "--revision", folder / "new")
    stale = run("gate", *common, "--revision", folder / "old")

    assert (waived.exit_code, stale.exit_code) == (0, 1)
    assert "[[waiver]]" not in waived.stderr
    assert "waived until 2999-12-31 by ada" in waived.stderr
    assert "no longer true" in stale.stderr


def test_the_gate_writes_the_waiver_that_a_finding_needs(folder: Path) -> None:
    common = ("gate", "--released", folder / "released", "--waivers", folder / "waivers.toml", "--revision")

    broken = run(*common, folder / "new")
    offered = broken.stderr.partition("[[waiver]]")[1:]
    filled = "".join(offered).replace('"..."', '"ada"').replace("expires = ...", "expires = 2999-12-31")
    (folder / "waivers.toml").write_text(filled.partition("\n\n[[")[0])
    held = json.loads(run(*common, folder / "new", "--format", "json").stdout)["findings"]

    assert "`contracts explain RULE` says how to mend it" in broken.stderr
    assert held == []


@pytest.mark.parametrize("text", ["waiver = 3", "[[waiver]]\nrule = 'x'\n", "not toml ["])
def test_a_file_of_waivers_is_read_strictly(tmp_path: Path, text: str) -> None:
    (tmp_path / "waivers.toml").write_text(text)

    with pytest.raises(Unreadable, match="expected waivers"):
        read_waivers(tmp_path / "waivers.toml")


JUDGED = [rule.name for rule in RULES.values() if not isinstance(rule.example, Told)]


@pytest.mark.parametrize("name", JUDGED)
def test_every_example_shows_its_rule(name: str) -> None:
    example = RULES[name].example

    assert not isinstance(example, Told)
    assert name in [finding.rule for finding in example.report().findings]


def named_by_the_gate() -> set[str]:
    """Read from the sources which rules there are."""
    families = "|".join(sorted({name.partition(".")[0] for name in RULES}))
    sources = Path(contracts.__file__).parent
    found = [file.read_text() for folder in ("compat", "tools") for file in sorted((sources / folder).glob("*.py"))]
    return set(re.findall(rf'"((?:{families})\.[a-z]+[a-zA-Z-]*)"', "\n".join(found)))


def test_every_rule_that_the_gate_names_is_explained() -> None:
    assert named_by_the_gate() - set(RULES) == set()
    for name in RULES:
        said = run("explain", name).stdout

        for part in ("meaning", "safely", "before", "after"):
            assert f"\n  {part} " in said, f"{name} has no {part}"
        assert re.search(r"\n  (payload|exchange|reported|shown by)", said), f"{name} is not shown"


def test_rules_and_findings_are_explained(folder: Path) -> None:
    (folder / "report.json").write_text(run("diff", folder / "old", folder / "new", "--format", "json").stdout)
    finding = json.loads((folder / "report.json").read_text())["findings"][0]["id"]

    rule, http, one = (
        run("explain", "enum.narrowed"),
        run("explain", "body.removed"),
        run("explain", finding, "--report", folder / "report.json"),
    )

    assert 'payload  "b" is refused' in rule.stdout
    assert "meaning  A body is ignored." in http.stdout
    assert one.stdout.startswith(finding)
    for bad in (("x",), ("F-1",), ("F-1", "--report", folder / "none"), ("F-1", "--report", folder / "report.json")):
        assert isinstance(run("explain", *bad).exception, ToolError)


def test_a_changelog_tells_what_breaks_and_what_is_new(folder: Path) -> None:
    wider = raw({**NAME, "maxLength": 20, "default": "x"})
    wider["paths"]["/more"] = wider["paths"]["/things"]
    (folder / "wider").mkdir()
    (folder / "wider" / "shop.v1.json").write_text(json.dumps(wider))
    (folder / "wider" / "users.v1.json").write_text(json.dumps(wider))
    (folder / "old" / "users.v1.json").write_text(json.dumps(raw(NAME)))

    written = run("changelog", f"{folder / 'old'}..{folder / 'wider'}").stdout
    backward = run("changelog", f"{folder / 'old.json'}..{folder / 'new.json'}").stdout
    same = run("changelog", f"{folder / 'new.json'}..{folder / 'new.json'}").stdout

    assert "## shop.v1.json" in written
    assert "### Breaking\n\n- **POST /things 200 application/json**: maxLength 20 -> 9 (breaking). Payload: " in written
    assert "### Now also possible\n\n- POST /more: new\n- POST /things body application/json: accepts " in written
    assert '### Behaviour\n\n- POST /things: default none -> "x"' in written
    assert "### No longer sent\n\n- POST /things 200 application/json: such as " in backward
    assert same == "Nothing that clients send or read has changed.\n"
    assert isinstance(run("changelog", "here").exception, ToolError)


def test_a_changelog_is_asked_of_paths_that_climb(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "old")

    climbing = run("changelog", "../old.json..../new.json")
    within = run("changelog", f"{folder}/old/../old.json..../new.json")

    assert "### Breaking" in climbing.stdout
    assert within.stdout == climbing.stdout
    for span in ("old", "old..", "..old", "../old", "old/../old.json"):
        assert isinstance(run("changelog", span).exception, ToolError), span


def test_a_changelog_tells_which_answers_never_come_any_more(folder: Path) -> None:
    more = raw(NAME)
    more["paths"]["/things"]["post"]["responses"]["202"] = {"description": "later"}
    (folder / "more.json").write_text(json.dumps(more))

    written = run("changelog", f"{folder / 'more.json'}..{folder / 'old.json'}").stdout

    assert "### No longer sent\n\n- POST /things: a status is never answered any more" in written


def test_a_header_that_is_newly_promised_is_no_loss(folder: Path) -> None:
    more = raw(NAME)
    promised = {"ETag": {"required": True, "schema": {"type": "string"}}}
    more["paths"]["/things"]["post"]["responses"]["200"]["headers"] = promised
    (folder / "more.json").write_text(json.dumps(more))

    written = run("changelog", f"{folder / 'old.json'}..{folder / 'more.json'}").stdout

    assert "### Now also possible\n\n- POST /things: a header is promised" in written
    assert "No longer sent" not in written


def test_a_changelog_tells_what_is_waived_and_until_when(folder: Path) -> None:
    (folder / "waivers.toml").write_text(WAIVER.replace("2026-12-31", "2999-12-31"))

    written = run("changelog", f"{folder / 'old'}..{folder / 'new'}", "--waivers", folder / "waivers.toml").stdout

    assert "### Breaking\n" not in written
    assert "### Breaking, and waived\n\n- **POST /things body application/json**: maxLength 9 -> 5" in written
    assert "Waived until 2999-12-31 by ada: nobody sends long names." in written


def test_documents_come_from_commits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for command in ("init -q", "add .", "-c user.name=a -c user.email=a@b commit -qm first"):
        subprocess.run(["git", *command.split()], check=True, capture_output=True)

    assert set(load("git:HEAD:old")) == {"shop.v1.json"}
    assert set(load("git:HEAD:old.json")) == {""}
    assert set(load("git:HEAD:")) == {"old.json", "new.json", "moved.json"}
    for bad in ("git:HEAD", "git:nothing:old", "git:--help:old", "git:HEAD:missing.json"):
        with pytest.raises(Unreadable):
            load(bad)


def test_documents_come_from_wheels(folder: Path) -> None:
    wheel = folder / "shop-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.write(folder / "old.json", "shop/openapi/shop.v1.json")
    (folder / "bad.whl").write_text("no")
    with zipfile.ZipFile(folder / "empty.whl", "w") as archive:
        archive.writestr("a.txt", "")

    assert set(load(f"wheel:{wheel}")) == set(load(str(wheel))) == {"shop.v1.json"}
    for bad in ("bad.whl", "empty.whl", "missing.whl"):
        with pytest.raises(Unreadable):
            load(str(folder / bad))


def test_wheels_are_fetched_by_pip(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module named pip stands for the real one, which would ask the network."""
    with zipfile.ZipFile(folder / "shop-1.0-py3-none-any.whl", "w") as archive:
        archive.write(folder / "old.json", "shop/openapi/shop.v1.json")
    (folder / "pip.py").write_text(
        "import shutil, sys\n"
        "if sys.argv[-1] == 'missing': sys.exit('no such package')\n"
        "to = sys.argv[sys.argv.index('--dest') + 1]\n"
        f"if sys.argv[-1] == 'shop==1.0': shutil.copy({str(folder / 'shop-1.0-py3-none-any.whl')!r}, to)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(folder))

    assert set(load("wheel:shop==1.0")) == {"shop.v1.json"}
    with pytest.raises(Unreadable, match="no such package"):
        load("wheel:missing")
    with pytest.raises(Unreadable, match="a source distribution only"):
        load("wheel:source==1.0")


def test_where_neither_pip_nor_uv_is_installed_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module named pip that says what an interpreter without one says stands for its absence."""
    (tmp_path / "pip.py").write_text("raise SystemExit('python: No module named pip')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Unreadable, match="expected `pip` in this environment, or the command `uv`"):
        load("wheel:unfetched==1.0")


def test_git_itself_may_be_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Unreadable, match="expected the command `git`"):
        load("git:HEAD:contracts")


def test_yaml_says_the_same_as_json(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: t, version: '1', x-day: 2026-01-02, x-on: yes}\n"
        "x-values: [1, -2, 1.5, 1e3, true, ~, null, 'true', \"1\", |]\n  text\n".replace(", |]\n  text", "]")
        + "x-shared: &one {a: 1}\nx-again: *one\npaths: {}\n"
    )
    (tmp_path / "b.yaml").write_text("openapi: 3.1.0\npaths: {}\nx-a: 1e999\n")
    (tmp_path / "c.yaml").write_text("# nothing\n")

    raw = load(str(tmp_path / "a.yaml"))[""].raw

    assert raw["info"] == {"title": "t", "version": "1", "x-day": "2026-01-02", "x-on": "yes"}
    assert raw["x-values"] == [1, -2, 1.5, 1000.0, True, None, None, "true", "1"]
    assert raw["x-again"] == {"a": 1}
    for bad in ("b.yaml", "c.yaml"):
        with pytest.raises(Unreadable):
            load(str(tmp_path / bad))


def test_yaml_takes_in_other_objects(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "openapi: 3.1.0\npaths: {}\nx-one: &one {a: 1, b: 1}\nx-two: &two {b: 2, c: 2}\n"
        "x-both: {<<: [*one, *two], a: 3}\nx-first: {a: 3, <<: *one}\nx-plain: {'<<': 1}\n"
    )

    raw = load(str(tmp_path / "a.yaml"))[""].raw

    assert raw["x-both"] == {"a": 3, "b": 1, "c": 2}
    assert raw["x-first"] == {"a": 3, "b": 1}
    assert raw["x-plain"] == {"<<": 1}


def test_progress_is_told_to_a_person_who_waits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contracts.tools.diff._watched", lambda: True)

    assert "comparing" in run("diff", folder / "old.json", folder / "new.json").stderr
