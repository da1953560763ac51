"""Each dialect words success and failure in its own way, and reads its own words back."""

import json
from typing import Any

import pytest
from contracts.dialect import ENVELOPE, OAUTH, PROBLEM, Dialect
from contracts.errors import ApiError, Conflict, Issue, NotFound

from .toy import Toy, ToyBroken, ToyNotFound

TOY = Toy.model_validate({"id": "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87", "name": "Bear", "colour": "red", "left": 3})
DECLARED = (NotFound, ToyNotFound, ToyBroken)


def body_of(dialect: Dialect, error: ApiError) -> bytes:
    return dialect.word(error, "/v1/toys", "4bf9").model_dump_json().encode()


def test_the_bare_resource_is_the_body() -> None:
    assert PROBLEM.reply(Toy) is Toy
    assert PROBLEM.wrap(Toy, 200, TOY) is TOY
    assert PROBLEM.unwrap(TOY) is TOY
    assert OAUTH.wrap(Toy, 200, TOY) is TOY


def test_an_envelope_says_the_status_again() -> None:
    reply = ENVELOPE.reply(Toy)

    wrapped: Any = ENVELOPE.wrap(reply, 201, TOY)

    assert reply.__name__ == "ToyEnvelope"
    assert (wrapped.code, wrapped.msg) == (201, "success")
    assert ENVELOPE.unwrap(wrapped) is TOY


def test_an_envelope_has_an_example_of_what_it_holds() -> None:
    (example,) = ENVELOPE.reply(Toy).model_config["json_schema_extra"]["examples"]

    assert (example["code"], example["msg"], example["data"]["name"]) == (200, "success", "Bear")


def test_a_problem_says_what_went_wrong_and_where() -> None:
    issue = Issue(code="missing", detail="Field required", place="body", pointer="/name")

    problem = json.loads(body_of(PROBLEM, ToyNotFound("no bear", issues=[issue])))

    assert problem == {
        "type": "urn:concord:problem:toy_not_found",
        "title": "There is no such toy",
        "status": 404,
        "detail": "no bear",
        "instance": "/v1/toys",
        "code": "toy_not_found",
        "errors": [issue.model_dump()],
        "trace_id": "4bf9",
    }


def test_a_problem_may_add_members() -> None:
    problem = json.loads(body_of(PROBLEM, ToyBroken("torn", part="ear")))

    assert problem["part"] == "ear"


@pytest.mark.parametrize(("dialect", "member"), [(PROBLEM, "detail"), (ENVELOPE, "msg"), (OAUTH, "error_description")])
def test_without_a_detail_the_title_speaks_and_long_ones_are_cut(dialect: Dialect, member: str) -> None:
    assert json.loads(body_of(dialect, ToyNotFound()))[member] == "There is no such toy"
    assert json.loads(body_of(dialect, ToyNotFound("x" * 3000)))[member] == "x" * 2000


@pytest.mark.parametrize("dialect", [PROBLEM, ENVELOPE, OAUTH], ids=lambda dialect: dialect.name)
def test_a_declared_error_reads_back(dialect: Dialect) -> None:
    declared = (Conflict, ToyNotFound)

    error = dialect.read(404, body_of(dialect, ToyNotFound("no bear")), declared)

    assert isinstance(error, ToyNotFound)
    assert error.detail == "no bear"


def test_a_problem_reads_back_with_its_issues_and_members() -> None:
    issue = Issue(code="torn", detail="Torn off", place="body", pointer="/ear")

    error = PROBLEM.read(409, body_of(PROBLEM, ToyBroken("torn", issues=[issue], part="ear")), DECLARED)

    assert isinstance(error, ToyBroken)
    assert (error.issues, error.members) == ((issue,), {"part": "ear"})


@pytest.mark.parametrize("dialect", [PROBLEM, ENVELOPE, OAUTH], ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"code": 404, "error": 404, "msg": 404}', b"\xff"])
def test_what_is_no_error_of_ours_is_none(dialect: Dialect, body: bytes) -> None:
    assert dialect.read(404, body, DECLARED) is None


@pytest.mark.parametrize("dialect", [PROBLEM, ENVELOPE, OAUTH], ids=lambda dialect: dialect.name)
def test_an_error_of_another_status_is_not_the_declared_one(dialect: Dialect) -> None:
    assert dialect.read(410, body_of(dialect, ToyNotFound("no bear")), DECLARED) is None


def test_a_problem_without_its_members_is_none_of_ours() -> None:
    assert PROBLEM.read(409, b'{"code": "toy_broken"}', DECLARED) is None


def test_an_oauth_error_needs_no_description() -> None:
    error = OAUTH.read(404, b'{"error": "not_found"}', DECLARED)

    assert isinstance(error, NotFound)
    assert not error.detail


def test_every_dialect_names_the_body_of_its_failures() -> None:
    names = [dialect.failure(ToyBroken).__name__ for dialect in (PROBLEM, ENVELOPE, OAUTH)]

    assert names == ["BrokenProblem", "ErrorEnvelope", "OAuthError"]
