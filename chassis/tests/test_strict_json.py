"""JSON that means one thing to every reader is read; all else is refused."""

import json

import pytest
from chassis.strict_json import InvalidJson, parse
from hypothesis import given
from hypothesis import strategies as st

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_what_is_json_is_read_as_it_is(value: object) -> None:
    assert parse(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[1]x",
        b"NaN",
        b"-Infinity",
        b"\xff",
        b'\xef\xbb\xbf""',
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b'"\\ud800"',
        b'{"\\udfff":1}',
        b"1e400",
        b'{"a":[-1E+999]}',
        b"9" * 400 + b".0",
        b"[" * 1000 + b"]" * 1000,
        b"'a'",
        b"{a:1}",
        b"[1,]",
    ],
)
def test_what_means_two_things_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidJson):
        parse(content)


def test_large_whole_numbers_and_small_exponents_are_numbers() -> None:
    assert parse(b"[" + b"9" * 400 + b",1e300,1e-999]") == [int("9" * 400), 1e300, 0.0]


def test_a_whole_number_is_an_integer_however_it_is_written() -> None:
    found = parse(b'{"a":[5.0,-2e1,0.5,"5.0"],"b":-0.0}')

    assert found == {"a": [5, -20, 0.5, "5.0"], "b": 0}
    assert [type(value) for value in (*found["a"], found["b"])] == [int, int, float, str, int]
