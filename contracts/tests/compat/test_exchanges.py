"""What no body can show: operations, parameters, media types, statuses, headers, credentials, servers, calls."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from contracts.compat.comparing import Options, compare
from contracts.compat.document import Document
from contracts.compat.findings import Report
from contracts.compat.replaying import replay, save
from contracts.compat.reporting import as_text

TEXT = {"type": "string"}
LINK = {"description": "where", "schema": TEXT, "required": True}
BASE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "servers": [
        {"url": "https://api.example.com/v1"},
        {"url": "/{stage}", "variables": {"stage": {"default": "test"}}},
    ],
    "security": [{"key": []}],
    "paths": {
        "/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": TEXT}],
            "get": {
                "operationId": "get_thing",
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 10}},
                    {"name": "tags", "in": "query", "schema": {"type": "array", "items": TEXT}},
                    {"name": "X-Trace", "in": "header", "schema": TEXT},
                    {"name": "flag", "in": "query", "allowEmptyValue": True, "schema": TEXT},
                ],
                "responses": {
                    "200": {
                        "description": "fine",
                        "headers": {"Location": LINK, "X-Hint": {"schema": TEXT}},
                        "content": {"application/json": {"schema": TEXT}, "text/csv": {"schema": TEXT}},
                    },
                    "404": {"description": "no", "content": {"application/json": {"schema": TEXT}}},
                },
            },
            "put": {
                "requestBody": {"content": {"application/json": {"schema": TEXT}, "application/xml": {"schema": TEXT}}},
                "responses": {"204": {"description": "done"}, "default": {"description": "other"}},
                "security": [{"oauth": ["write"]}, {"key": []}],
                "callbacks": {
                    "done": {
                        "{$request.body#/url}": {
                            "post": {
                                "requestBody": {"content": {"application/json": {"schema": TEXT}}},
                                "responses": {"200": {"description": "seen"}, "204": {"description": "seen"}},
                            }
                        }
                    }
                },
            },
        }
    },
    "webhooks": {"gone": {"post": {"requestBody": {"content": {"application/json": {"schema": TEXT}}}}}},
    "components": {
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "oauth": {"type": "oauth2", "flows": {}},
        }
    },
}


def get(raw: dict[str, Any]) -> dict[str, Any]:
    return raw["paths"]["/things/{id}"]["get"]


def put(raw: dict[str, Any]) -> dict[str, Any]:
    return raw["paths"]["/things/{id}"]["put"]


def callback(raw: dict[str, Any]) -> dict[str, Any]:
    return put(raw)["callbacks"]["done"]["{$request.body#/url}"]["post"]


def edited(edit: Callable[[dict[str, Any]], object]) -> tuple[Document, Document]:
    changed = copy.deepcopy(BASE)
    edit(changed)
    return Document.checked(BASE, "base"), Document.checked(changed, "revision")


def fatal(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings if finding.verdict == "breaking"]


EDITS: dict[str, tuple[Callable[[dict[str, Any]], object], str | None, str | None]] = {
    # name: (edit, what breaks by it, what breaks by taking it back)
    "an operation goes": (lambda raw: raw["paths"]["/things/{id}"].pop("get"), "operation.removed", None),
    "a path parameter is renamed": (
        lambda raw: (
            raw["paths"].update({"/things/{key}": raw["paths"].pop("/things/{id}")}),
            raw["paths"]["/things/{key}"]["parameters"][0].update(name="key"),
        ),
        None,
        None,
    ),
    "a path parameter is narrowed": (
        lambda raw: raw["paths"]["/things/{id}"]["parameters"][0].update(schema={"type": "integer"}),
        "type.narrowed",
        None,
    ),
    "a parameter becomes required": (
        lambda raw: get(raw)["parameters"][0].update(required=True),
        "parameter.became-required",
        None,
    ),
    "a required parameter is added": (
        lambda raw: get(raw)["parameters"].append({"name": "x", "in": "query", "required": True, "schema": TEXT}),
        "parameter.required-added",
        None,
    ),
    "a header's case does not matter": (lambda raw: get(raw)["parameters"][2].update(name="x-trace"), None, None),
    "an integer in a query becomes a text": (
        lambda raw: get(raw)["parameters"][0].update(schema=TEXT),
        None,
        "type.narrowed",
    ),
    "a text in a query becomes a list": (
        lambda raw: get(raw)["parameters"][3].update(schema={"type": "array", "items": TEXT}),
        None,
        "type.narrowed",
    ),
    "a list is written in one piece": (
        lambda raw: get(raw)["parameters"][1].update(explode=False),
        "parameter.style-changed",
        "parameter.style-changed",
    ),
    "a text is written another way": (lambda raw: get(raw)["parameters"][0].update(style="pipeDelimited"), None, None),
    "a parameter becomes a document": (
        lambda raw: (
            get(raw)["parameters"][0].pop("schema"),
            get(raw)["parameters"][0].update(content={"application/json": {"schema": {"type": "integer"}}}),
        ),
        "parameter.style-changed",
        "parameter.style-changed",
    ),
    "an empty value is refused": (
        lambda raw: get(raw)["parameters"][3].pop("allowEmptyValue"),
        "parameter.empty-value",
        None,
    ),
    "a body is needed": (lambda raw: put(raw)["requestBody"].update(required=True), "body.became-required", None),
    "a body is ignored": (lambda raw: put(raw).pop("requestBody"), None, None),
    "a body is asked for": (
        lambda raw: get(raw).update(requestBody={"required": True, "content": {"application/json": {"schema": TEXT}}}),
        "body.required-added",
        None,
    ),
    "a media type goes": (
        lambda raw: put(raw)["requestBody"]["content"].pop("application/xml"),
        "body.media-type-removed",
        None,
    ),
    "a range of media types is accepted": (
        lambda raw: put(raw)["requestBody"].update(content={"*/*": {"schema": TEXT}}),
        None,
        "body.media-type-removed",
    ),
    "a success is new": (
        lambda raw: get(raw)["responses"].update({"202": {"description": "later"}}),
        "response.status-added",
        "response.status-removed",
    ),
    "an error is new": (lambda raw: get(raw)["responses"].update({"410": {"description": "gone"}}), None, None),
    "errors are told by range": (
        lambda raw: get(raw)["responses"].update({"4XX": get(raw)["responses"].pop("404")}),
        None,
        None,
    ),
    "a body is no longer sent": (
        lambda raw: get(raw)["responses"]["404"].pop("content"),
        "response.body-removed",
        None,
    ),
    "an answer is no longer available in a format": (
        lambda raw: get(raw)["responses"]["200"]["content"].pop("text/csv"),
        "response.media-type-removed",
        None,
    ),
    "an answer is told more exactly": (
        lambda raw: get(raw)["responses"]["404"].update(content={"application/problem+json": {"schema": TEXT}}),
        None,
        "response.media-type-removed",
    ),
    "a promised header may be missing": (
        lambda raw: get(raw)["responses"]["200"]["headers"]["Location"].pop("required"),
        "response.header-dropped",
        None,
    ),
    "a promised header goes": (
        lambda raw: get(raw)["responses"]["200"]["headers"].pop("Location"),
        "response.header-dropped",
        None,
    ),
    "a hint goes": (lambda raw: get(raw)["responses"]["200"]["headers"].pop("X-Hint"), None, None),
    "a header holds something else": (
        lambda raw: get(raw)["responses"]["200"]["headers"]["X-Hint"].update(schema={"type": "string", "maxLength": 2}),
        None,
        "string.maxLength-lowered",
    ),
    "a scope more is needed": (
        lambda raw: put(raw).update(security=[{"oauth": ["write", "admin"]}, {"key": []}]),
        "security.tightened",
        None,
    ),
    "one way in is closed": (lambda raw: put(raw).update(security=[{"oauth": ["write"]}]), "security.tightened", None),
    "everybody is let in": (lambda raw: put(raw).update(security=[]), None, "security.tightened"),
    "a scheme is renamed": (
        lambda raw: (
            raw["components"]["securitySchemes"].update(token=raw["components"]["securitySchemes"].pop("key")),
            raw.update(security=[{"token": []}]),
            put(raw).update(security=[{"oauth": ["write"]}, {"token": []}]),
        ),
        None,
        None,
    ),
    "a key moves to another header": (
        lambda raw: raw["components"]["securitySchemes"]["key"].update(name="X-Other"),
        "security.tightened",
        "security.tightened",
    ),
    "credentials of every kind": (
        lambda raw: (
            raw["components"]["securitySchemes"].update(
                basic={"type": "http", "scheme": "Basic"},
                open={"type": "openIdConnect", "openIdConnectUrl": "https://a"},
                odd={"type": "x"},
            ),
            put(raw).update(
                security=[*put(raw)["security"], {"basic": []}, {"open": []}, {"odd": []}, {"unknown": []}]
            ),
        ),
        None,
        "security.tightened",
    ),
    "another host": (lambda raw: raw["servers"][0].update(url="https://other.example.com/v1"), None, None),
    "a server path goes": (lambda raw: raw["servers"].pop(), "server.path-removed", None),
    "a server path moves into the paths": (
        lambda raw: (
            raw.update(servers=[{"url": "https://api.example.com"}]),
            raw["paths"].update({"/v1/things/{id}": raw["paths"]["/things/{id}"]}),
            raw["paths"].update({"/test/things/{id}": raw["paths"].pop("/things/{id}")}),
        ),
        None,
        None,
    ),
    "a call is no longer made": (lambda raw: raw["webhooks"].pop("gone"), "callback.removed", None),
    "a callback is no longer made": (lambda raw: put(raw).pop("callbacks"), "callback.removed", None),
    "a callback says something else": (
        lambda raw: callback(raw)["requestBody"]["content"]["application/json"].update(schema={"type": "integer"}),
        "type.narrowed",
        "type.narrowed",
    ),
    "a callback's reply is no longer accepted": (
        lambda raw: callback(raw)["responses"].pop("204"),
        "callback.reply-removed",
        None,
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_breaks_what_it_should_in_either_direction(name: str) -> None:
    edit, forward, backward = EDITS[name]
    base, revision = edited(edit)

    there, back = compare(base, revision), compare(revision, base)

    assert sorted(set(fatal(there))) == ([forward] if forward else [])
    assert sorted(set(fatal(back))) == ([backward] if backward else [])
    for finding in [*there.findings, *back.findings]:
        if finding.source == "http" and finding.verdict == "breaking":
            assert isinstance(finding.witness, dict)
            assert finding.witness["base"] != finding.witness["revision"]


NOTES: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    "a default changes": (
        lambda raw: get(raw)["parameters"][0]["schema"].update(default=20),
        "default.changed",
        "wire",
    ),
    "an operation id changes": (lambda raw: get(raw).update(operationId="fetch"), "operation.id-changed", "source"),
    "deprecated without an end": (
        lambda raw: get(raw).update(deprecated=True),
        "operation.deprecated-without-sunset",
        "wire",
    ),
    "a parameter is ignored": (lambda raw: get(raw)["parameters"].pop(), "parameter.removed", "wire"),
    "an error is no longer answered": (lambda raw: get(raw)["responses"].pop("404"), "response.error-removed", "wire"),
}


@pytest.mark.parametrize("name", NOTES)
def test_what_no_payload_can_show_is_listed_and_not_fatal(name: str) -> None:
    edit, rule, axis = NOTES[name]

    report = compare(*edited(edit))

    assert [(finding.rule, finding.axis) for finding in report.findings] == [(rule, axis)]
    assert report.verdict == "safe"


def test_a_deprecation_that_names_its_end_is_no_finding() -> None:
    report = compare(*edited(lambda raw: get(raw).update({"deprecated": True, "x-sunset": "2027-01-01"})))

    assert report.findings == []


def test_a_parameter_that_breaks_is_replayed_as_text(tmp_path: Path) -> None:
    base, revision = edited(lambda raw: get(raw)["parameters"][0].update(schema={"type": "integer", "maximum": 9}))
    report = compare(base, revision)

    save(report, base, revision, Options(), tmp_path)

    assert [item.holds for item in replay(tmp_path)] == [True]
    assert "old client sends" in as_text(report)


def test_a_schema_that_no_validator_here_reads_is_undecided() -> None:
    base, revision = edited(
        lambda raw: put(raw)["requestBody"]["content"]["application/xml"].update(schema={"type": "integer"})
    )

    report = compare(base, revision)

    assert [(finding.rule, finding.verdict) for finding in report.findings] == [("type.narrowed", "undecided")]
