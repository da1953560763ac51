"""Passwords: kept as Argon2 hashes, checked beside the event loop, no faster for those who do not exist."""

import asyncio

import pytest
from argon2 import extract_parameters
from users.passwords import Passwords
from users.settings import Settings

pytestmark = pytest.mark.anyio


async def test_a_hash_is_argon2id_with_the_memory_that_the_settings_say() -> None:
    passwords = Passwords(1, Settings.model_fields["password_memory_kib"].default)

    kept = await passwords.hash("correct horse battery staple")

    assert kept.startswith("$argon2id$")
    assert extract_parameters(kept).memory_cost == 65_536


async def test_only_the_password_itself_fits_its_hash() -> None:
    passwords = Passwords(1, 1024)
    kept = await passwords.hash("correct horse battery staple")

    fits = [await passwords.verify(tried, kept) for tried in ("correct horse battery staple", "wrong", "")]

    assert fits == [True, False, False]


async def test_nothing_fits_where_no_hash_is_kept() -> None:
    passwords = Passwords(1, 1024)

    fits = await passwords.verify("correct horse battery staple", None)

    assert fits is False


async def test_the_event_loop_goes_on_while_passwords_are_hashed() -> None:
    passwords = Passwords(2, 65_536)
    turns = 0
    hashing = asyncio.gather(*(passwords.hash(f"sentence {n}") for n in range(4)))

    while not hashing.done():
        await asyncio.sleep(0)
        turns += 1

    assert len(set(await hashing)) == 4
    assert turns > 100
