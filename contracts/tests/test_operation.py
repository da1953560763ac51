"""An operation knows from its declaration all that a service and its callers need."""

from typing import Any

import pytest
from contracts.answers import ETAG, Answer, Success
from contracts.dialect import ENVELOPE, OAUTH
from contracts.errors import (
    Forbidden,
    Internal,
    Malformed,
    NotFound,
    PayloadTooLarge,
    RateLimited,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
)
from contracts.operation import Api, Operation, operation
from contracts.scopes import Scope
from contracts.wire import Id

from .toy import NewToy, OldToys, Toy, ToyBroken, ToyNotFound, Toys, Wishes

pytestmark = pytest.mark.anyio


class Echo:
    """A transport that answers with what it was sent."""

    async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        return Answer(arguments, 200)


class Probe(Api, service="probe", version="v1"):
    """Operations that differ in one thing each."""

    @operation("GET", "/v1/things/{thing_id}")
    async def get(self, thing_id: Id, words: str | None = None) -> Toy:
        """Get a thing.

        It is there,
        or it is not.
        """
        ...

    @operation("POST", "/v1/things", scope=Scope.USERS_READ, limited=True, errors=(NotFound,))
    async def make(self, toy: NewToy) -> Toy:
        """Make a thing."""
        ...

    @operation("GET", "/v1/nothing", status=204, cache="max-age=9", idempotent=False)
    async def nothing(self) -> None:
        """Do nothing."""
        ...

    @operation("POST", "/v1/tagged", status=Success(200, (ETAG,)))
    async def tag(self) -> Toy:
        """Tag a thing."""
        ...


def test_on_the_class_it_is_the_declaration() -> None:
    assert isinstance(Probe.get, Operation)
    assert (Probe.get.name, Probe.get.label) == ("get", "probe v1 get")
    assert [op.name for op in Probe.operations()] == ["get", "make", "nothing", "tag"]


def test_its_words_are_those_of_the_docstring() -> None:
    assert Probe.get.summary == "Get a thing"
    assert Probe.get.description == "It is there,\nor it is not."
    assert not Probe.make.description


def test_what_follows_from_the_declaration_is_added_to_its_errors() -> None:
    assert Probe.nothing.errors == (Internal, Unavailable)
    assert Probe.get.errors == (Malformed, Internal, Unavailable)
    assert Probe.make.errors == (
        Unauthenticated,
        Forbidden,
        NotFound,
        PayloadTooLarge,
        UnsupportedMediaType,
        Malformed,
        RateLimited,
        Internal,
        Unavailable,
    )


def test_a_dialect_has_its_own_word_for_a_malformed_request() -> None:
    assert OAUTH.malformed in Wishes.wish.errors
    assert Malformed not in Wishes.wish.errors


def test_errors_are_ordered_by_status_and_code() -> None:
    codes = [(error.status, error.code) for error in Toys.get_toy.errors]

    assert codes == sorted(codes)
    assert {ToyNotFound, ToyBroken} <= set(Toys.get_toy.errors)


def test_repeating_is_safe_where_the_method_or_the_declaration_says_so() -> None:
    assert Probe.get.repeatable
    assert not Probe.make.repeatable
    assert not Probe.nothing.repeatable
    assert Toys.make_toy.repeatable
    assert not Toys.change_toy.repeatable
    assert Toys.break_toy.repeatable


def test_only_a_get_with_an_etag_is_conditional() -> None:
    assert Toys.get_toy.conditional
    assert not Probe.get.conditional
    assert not Probe.tag.conditional


def test_what_is_not_said_to_be_kept_is_not() -> None:
    assert Probe.get.cache_control == "no-store"
    assert Toys.get_toy.cache_control == "private, no-cache"
    assert Probe.nothing.cache_control == "max-age=9"


def test_a_result_travels_in_one_of_four_ways() -> None:
    kinds = {op.name: op.kind for op in Toys.operations()}

    assert kinds["get_toy"] == kinds["find_toys"] == "json"
    assert kinds["put_picture"] == "empty"
    assert kinds["get_picture"] == "download"
    assert kinds["watch_toy"] == "events"


def test_the_reply_is_the_whole_body_in_the_apis_dialect() -> None:
    assert Toys.get_toy.reply is Toy
    assert OldToys.get_toy.reply is ENVELOPE.reply(Toy)
    assert Toys.put_picture.reply is None
    assert Toys.watch_toy.reply.__name__ == "Broken"


def test_the_body_is_the_argument_that_travels_there() -> None:
    assert Probe.make.body is not None
    assert Probe.make.body.name == "toy"
    assert Probe.get.body is None


def test_a_success_is_found_by_its_status() -> None:
    first, second = Toys.make_toy.successes

    assert Toys.make_toy.success(201) is first
    assert Toys.make_toy.success(202) is second
    assert Toys.make_toy.success(200) is None


def test_without_a_status_only_one_success_can_be_meant() -> None:
    assert Probe.get.success(None) == Success(200)
    assert Toys.make_toy.success(None) is None


async def test_on_an_instance_it_is_the_call() -> None:
    probe: Any = Probe(Echo())

    assert await probe.get(1) == {"thing_id": 1}
    assert await probe.get(1, "two") == {"thing_id": 1, "words": "two"}
    assert await probe.get(words="two", thing_id=1) == {"thing_id": 1, "words": "two"}
    assert await probe.get.answer(1) == Answer({"thing_id": 1}, 200)


@pytest.mark.parametrize(
    ("args", "kwargs", "given"),
    [
        ((), {}, "()"),
        ((1, 2, 3), {}, "(1, 2, 3)"),
        ((1,), {"thing_id": 2}, "(1, thing_id)"),
        ((1,), {"colour": 2}, "(1, colour)"),
    ],
)
async def test_a_call_that_does_not_fit_is_a_type_error(args: Any, kwargs: Any, given: str) -> None:
    probe: Any = Probe(Echo())

    with pytest.raises(TypeError) as caught:
        await probe.get(*args, **kwargs)

    assert str(caught.value) == f"probe v1 get takes (thing_id, words), and was given {given}"
