"""Cursors: they lead to the next page of their own list, and nothing else opens."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from chassis.paging import Cursors, Position, split
from contracts.errors import InvalidCursor
from contracts.wire import Cursor
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

SECRET = b"a secret of sixteen bytes or more"
cursors = Cursors(SECRET, "list_orders")

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20)
)
positions = st.lists(scalars, max_size=4).map(tuple)
filters = st.dictionaries(st.text(max_size=5), st.none() | st.text(max_size=5) | st.integers(), max_size=3)


@given(position=positions, under=filters)
def test_a_cursor_opens_to_the_position_it_was_sealed_with(position: Position, under: dict[str, object]) -> None:
    sealed = cursors.seal(position, under)

    assert cursors.open(sealed, dict(reversed(under.items()))) == position
    assert TypeAdapter(Cursor).validate_python(sealed) == sealed  # so the contract lets it pass


@given(position=positions, data=st.data())
def test_a_cursor_with_any_character_changed_is_refused(position: Position, data: st.DataObject) -> None:
    sealed = cursors.seal(position, {})
    at = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.sampled_from("AQgw059-_!=. é").filter(lambda letter: letter != sealed[at]))

    with pytest.raises(InvalidCursor):
        cursors.open(sealed[:at] + other + sealed[at + 1 :], {})


@pytest.mark.parametrize("cursor", ["", "=", "A", "AAAA", "hello world", "é", "A" * 501, "A" * 100_000])
def test_what_was_never_a_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursor, match="should be the next_cursor of a page of this list"):
        cursors.open(cursor, {})


@pytest.mark.parametrize("under", [{"status": "pending"}, {"status": None}, {"status": "confirmed", "q": "tea"}, {}])
def test_a_cursor_of_other_filters_is_refused(under: dict[str, object]) -> None:
    sealed = cursors.seal((1,), {"status": "confirmed"})

    with pytest.raises(InvalidCursor):
        cursors.open(sealed, under)


@pytest.mark.parametrize(
    "stranger", [Cursors(SECRET, "list_products"), Cursors(b"another secret of enough bytes", "list_orders")]
)
def test_a_cursor_of_another_list_or_another_secret_is_refused(stranger: Cursors) -> None:
    with pytest.raises(InvalidCursor):
        cursors.open(stranger.seal((1,), {}), {})


def test_a_cursor_of_another_version_is_refused() -> None:
    sealed = bytearray(urlsafe_b64decode(cursors.seal(("x", 1, 2.5), {}) + "=="))
    sealed[0] = 2

    with pytest.raises(InvalidCursor):
        cursors.open(urlsafe_b64encode(sealed).rstrip(b"=").decode(), {})


def test_a_cursor_does_not_move_its_end_between_filters_and_position() -> None:
    inner = json.dumps([1])

    sealed = cursors.seal((1,), {"a": inner})

    assert cursors.open(sealed, {"a": inner}) == (1,)
    with pytest.raises(InvalidCursor):
        cursors.open(sealed, {"a": inner + "\n"})


def test_a_position_too_long_for_a_cursor_is_our_mistake() -> None:
    with pytest.raises(ValueError, match=r"list_orders: a cursor has at most 500 characters, found \d+"):
        cursors.seal(("x" * 400,), {})


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes, found 5"):
        Cursors(b"short", "list_orders")


@given(rows=st.lists(st.integers(), max_size=20), limit=st.integers(1, 10))
def test_pages_follow_each_other_until_every_row_was_seen_once(rows: list[int], limit: int) -> None:
    ordered = sorted(set(rows))
    seen: list[int] = []
    after: Position | None = ()

    while after is not None:
        rest = [row for row in ordered if not after or row > int(after[0] or 0)]
        page, after = split(rest[: limit + 1], limit, lambda row: (row,))
        assert len(page) <= limit
        seen += page

    assert seen == ordered
