"""Every change is judged by each reader: who breaks is shown the payload, and who does not is proved not to."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from contracts.compat.publishing import report_schema
from contracts.tools.cli import app
from typer.testing import CliRunner, Result

PERSON: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name", "age"],
    "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "age": {"type": "integer"}},
}
TITLE = {"title": "People", "version": "v2"}
PATH = "/v2/people/{person_id}"


def document(person: dict[str, Any], path: str = PATH, **operation: Any) -> dict[str, Any]:
    tag = {"description": "a version", "required": True, "schema": {"type": "string"}}
    answers = {
        "200": {
            "description": "fine",
            "headers": {"ETag": tag},
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Person"}}},
        },
        "404": {"description": "gone", "content": {"application/json": {"schema": {"type": "object"}}}},
    }
    place = {"name": "person_id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "openapi": "3.1.0",
        "info": TITLE,
        "paths": {path: {"parameters": [place], "get": {"responses": answers, **operation}}},
        "components": {"schemas": {"Person": person}},
    }


def reading(consumer: str, *members: str, path: str = PATH, **changes: Any) -> dict[str, Any]:
    """Read these members of a person, or what a test says of them."""
    properties = {member: PERSON["properties"][member] for member in members} | changes
    name = f"{consumer}.readers:Read"
    return {
        "consumer": consumer,
        "reader": f"{consumer}.readers.Read",
        "document": "people.v2.json",
        **TITLE,
        "operation": f"GET {path}",
        "reads": list(properties),
        "answer": {"$ref": f"#/components/schemas/{name}"},
        "components": {name: {"type": "object", "required": list(properties), "properties": properties}},
    }


class Desk:
    """A folder with what is published, what is to be, and who reads what."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("old", "new"):
            (folder / name).mkdir()
            (folder / name / "other.v1.json").write_text(json.dumps({"openapi": "3.1.0", "info": {}, "paths": {}}))
        self.publish("old", document(PERSON))
        self.publish("new", document(PERSON))

    def publish(self, side: str, made: dict[str, Any]) -> None:
        (self.folder / side / "people.v2.json").write_text(json.dumps(made))

    def read(self, *readers: dict[str, Any]) -> None:
        (self.folder / "readers.json").write_text(json.dumps({"readers": readers}))

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--readers", str(self.folder / "readers.json")])

    def diff(self, *words: str) -> Result:
        return self.run("diff", str(self.folder / "old"), str(self.folder / "new"), *words)

    def gate(self, *words: str) -> Result:
        sides = ("--base", str(self.folder / "old"), "--revision", str(self.folder / "new"))
        return self.run("gate", *sides, "--waivers", str(self.folder / "none.toml"), *words)

    def consumers(self) -> dict[str, dict[str, Any]]:
        """Give what the report says of each consumer."""
        report = json.loads(self.diff("--format", "json").stdout)
        assert jsonschema_rs.Draft202012Validator(json.loads(report_schema())).is_valid(report)
        return {item["consumer"]: item for item in report["consumers"]}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.read(reading("post", "id", "name"), reading("bar", "age"), reading("door"))
    return made


def without(*names: str) -> dict[str, Any]:
    kept = {name: schema for name, schema in PERSON["properties"].items() if name not in names}
    return {"type": "object", "required": list(kept), "properties": kept}


def test_who_reads_what_is_gone_breaks_and_nobody_else(desk: Desk) -> None:
    desk.publish("new", document(without("name")))

    said = desk.consumers()

    assert {name: item["verdict"] for name, item in said.items()} == {"post": "breaking", "bar": "safe", "door": "safe"}
    (finding,) = said["post"]["findings"]
    assert finding["rule"] == "property.required-missing"
    assert "name" not in finding["witness"]


