"""A reader reads what it names and nothing else, and one that could not is refused when its class is made."""

from typing import Any
from uuid import UUID

import pytest
from contracts.answers import ETAG
from contracts.client import AsgiTransport
from contracts.examples import example
from contracts.reader import Reader, ReaderError
from contracts.stub import StubTransport
from contracts.wire import Choice, Count, Id, Line, Money, Open, Page
from pydantic import BaseModel

from .toy import Broken, Colour, OldToys, Server, Toy, ToyChanges, ToyQuery, Toys

pytestmark = pytest.mark.anyio

TOY_ID = UUID("0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87")


class Label(Reader, of=Toy, consumer="shelf", op=Toys.get_toy):
    """What stands on the box."""

    name: Line


class Listed(Reader, of=Toy):
    """One toy of a list."""

    id: Id
    colour: Open[Colour]


class Listing(Reader, of=Page[Toy], consumer="shelf", op=Toys.list_toys):
    """A page of toys, of which the next one is never fetched."""

    items: list[Listed]


class Found(Reader, of=Toy, consumer="shelf", op=Toys.find_toys):
    """One toy of several."""

    id: Id


class OldLabel(Reader, of=Toy, consumer="shelf", op=OldToys.get_toy):
    """What stood on the box."""

    name: Line


class Nothing(Reader, of=Toy, consumer="shelf", op=Toys.change_toy):
    """That it was answered is enough."""


class Width(Choice):
    """How wide a thing is."""

    NARROW = "narrow"
    WIDE = "wide"


class Thickness(Choice):
    """How wide or thick a thing is."""

    NARROW = "narrow"
    WIDE = "wide"
    THICK = "thick"


class Plank(BaseModel):
    """A model with every kind of member."""

    id: Id
    width: Width
    kind: Open[Width]
    price: Money | None
    sizes: list[Count]
    parts: list[Broken]
    whole: bool


async def test_members_that_are_not_read_may_be_missing_or_be_anything() -> None:
    toys = Toys(AsgiTransport(Server().says(200, b'{"name": "Bear", "id": 7, "left": null}')))

    label = await toys.get_toy.as_(Label)(TOY_ID)

    assert label == Label(name="Bear")


async def test_headers_that_are_promised_come_along_and_are_not_demanded() -> None:
    server = Server().says(200, b'{"name": "Bear"}')
    toys = Toys(AsgiTransport(server))

    without = await toys.get_toy.as_(Label).answer(TOY_ID)
    server.says(200, b'{"name": "Bear"}', etag='"1"')
    with_one = await toys.get_toy.as_(Label).answer(TOY_ID)

    assert (without.headers, with_one.headers) == ({}, {ETAG: '"1"'})


async def test_a_stub_answers_a_reader_with_what_it_reads_of_the_whole_example() -> None:
    stub = StubTransport()

    label = await Toys(stub).get_toy.as_(Label)(TOY_ID)

    assert label == Label(name=example(Toy).name)
    assert stub.calls == [(Toys.get_toy, {"toy_id": TOY_ID})]


async def test_pages_lists_and_envelopes_are_read_by_their_items() -> None:
    toy = example(Toy)
    stub = StubTransport().answer(Toys.list_toys, Page[Toy](items=[toy], next_cursor="next"))
    stub.answer(Toys.find_toys, [toy])
    enveloped = Server().says(200, b'{"code": 200, "msg": "success", "data": {"name": "Bear"}}')

    page = await Toys(stub).list_toys.as_(Listing)(ToyQuery())
    shelf = await Toys(stub).find_toys.as_(list[Found])("top")
    old = await OldToys(AsgiTransport(enveloped)).get_toy.as_(OldLabel)(TOY_ID)

    assert page == Listing(items=[Listed(id=toy.id, colour=toy.colour)])
    assert shelf == [Found(id=toy.id)]
    assert old == OldLabel(name="Bear")


async def test_a_word_that_a_reader_does_not_know_is_kept() -> None:
    body = b'{"items": [{"id": "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87", "colour": "mauve"}]}'
    toys = Toys(AsgiTransport(Server().says(200, body)))

    page = await toys.list_toys.as_(Listing)(ToyQuery())

    assert page.items[0].colour == "mauve"


async def test_a_reader_of_nothing_takes_any_object() -> None:
    toys = Toys(AsgiTransport(Server().says(200, b'{"odd": [1]}')))

    changed = await toys.change_toy.as_(Nothing).answer(TOY_ID, ToyChanges(name="Bear"))

    assert changed.value == Nothing()


