"""Idempotency keys: one order for one key, its answer for every repetition."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from chassis.database import Database
from chassis.idempotency import (
    LIFETIME,
    Fresh,
    KeyedRequest,
    Replay,
    Running,
    claim,
    fingerprint,
    finish,
    idempotency_table,
    parse_key,
    prune,
    required_key,
)
from chassis.ids import new_id
from contracts.errors import IdempotencyKeyMissing, IdempotencyKeyReused, InvalidIdempotencyKey
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, MetaData, Table, Uuid, func, insert, select, text

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
REQUEST = KeyedRequest("ada", "place_order", "k-1", fingerprint("POST", "/v2/orders", b'{"lines": []}'))

metadata = MetaData()
keys = idempotency_table(metadata)
orders = Table("orders", metadata, Column("id", Uuid, primary_key=True))


@pytest.fixture
async def shop(database: Database) -> Database:
    await database.write(metadata.create_all)
    return database


def place(request: KeyedRequest, order: UUID, now: datetime = NOW) -> Callable[[Connection], Fresh | Running | Replay]:
    """Write a unit that does what placing an order does: the key and the order, or neither."""

    def unit(tx: Connection) -> Fresh | Running | Replay:
        outcome = claim(tx, keys, request, resource=order, now=now)
        if isinstance(outcome, Fresh):
            tx.execute(insert(orders).values(id=order))
        return outcome

    return unit


def count_orders(tx: Connection) -> int:
    return tx.execute(select(func.count()).select_from(orders)).scalar_one()


def answer(order: UUID, status: int, body: bytes) -> Callable[[Connection], None]:
    return lambda tx: finish(tx, keys, order, status, body, {"Location": f"/v2/orders/{order}"})


async def test_the_first_request_is_fresh_and_its_repetition_finds_it_running(shop: Database) -> None:
    order = new_id()

    first = await shop.write(place(REQUEST, order))
    second = await shop.write(place(REQUEST, new_id()))

    assert first == Fresh()
    assert second == Running(order)
    assert await shop.read(count_orders) == 1


@pytest.mark.parametrize("status", [201, 409])
async def test_a_final_answer_is_replayed_to_the_byte(shop: Database, status: int) -> None:
    order = new_id()
    await shop.write(place(REQUEST, order))

    await shop.write(answer(order, status, b'{"total":"19.99"}'))
    again = await shop.write(place(REQUEST, new_id()))

    assert again == Replay(order, status, b'{"total":"19.99"}', {"Location": f"/v2/orders/{order}"})
    assert await shop.read(count_orders) == 1


async def test_the_first_final_answer_stands(shop: Database) -> None:
    order = new_id()
    await shop.write(place(REQUEST, order))

    await shop.write(answer(order, 201, b"first"))
    await shop.write(answer(order, 409, b"second"))
    again = await shop.write(place(REQUEST, new_id()))

    assert isinstance(again, Replay)
    assert (again.status, again.body) == (201, b"first")


@pytest.mark.parametrize("status", [200, 202, 422, 500, 503])
async def test_an_answer_that_is_not_final_is_never_kept(shop: Database, status: int) -> None:
    order = new_id()
    await shop.write(place(REQUEST, order))

    with pytest.raises(ValueError, match=f"found {status}"):
        await shop.write(answer(order, status, b""))

    assert await shop.write(place(REQUEST, new_id())) == Running(order)


async def test_of_many_at_once_under_one_key_one_makes_an_order(shop: Database) -> None:
    outcomes = await asyncio.gather(*(shop.write(place(REQUEST, new_id())) for _ in range(30)))

    assert Counter(type(outcome) for outcome in outcomes) == {Fresh: 1, Running: 29}
    assert len({outcome.resource for outcome in outcomes if isinstance(outcome, Running)}) == 1
    assert await shop.read(count_orders) == 1


async def test_a_key_with_another_request_is_refused_and_nothing_is_done(shop: Database) -> None:
    await shop.write(place(REQUEST, new_id()))

    with pytest.raises(IdempotencyKeyReused, match="'k-1' should come with the request it first came with"):
        await shop.write(place(replace(REQUEST, fingerprint="0" * 64), new_id()))

    assert await shop.read(count_orders) == 1


@pytest.mark.parametrize("other", [{"principal": "bob"}, {"operation": "cancel_order"}, {"key": "K-1"}])
async def test_a_key_belongs_to_its_principal_and_operation(shop: Database, other: dict[str, str]) -> None:
    order = new_id()
    await shop.write(place(REQUEST, order))
    await shop.write(answer(order, 201, b"secret of ada"))

    assert await shop.write(place(replace(REQUEST, **other), new_id())) == Fresh()


async def test_an_attempt_that_is_rolled_back_frees_its_key(shop: Database) -> None:
    def fail(tx: Connection) -> None:
        place(REQUEST, new_id())(tx)
        raise LookupError("power cut")

    with pytest.raises(LookupError):
        await shop.write(fail)

    assert await shop.write(place(REQUEST, new_id())) == Fresh()
    assert await shop.read(count_orders) == 1


async def test_an_expired_key_is_a_new_request_with_no_memory_of_the_old(shop: Database) -> None:
    old, new = new_id(), new_id()
    await shop.write(place(REQUEST, old))
    await shop.write(answer(old, 201, b"old"))
    later = replace(REQUEST, fingerprint="1" * 64)

    just_before = await shop.write(place(REQUEST, new_id(), NOW + LIFETIME - timedelta(microseconds=1)))
    at_expiry = await shop.write(place(later, new, NOW + LIFETIME))
    await shop.write(answer(old, 409, b"late"))  # about the old order, which has the key no more
    after = await shop.write(place(later, new_id(), NOW + LIFETIME))

    assert isinstance(just_before, Replay)
    assert at_expiry == Fresh()
    assert after == Running(new)


async def test_pruning_forgets_what_expired_and_nothing_else(shop: Database) -> None:
    order = new_id()
    await shop.write(place(REQUEST, new_id(), NOW - LIFETIME))
    await shop.write(place(replace(REQUEST, key="k-2"), order, NOW - LIFETIME + timedelta(seconds=1)))

    pruned = await shop.write(lambda tx: prune(tx, keys, NOW))

    assert pruned == 1
    assert await shop.read(lambda tx: tx.execute(select(keys.c.resource)).scalars().all()) == [order]


async def test_a_key_lives_for_a_day(shop: Database) -> None:
    await shop.write(place(REQUEST, new_id()))

    made, expires = await shop.read(lambda tx: tx.execute(select(keys.c.created_at, keys.c.expires_at)).one())

    assert (made, expires) == (NOW, NOW + timedelta(hours=24))
    assert await shop.read(lambda tx: tx.execute(text("SELECT headers FROM idempotency_keys")).scalar_one()) is None


def test_a_fingerprint_does_not_see_how_json_is_spaced_and_ordered() -> None:
    spaced = fingerprint("POST", "/v2/orders", b'{"a": [1, 2], "b": "\\u00e9"}')
    dense = fingerprint("POST", "/v2/orders", '{"b":"é","a":[1,2]}'.encode())

    assert spaced == dense


def test_a_fingerprint_sees_what_is_asked_and_where() -> None:
    requests = [
        ("POST", "/v2/orders", b'{"a":[1,2]}'),
        ("POST", "/v2/orders", b'{"a":[2,1]}'),
        ("POST", "/v2/orders", b""),
        ("POST", "/v1/orders", b'{"a":[1,2]}'),
        ("PUT", "/v2/orders", b'{"a":[1,2]}'),
    ]

    assert len({fingerprint(*request) for request in requests}) == len(requests)


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("abc", "abc"),
        ('"abc"', "abc"),
        ('  "abc"\t', "abc"),
        ('"a b"', "a b"),
        ('"a\\"b\\\\c"', 'a"b\\c'),
        ("0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87", "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87"),
        ("x" * 200, "x" * 200),
    ],
)
def test_a_key_reads_the_same_quoted_and_bare(raw: str, key: str) -> None:
    assert parse_key(raw) == key


@pytest.mark.parametrize(
    "raw", ["", '""', '"abc', 'abc"', "a b", "a\\b", '"a\\b"', "é", "a\nb", '"a"b"', "x" * 201, '"a";p=1']
)
def test_a_malformed_key_is_refused(raw: str) -> None:
    with pytest.raises(InvalidIdempotencyKey, match="1 to 200 visible ASCII characters"):
        parse_key(raw)


@given(st.text(max_size=210))
def test_whatever_comes_as_a_key_is_read_or_refused(raw: str) -> None:
    try:
        key = parse_key(raw)
    except InvalidIdempotencyKey:
        return

    assert 1 <= len(key) <= 200
    assert key.isascii()
    assert key.isprintable()


def test_a_key_that_is_missing_is_told_apart_from_a_bad_one() -> None:
    assert required_key('"k"') == "k"
    with pytest.raises(IdempotencyKeyMissing, match="wants an Idempotency-Key header"):
        required_key(None)