def test_a_person_reads_who_breaks_by_which_payload_and_who_does_not(desk: Desk) -> None:
    desk.publish("new", document(without("name")))

    said = desk.diff().stdout

    assert "readers: 2 of 3 provably read all that may come; post may not" in said
    assert "  breaks      post  Read  GET /v2/people/{person_id}  `name` is not sent, and is required" in said
    assert 'the new server sends {"id": "x", "age": 1}' in said
    assert 'post refuses it: /: "name" is a required property' in said
    assert "  unaffected  bar   Read  GET /v2/people/{person_id}  reads age" in said
    assert "  unaffected  door  Read  GET /v2/people/{person_id}  reads nothing of the answer" in said


def test_a_pull_request_and_a_changelog_say_it_by_consumer(desk: Desk) -> None:
    desk.publish("new", document(without("name")))
    sides = f"{desk.folder / 'old'}..{desk.folder / 'new'}"

    comment = desk.diff("--format", "markdown").stdout
    written = desk.run("changelog", sides).stdout

    for said in (comment, written):
        assert "- **post** breaks: `Read` of GET /v2/people/{person_id}: `name` is not sent, and is required.\n" in said
        assert '  Payload: `{"id": "x", "age": 1}`\n' in said
        assert "- **bar** unaffected: `Read` of GET /v2/people/{person_id}: reads age.\n" in said
    assert "\n## By consumer\n" in written


def test_github_shows_it_beside_the_change(desk: Desk) -> None:
    desk.publish("new", document(without("name")))

    said = desk.diff("--format", "github").stdout.splitlines()

    broken = "post breaks: Read of GET /v2/people/{person_id}: `name` is not sent, and is required"
    assert f"::error title=post.readers.Read::{broken}" in said
    assert "::notice title=bar.readers.Read::bar unaffected: Read of GET /v2/people/{person_id}: reads age" in said


def test_what_a_reader_takes_may_be_wider_than_what_all_clients_were_promised(desk: Desk) -> None:
    desk.read(reading("post", name={"type": ["string", "null"]}))
    nameless = {**PERSON, "properties": {**PERSON["properties"], "name": {"type": ["string", "null"]}}}
    desk.publish("new", document(nameless))

    said = desk.consumers()

    assert desk.diff().exit_code == 1
    assert said["post"]["verdict"] == "safe"


def test_what_a_consumer_sends_is_not_declared_so_all_that_it_may_send_counts(desk: Desk) -> None:
    needed = {"name": "why", "in": "query", "required": True, "schema": {"type": "string"}}
    desk.publish("new", document(PERSON, parameters=[needed]))

    said = desk.consumers()

    assert {item["verdict"] for item in said.values()} == {"breaking"}


def test_a_narrower_body_is_refused_to_the_consumer_that_sends_it(desk: Desk) -> None:
    def taking(most: int) -> dict[str, Any]:
        note = {"type": "object", "required": ["note"], "properties": {"note": {"type": "string", "maxLength": most}}}
        return document(PERSON, requestBody={"required": True, "content": {"application/json": {"schema": note}}})

    desk.publish("old", taking(9))
    desk.publish("new", taking(5))

    said = desk.diff().stdout

    assert 'door sends {"note": "xxxxxx"}' in said
    assert "the new server refuses it: /note: " in said


def test_headers_are_promised_to_no_reader(desk: Desk) -> None:
    bare = document(PERSON)
    del bare["paths"][PATH]["get"]["responses"]["200"]["headers"]
    desk.publish("new", bare)

    said = desk.consumers()

    assert desk.diff().exit_code == 1
    assert {item["verdict"] for item in said.values()} == {"safe"}


def test_a_reader_is_tolerant_even_where_other_clients_are_taken_at_their_word(desk: Desk) -> None:
    closed = {**PERSON, "additionalProperties": False}
    more = {**closed, "properties": {**PERSON["properties"], "nickname": {"type": "string"}}}
    desk.publish("old", document(closed))
    desk.publish("new", document(more))
    desk.read(reading("post", "id", "name"))

    ended = desk.diff("--reader", "strict")

    assert ended.exit_code == 1
    assert "  unaffected  post  Read  GET /v2/people/{person_id}  reads id, name" in ended.stdout


