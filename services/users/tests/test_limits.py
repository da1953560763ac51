"""How often passwords can be tried: so many times from one address, whatever they are for, and everybody is told."""

from collections.abc import AsyncIterator

import httpx
import pytest
from chassis.testing import running
from users.settings import Settings

from .shop import PASSWORD, STAFF, Shop

pytestmark = pytest.mark.anyio

FORM = {"grant_type": "password", "username": STAFF}


@pytest.fixture
async def limited(settings: Settings) -> AsyncIterator[Shop]:
    shop = Shop(settings.model_copy(update={"password_rate": "3/hour"}))
    async with running(shop.app):
        yield shop


def caller(shop: Shop, address: str = "192.0.2.1") -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(shop.app, client=(address, 1)), base_url="http://users")


async def test_whoever_tries_too_many_passwords_waits_and_is_told_how_long(limited: Shop) -> None:
    async with caller(limited) as http:
        tried = [await http.post("/oauth/token", data=FORM | {"password": f"guess {n}"}) for n in range(3)]
        late = await http.post("/oauth/token", data=FORM | {"password": PASSWORD})

    assert [answer.status_code for answer in tried] == [400, 400, 400]
    assert {answer.headers["RateLimit-Policy"] for answer in (*tried, late)} == {'"issue_token";q=3;w=3600'}
    assert [answer.headers["RateLimit"].partition(";t=")[0] for answer in (*tried, late)] == [
        f'"issue_token";r={left}' for left in (2, 1, 0, 0)
    ]
    assert late.status_code == 429
    assert 1 <= int(late.headers["Retry-After"]) <= 3600


async def test_others_and_other_operations_are_not_held_up(limited: Shop) -> None:
    async with caller(limited) as http, caller(limited, "192.0.2.2") as other:
        for n in range(4):
            await http.post("/oauth/token", data=FORM | {"password": f"guess {n}"})

        keys = await http.get("/.well-known/jwks.json")
        token = await other.post("/oauth/token", data=FORM | {"password": PASSWORD})

    assert (keys.status_code, token.status_code) == (200, 200)


async def test_a_header_makes_nobody_another_caller(limited: Shop) -> None:
    async with caller(limited) as http:
        answers = [
            await http.post(
                "/oauth/token",
                data=FORM | {"password": "guess"},
                headers={"X-Forwarded-For": f"198.51.100.{n}", "Forwarded": f"for=198.51.100.{n}"},
            )
            for n in range(4)
        ]

    assert [answer.status_code for answer in answers] == [400, 400, 400, 429]
