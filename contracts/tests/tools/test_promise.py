"""The promise of an API has the shapes that are written down, and needs no framework to be computed."""

from typing import Any

import pytest
from contracts.tools.documents import Json, at, parse, references, render
from contracts.tools.promise import promise
from pydantic import TypeAdapter

from .kiosk import Door, Kiosk, OldKiosk

NO_STORE = {
    "description": "How long this may be kept (RFC 9111).",
    "required": True,
    "schema": {"type": "string", "const": "no-store"},
}


@pytest.fixture(scope="module")
def kiosk() -> Json:
    return parse(render(promise(Kiosk)), "kiosk v2")


@pytest.fixture(scope="module")
def old() -> Json:
    return parse(render(promise(OldKiosk)), "kiosk v1")


def test_a_document_says_whose_it_is(kiosk: Json) -> None:
    assert kiosk["openapi"] == "3.1.0"
    assert kiosk["info"] == {"title": "Kiosk", "version": "v2", "description": "Papers for sale."}
    assert list(at(kiosk, "paths")) == ["/v2/papers/{paper_id}", "/v2/papers", "/v2/papers/{paper_id}/scan", "/v2/news"]


def test_operations_of_one_path_stand_together(kiosk: Json) -> None:
    assert list(at(kiosk, "paths", "/v2/papers")) == ["get", "post"]


def test_an_operation_says_what_it_is_for(kiosk: Json) -> None:
    op = at(kiosk, "paths", "/v2/papers/{paper_id}", "get")

    said = {name: op[name] for name in op if name not in {"parameters", "responses"}}

    assert said == {
        "tags": ["kiosk"],
        "summary": "Fetch a paper",
        "description": "Costs nothing.",
        "operationId": "get_paper",
        "security": [{"bearer": ["catalog:peers"]}],
        "x-repeatable": True,
    }


def test_a_scope_needs_the_bearer_scheme_and_a_public_api_has_none(kiosk: Json, old: Json) -> None:
    assert at(kiosk, "components", "securitySchemes", "bearer")["scheme"] == "bearer"
    assert "securitySchemes" not in at(old, "components")


def test_a_conditional_read_takes_an_etag_and_may_answer_304(kiosk: Json) -> None:
    op = at(kiosk, "paths", "/v2/papers/{paper_id}", "get")

    assert [parameter["name"] for parameter in list_of(op["parameters"])] == ["paper_id", "If-None-Match"]
    assert at(op, "responses", "304")["headers"] == at(op, "responses", "200")["headers"]
    assert list(at(op, "responses", "304", "headers")) == ["ETag", "Cache-Control"]


def test_parameters_are_those_of_the_signature_and_of_its_query_model(kiosk: Json) -> None:
    parameters = list_of(at(kiosk, "paths", "/v2/papers", "get")["parameters"])

    assert [(one["name"], one["in"], one["required"]) for one in parameters] == [
        ("words", "query", False),
        ("limit", "query", False),
        ("kind", "query", False),
        ("cursor", "query", False),
    ]
    assert parameters[1]["schema"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 20, "title": "Limit"}
    assert parameters[2]["schema"] == {"$ref": "#/components/schemas/Kind", "default": "daily"}
    assert "default" not in at(parameters[3], "schema")


def test_a_parameter_carries_its_description_and_deprecation(kiosk: Json) -> None:
    words, *_ = list_of(at(kiosk, "paths", "/v2/papers", "get")["parameters"])

    assert (words["description"], words["deprecated"]) == ("Words of the title", True)


def test_a_path_parameter_is_required_and_a_header_has_its_own_name(kiosk: Json) -> None:
    (path, _) = list_of(at(kiosk, "paths", "/v2/papers/{paper_id}", "get")["parameters"])
    (header,) = list_of(at(kiosk, "paths", "/v2/papers", "post")["parameters"])

    assert (path["in"], path["required"], at(path, "schema")["title"]) == ("path", True, "Paper Id")
    assert (header["name"], header["in"], at(header, "schema")["title"]) == (
        "Idempotency-Key",
        "header",
        "Idempotency-Key",
    )


def test_a_json_body_is_a_component_with_its_bound(kiosk: Json) -> None:
    op = at(kiosk, "paths", "/v2/papers", "post")

    assert op["requestBody"] == {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewPaper"}}},
    }
    assert op["x-max-bytes"] == 1000


def test_a_default_of_null_stays_in_a_component(kiosk: Json) -> None:
    assert at(kiosk, "components", "schemas", "NewPaper", "properties", "note")["default"] is None