def test_what_breaks_a_consumer_can_be_explained_by_its_id(desk: Desk) -> None:
    desk.publish("new", document(without("name")))
    report = desk.folder / "report.json"
    report.write_text(desk.diff("--format", "json").stdout)
    (finding,) = desk.consumers()["post"]["findings"]

    said = CliRunner().invoke(app, ["explain", finding["id"], "--report", str(report)]).stdout

    assert said.startswith(f"{finding['id']}  breaking  people.v2.json `name` is not sent, and is required")


def test_an_operation_or_a_document_that_goes_breaks_every_reader_of_it(desk: Desk) -> None:
    desk.publish("new", document(PERSON, path="/v2/persons/{person_id}"))
    moved = desk.consumers()
    (desk.folder / "new" / "people.v2.json").unlink()
    gone = desk.consumers()

    assert {item["findings"][0]["rule"] for item in moved.values()} == {"operation.removed"}
    assert {item["findings"][0]["rule"] for item in gone.values()} == {"document.removed"}


def test_what_cannot_be_proved_is_not_called_safe(desk: Desk) -> None:
    desk.read(reading("bar", age={"type": "integer"}, name={"type": "string", "format": "made-up"}))

    said = desk.diff().stdout

    assert "  may break  bar  Read  GET /v2/people/{person_id}  " in said


def test_other_providers_readers_are_not_asked(desk: Desk) -> None:
    stranger = reading("post", "id") | {"version": "v3"}
    missing = reading("bar", "id", path="/v2/nobody")
    desk.read(stranger, missing)

    said = desk.consumers()

    assert said == {}


def test_single_documents_are_known_by_their_title(desk: Desk) -> None:
    desk.publish("new", document(without("age")))
    sides = (desk.folder / side / "people.v2.json" for side in ("old", "new"))

    report = json.loads(desk.run("diff", *map(str, sides), "--format", "json").stdout)

    assert {item["consumer"]: item["verdict"] for item in report["consumers"]} == {
        "post": "safe",
        "bar": "breaking",
        "door": "safe",
    }


def test_the_gate_proves_that_what_is_published_fits_every_reader(desk: Desk) -> None:
    passed = desk.gate()
    desk.read(reading("post", name={"type": "string", "maxLength": 3}))
    refused = desk.gate()

    assert (passed.exit_code, refused.exit_code) == (0, 1)
    assert "readers: 3 of 3 provably read all that may come" in passed.stdout
    assert "post.readers.Read cannot read all that GET /v2/people/{person_id} may answer: " in refused.stderr
    assert 'such as {"id": "x", "name": "xxxx", "age": 1}' in refused.stderr


def test_the_gate_judges_each_reader_by_every_release_and_says_it_once(desk: Desk) -> None:
    desk.publish("new", document(without("name")))

    ended = desk.gate("--format", "json")

    (post,) = [item for item in json.loads(ended.stdout)["consumers"] if item["consumer"] == "post"]
    assert ended.exit_code == 1
    assert len({finding["id"] for finding in post["findings"]}) == len(post["findings"]) > 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "the file: expected what `contracts readers --format json` writes, found "),
        ('{"readers": [{}]}', "found readers/0/consumer: Field required"),
    ],
)
def test_a_file_that_is_no_file_of_readers_is_named(desk: Desk, text: str, said: str) -> None:
    (desk.folder / "readers.json").write_text(text)

    ended = desk.diff()

    assert ended.exception is not None
    assert said in str(ended.exception)


def test_a_file_of_readers_that_is_not_there_is_named(desk: Desk) -> None:
    (desk.folder / "readers.json").unlink()

    ended = desk.diff()

    assert "readers.json" in str(ended.exception)
    assert "no such file" in str(ended.exception)