@pytest.mark.parametrize(
    ("api", "name", "reader", "said"),
    [
        (Toys, "get_toy", Nothing, "Nothing is for toys v2 change_toy, and not for toys v2 get_toy: declare a reader"),
        (Toys, "get_toy", Listed, "Listed is a part of other readers, and not for toys v2 get_toy"),
        (Toys, "get_toy", list[Label], r"toys v2 get_toy answers Toy, and list\[Label\] is no reader of that"),
        (Toys, "find_toys", Found, r"toys v2 find_toys answers list\[Toy\], and Found is no reader of that"),
        (Toys, "get_toy", Toy, "toys v2 get_toy answers Toy, and Toy is no reader of that"),
        (OldToys, "get_toy", Label, "Label is for toys v2 get_toy, and not for toys v1 get_toy"),
    ],
)
def test_a_reader_of_something_else_is_refused_before_anything_is_sent(
    api: type[Toys] | type[OldToys], name: str, reader: Any, said: str
) -> None:
    call = getattr(api(StubTransport()), name)

    with pytest.raises(ReaderError, match=said):
        call.as_(reader)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"width": Width, "kind": Open[Width], "price": Money | None, "sizes": list[Count]}, None),
        ({"id": str, "width": str, "kind": str}, None),
        ({"width": Thickness, "kind": Open[Thickness]}, None),
        ({"width": Width | None}, None),
        (
            {"colour": str},
            "reads `colour`, which Plank does not have; it has id, width, kind, price, sizes, parts, whol",
        ),
        ({"price": Money}, r"reads `price` as Money, and null may come: write `Money \| None`"),
        ({"kind": Width}, r"reads `kind` as Width, and other words may come: write `Open\[Width\]`"),
        ({"whole": int}, "reads `whole` as int, and bool comes: write what the provider's model says"),
        ({"sizes": list[str]}, r"reads `sizes\[\]` as str, and int comes"),
        ({"sizes": int | None}, r"reads `sizes` as int, and list\[int\] comes"),
        ({"whole": list[bool | None]}, r"reads `whole` as list\[bool \| None\], and bool comes"),
        ({"parts": list[Money]}, r"reads `parts\[\].amount`, which Broken does not have; it has part"),
    ],
)
def test_a_class_is_refused_where_its_members_do_not_fit(members: dict[str, Any], said: str | None) -> None:
    def declare() -> type[Reader]:
        metaclass: Any = type(Reader)
        return metaclass("Small", (Reader,), {"__annotations__": members, "__module__": "sawmill"}, of=Plank)

    if said is None:
        assert set(declare().model_fields) == set(members)
    else:
        with pytest.raises(ReaderError, match=f"^sawmill.Small {said}"):
            declare()


def test_a_narrower_choice_is_refused() -> None:
    class Board(BaseModel):
        width: Thickness

    with pytest.raises(ReaderError, match="reads `width` as Width, and Thickness comes"):

        class Narrow(Reader, of=Board):  # pyright: ignore[reportUnusedClass]  # it is never made
            width: Width


def test_a_reader_names_its_consumer_and_its_operation_together() -> None:
    with pytest.raises(ReaderError, match="Lonely names only one of `consumer` and `op`: name both, or neither"):

        class Lonely(Reader, of=Toy, consumer="shelf"):  # pyright: ignore[reportUnusedClass]  # it is never made
            name: Line


def test_a_reader_is_of_what_its_operation_answers() -> None:
    with pytest.raises(ReaderError, match="Other is of Broken, and toys v2 get_toy answers Toy"):

        class Other(Reader, of=Broken, consumer="shelf", op=Toys.get_toy):  # pyright: ignore[reportUnusedClass]  # it is never made
            part: Line


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(ReaderError, match=r"(?s)reads `size`.*reads `weight`"):

        class Wrong(Reader, of=Toy):  # pyright: ignore[reportUnusedClass]  # it is never made
            size: Count
            weight: Count


async def test_an_operation_that_answers_no_json_has_no_reader() -> None:
    with pytest.raises(ReaderError, match=r"Shown is of Broken, and toys v2 watch_toy answers EventStream"):

        class Shown(Reader, of=Broken, consumer="shelf", op=Toys.watch_toy):  # pyright: ignore[reportUnusedClass]  # it is never made
            part: Line