def test_a_file_is_an_object_of_its_own(kiosk: Json) -> None:
    body = at(kiosk, "paths", "/v2/papers/{paper_id}/scan", "put", "requestBody")

    assert body["content"] == {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/Body_put_scan"}}}
    assert at(kiosk, "components", "schemas", "Body_put_scan") == {
        "type": "object",
        "title": "Body_put_scan",
        "required": ["front_page"],
        "properties": {
            "front_page": {"type": "string", "contentMediaType": "application/octet-stream", "title": "Front Page"}
        },
    }


def test_a_form_is_a_form() -> None:
    body = at(promise(Door), "paths", "/login", "post", "requestBody")

    assert body["content"] == {
        "application/x-www-form-urlencoded": {"schema": {"$ref": "#/components/schemas/Login"}},
    }


def test_every_success_has_its_status_headers_and_body(kiosk: Json) -> None:
    responses = at(kiosk, "paths", "/v2/papers", "post", "responses")

    assert [at(responses, status)["description"] for status in ("201", "202")] == ["Created", "Accepted"]
    assert list(at(responses, "201", "headers")) == ["Location", "Cache-Control"]
    assert at(responses, "202", "headers")["Cache-Control"] == NO_STORE
    assert at(responses, "202", "content", "application/json", "schema") == {"$ref": "#/components/schemas/Paper"}


def test_a_list_is_an_inline_schema_with_a_title(kiosk: Json) -> None:
    content = at(kiosk, "paths", "/v2/papers", "get", "responses", "200", "content")

    assert at(content, "application/json", "schema") == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Paper"},
        "maxItems": 100,
        "title": "Response Find Papers",
    }


def test_nothing_a_file_and_a_stream_have_their_own_contents(kiosk: Json) -> None:
    scan = at(kiosk, "paths", "/v2/papers/{paper_id}/scan")
    news = at(kiosk, "paths", "/v2/news", "get", "responses", "200", "content")

    assert "content" not in at(scan, "put", "responses", "204")
    assert at(scan, "get", "responses", "200", "content") == {
        "image/png": {"schema": {"type": "string", "contentMediaType": "image/png"}}
    }
    assert at(scan, "get", "responses", "200", "headers", "Cache-Control", "schema")["const"] == "public, max-age=60"
    assert news == {"text/event-stream": {"x-event-schema": {"$ref": "#/components/schemas/Paper"}}}


def test_errors_are_grouped_by_status_with_an_example_for_each_code(kiosk: Json) -> None:
    conflict = at(kiosk, "paths", "/v2/papers", "post", "responses", "409")
    content = at(conflict, "content", "application/problem+json")

    assert conflict["x-error-codes"] == ["conflict", "sold_out"]
    assert (
        conflict["description"] == "- `conflict`: A rule of the shop refuses this\n- `sold_out`: The paper is sold out"
    )
    assert content["schema"] == {
        "anyOf": [{"$ref": "#/components/schemas/Problem"}, {"$ref": "#/components/schemas/SoldOutProblem"}]
    }
    assert at(content, "examples", "sold_out") == {
        "summary": "The paper is sold out",
        "value": {
            "type": "urn:concord:problem:sold_out",
            "title": "The paper is sold out",
            "status": 409,
            "detail": "The paper is sold out",
            "instance": "/v2/papers",
            "code": "sold_out",
            "errors": [],
            "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
            "left": 0,
        },
    }


def test_errors_promise_the_headers_that_callers_act_on(kiosk: Json) -> None:
    responses = at(kiosk, "paths", "/v2/papers/{paper_id}", "get", "responses")

    headers = {status: list(at(responses, status, "headers")) for status in responses}

    assert headers["401"] == ["WWW-Authenticate"]
    assert headers["429"] == headers["503"] == ["Retry-After"]
    assert "headers" not in at(responses, "404")


def test_a_version_that_ends_says_so_on_every_operation_and_response(old: Json) -> None:
    op = at(old, "paths", "/v1/papers/{paper_id}", "get")

    assert op["deprecated"] is True
    for status in at(op, "responses"):
        headers = at(op, "responses", status, "headers")
        assert at(headers, "Deprecation", "schema")["const"] == "@1780272000"
        assert at(headers, "Sunset", "schema")["const"] == "Tue, 01 Jun 2027 00:00:00 GMT"
        assert at(headers, "Link", "schema")["const"] == '</v2/docs>; rel="successor-version"'


def test_a_dialect_words_success_and_failure(old: Json) -> None:
    responses = at(old, "paths", "/v1/papers/{paper_id}", "get", "responses")

    missing = at(responses, "404", "content", "application/json")

    assert at(responses, "200", "content", "application/json", "schema") == {
        "$ref": "#/components/schemas/PaperEnvelope"
    }
    assert missing["schema"] == {"$ref": "#/components/schemas/ErrorEnvelope"}
    assert at(missing, "examples", "not_found")["value"] == {"code": 404, "msg": "There is no such thing", "data": None}


def test_every_component_is_used_and_every_reference_leads_somewhere(kiosk: Json) -> None:
    used = set(references(kiosk))

    assert used == set(at(kiosk, "components", "schemas"))


def list_of(value: Any) -> list[Json]:
    return TypeAdapter(list[Json]).validate_python(value)
