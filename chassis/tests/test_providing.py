"""Handlers are given the application's objects by type."""

import pytest
from chassis.providing import Provided


def test_an_object_is_found_by_its_type() -> None:
    assert Provided(["a", 1]).get(int) == 1


def test_what_was_not_put_in_is_named_with_what_was() -> None:
    with pytest.raises(
        LookupError, match=r"wants float, and this application provides int, str: pass it to create_app"
    ):
        Provided(["a", 1]).get(float)


def test_an_application_that_provides_nothing_says_so() -> None:
    with pytest.raises(LookupError, match="provides nothing"):
        Provided([]).get(float)
