"""A stub answers with the contract's examples, and lets no test pass on what no service does."""

from uuid import UUID

import pytest
from contracts.answers import ETAG, LOCATION, RETRY_AFTER, Answer, Download, Upload
from contracts.errors import Conflict, Unavailable
from contracts.examples import example
from contracts.stub import StubTransport
from contracts.wire import Id, Page

from .toy import NewToy, Toy, ToyNotFound, ToyQuery, Toys

pytestmark = pytest.mark.anyio

TOY_ID = UUID("0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87")


@pytest.fixture
def stub() -> StubTransport:
    return StubTransport()


@pytest.fixture
def toys(stub: StubTransport) -> Toys:
    return Toys(stub)


async def test_it_answers_with_the_contracts_example(stub: StubTransport, toys: Toys) -> None:
    answer = await toys.get_toy.answer(TOY_ID)

    assert answer.value == example(Toy)
    assert (answer.status, answer.headers) == (200, {ETAG: ETAG.example})
    assert stub.calls == [(Toys.get_toy, {"toy_id": TOY_ID})]


async def test_it_answers_every_kind_of_operation(toys: Toys) -> None:
    page = await toys.list_toys(ToyQuery())
    shelf = await toys.find_toys("top")
    nothing = await toys.put_picture(TOY_ID, Upload(b"x"))
    picture = await toys.get_picture(TOY_ID)
    async with await toys.watch_toy(TOY_ID) as stream:
        events = [event.part async for event in stream]

    assert (page.items, page.next_cursor) == ([example(Toy)], None)
    assert shelf == [example(Toy)]
    assert nothing is None
    assert picture == Download(b"example", "image/png")
    assert events == ["ear"]


async def test_it_answers_what_the_test_says(stub: StubTransport, toys: Toys) -> None:
    gone = example(Toy).model_copy(update={"left": 0})
    stub.answer(Toys.get_toy, gone)
    stub.answer(Toys.make_toy, Answer(gone, 202, {LOCATION: "/v2/toys/1", RETRY_AFTER: "1"}))
    stub.answer(Toys.get_picture, Download(b"bear", "image/jpeg"))

    assert (await toys.get_picture(TOY_ID)).content == b"bear"
    assert (await toys.get_toy(TOY_ID)).left == 0
    assert (await toys.make_toy.answer(NewToy(name="Bear"))).status == 202


async def test_it_refuses_as_the_test_says(stub: StubTransport, toys: Toys) -> None:
    stub.refuse(Toys.get_toy, ToyNotFound("no toy"))
    stub.refuse(Toys.make_toy, Unavailable("down"))

    with pytest.raises(ToyNotFound, match="no toy"):
        await toys.get_toy(TOY_ID)
    with pytest.raises(Unavailable, match="down"):
        await toys.make_toy(NewToy(name="Bear"))


def test_it_does_not_answer_a_status_that_the_contract_does_not_know(stub: StubTransport) -> None:
    with pytest.raises(ValueError, match=r"toys v2 get_toy answers \[200\], not 201"):
        stub.answer(Toys.get_toy, Answer(example(Toy), 201))


def test_it_does_not_answer_what_the_contract_does_not_say(stub: StubTransport) -> None:
    with pytest.raises(ValueError, match="validation error"):
        stub.answer(Toys.list_toys, example(Toy))  # pyright: ignore[reportArgumentType]  # what the test is about


def test_it_does_not_raise_an_error_that_is_not_declared(stub: StubTransport) -> None:
    with pytest.raises(ValueError, match="toys v2 list_toys does not declare Conflict; it declares Unauthenticated"):
        stub.refuse(Toys.list_toys, Conflict())


async def test_it_does_not_take_a_call_that_no_service_takes(toys: Toys) -> None:
    with pytest.raises(ValueError, match="does not take this `toy_id`"):
        await toys.get_toy("not an id")  # pyright: ignore[reportArgumentType]  # what the test is about


async def test_a_call_with_the_wrong_arguments_is_a_type_error_as_in_any_python(toys: Toys) -> None:
    with pytest.raises(TypeError, match=r"toys v2 get_toy takes \(toy_id\), and was given \(\)"):
        await toys.get_toy()  # pyright: ignore[reportCallIssue]  # what the test is about


def test_what_has_no_example_says_who_should_give_one() -> None:
    with pytest.raises(LookupError, match="give one to the model that holds it"):
        example(Id)


def test_a_model_without_an_example_says_where_to_add_one() -> None:
    with pytest.raises(LookupError, match="ToyQuery has no example: add one"):
        example(ToyQuery)


def test_the_example_of_what_may_be_absent_is_its_absence() -> None:
    assert example(Toy | None) is None
    assert example(Page[Toy]).next_cursor is None
