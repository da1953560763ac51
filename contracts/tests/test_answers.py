"""Answers, headers and streams are small values that do what they say."""

import re
from collections.abc import AsyncIterator

import pytest
from contracts.answers import ETAG, IDEMPOTENCY_REPLAYED, LOCATION, RETRY_AFTER, Answer, EventStream, ResponseHeader

pytestmark = pytest.mark.anyio


class Source:
    """Events that know whether they were closed."""

    def __init__(self) -> None:
        self.closed = False
        self.left = [1, 2]

    def __aiter__(self) -> AsyncIterator[int]:
        return self

    async def __anext__(self) -> int:
        if not self.left:
            raise StopAsyncIteration
        return self.left.pop(0)

    async def aclose(self) -> None:
        self.closed = True


class Endless:
    """Events that cannot be closed."""

    def __aiter__(self) -> AsyncIterator[int]:
        return self

    async def __anext__(self) -> int:
        return 1


@pytest.mark.parametrize("header", [ETAG, LOCATION, RETRY_AFTER, IDEMPOTENCY_REPLAYED], ids=lambda header: header.name)
def test_the_example_of_a_header_is_one(header: ResponseHeader) -> None:
    assert re.fullmatch(header.pattern, header.example)


def test_an_answer_has_the_status_that_the_contract_declares_and_no_headers_unless_it_says_so() -> None:
    assert (Answer(1).status, Answer(1).headers) == (None, {})
    assert Answer(1, 201, {ETAG: '"1"'}).headers[ETAG] == '"1"'


async def test_a_stream_gives_events_as_they_come() -> None:
    assert [event async for event in EventStream(Source())] == [1, 2]


async def test_leaving_a_stream_closes_its_source() -> None:
    source = Source()

    async with EventStream(source) as events:
        first = await anext(events)

    assert (first, source.closed) == (1, True)


async def test_a_source_that_cannot_be_closed_is_left_alone() -> None:
    events = EventStream(Endless())

    await events.aclose()

    assert await anext(events) == 1
