"""Errors are classes with a status and a code, whose docstring is what people read."""

import pytest
from contracts.errors import ApiError, ContractViolated, Issue, NoAnswer, NotFound, Problem, Unavailable, Unreachable
from contracts.examples import example

from contracts import errors

ERRORS = [
    kind
    for kind in (getattr(errors, name) for name in errors.__all__)
    if isinstance(kind, type) and issubclass(kind, ApiError)
]


class Silent(ApiError):
    __doc__ = None


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_has_a_status_a_code_and_a_title(error: type[ApiError]) -> None:
    assert 400 <= error.status <= 599
    assert error.code.replace("_", "").isalpha()
    assert not error.title().endswith(".")
    assert "\n" not in error.title()


def test_no_two_errors_share_a_code_and_a_status() -> None:
    told = [error for error in ERRORS if error not in {ApiError, NoAnswer, Unreachable}]  # which no service answers
    codes = [(error.status, error.code) for error in told]

    assert len(codes) == len(set(codes))


def test_an_error_carries_what_the_problem_says() -> None:
    issue = example(Issue)

    error = NotFound("no bear", issues=[issue], retry_after=2, headers={"X-It": "1"}, shelf=7)

    assert (str(error), error.detail, error.issues) == ("no bear", "no bear", (issue,))
    assert (error.retry_after, error.headers, error.members) == (2, {"X-It": "1"}, {"shelf": 7})


def test_an_error_needs_nothing_but_its_class() -> None:
    error = NotFound()

    assert (error.detail, error.issues, error.retry_after, error.headers, error.members) == ("", (), None, {}, {})


def test_an_error_without_a_docstring_is_called_as_the_one_that_it_is_a_kind_of() -> None:
    assert Silent.title() == "Something went wrong"


def test_callers_can_catch_all_that_is_no_answer() -> None:
    assert issubclass(Unavailable, NoAnswer)
    assert issubclass(ContractViolated, NoAnswer)


def test_the_example_of_a_problem_is_one() -> None:
    assert example(Problem).code == "not_found"
