"""Intruders at real services: forged tokens, invented keys, a flood of logins; each service is a process."""

import asyncio
import json
import re
import sqlite3
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import closing
from pathlib import Path
from time import monotonic, time
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from chassis.keys import SigningKey
from contracts.catalog.v2 import Catalog
from contracts.codec import encode
from contracts.errors import Unauthenticated
from contracts.examples import example_json
from contracts.operation import Operation
from contracts.orders.v2 import Orders
from contracts.scopes import Scope
from contracts.users.v2 import NewUser, Users
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .doors.judging import faults
from .fuzzing.services import Shop, open_shop

pytestmark = [pytest.mark.anyio, pytest.mark.crowd]

Claims = dict[str, Any]
Forger = Callable[[Claims, SigningKey], str]

DOORS: list[Operation[..., Any]] = [Users.get_me, Catalog.list_reservations, Orders.list_orders]
PASSWORD = str(example_json(NewUser)["password"])
EMAIL = str(example_json(NewUser)["email"])
STRANGER = SigningKey.generate()
MEGABYTE = 1024


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Keep the client from one test to the next."""
    return "asyncio"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Generator[Shop]:
    with open_shop(tmp_path_factory.mktemp("shop"), CONCORD_LOG_LEVEL="info", CONCORD_KEY_AHEAD_SECONDS="10") as shop:
        yield shop


@pytest.fixture(scope="module")
async def http() -> AsyncGenerator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=None, keepalive_expiry=4)
    async with httpx.AsyncClient(timeout=60, limits=limits) as http:
        yield http


@pytest.fixture(scope="module")
def key(shop: Shop) -> SigningKey:
    """The key by which the users service signs, stolen from its database."""
    with closing(sqlite3.connect(shop.folder / "users.db")) as database:
        ((pem,),) = database.execute("SELECT pem FROM signing_keys").fetchall()
    return SigningKey.from_pem(pem)


@pytest.fixture(scope="module")
async def claims(shop: Shop, http: httpx.AsyncClient) -> Claims:
    """What a good token says that may do everything, at all services."""
    claims = jwt.decode(await sign_in(shop, http), options={"verify_signature": False})
    return claims | {"scope": " ".join(Scope)}


async def sign_in(shop: Shop, http: httpx.AsyncClient, email: str = EMAIL, password: str = PASSWORD) -> str:
    form = {"grant_type": "password", "username": email, "password": password}
    answer = await insist(lambda: http.post(f"{shop.url('users')}/oauth/token", data=form))
    return answer.raise_for_status().json()["access_token"]


async def insist(ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """Ask again where a crowded machine had no time."""
    while True:
        answer = await ask()
        if answer.status_code != 503:
            return answer
        await asyncio.sleep(0.1)


async def knock(shop: Shop, http: httpx.AsyncClient, op: Operation[..., Any], token: str) -> httpx.Response:
    path = encode(op, {}).path
    url, headers = shop.url(op.api.service) + path, {"authorization": f"Bearer {token}"}
    return await insist(lambda: http.get(url, headers=headers))


def text(raw: bytes | str) -> str:
    return urlsafe_b64encode(raw.encode() if isinstance(raw, str) else raw).rstrip(b"=").decode()


def signed(claims: Claims, key: SigningKey, **header: object) -> str:
    return jwt.encode(claims, key.private, "EdDSA", headers={"kid": key.kid, **header})


def unsigned(algorithm: str) -> Forger:
    def forge(claims: Claims, key: SigningKey) -> str:
        return f"{text(json.dumps({'alg': algorithm, 'kid': key.kid}))}.{text(json.dumps(claims))}."

    return forge


def confused(secret: Callable[[SigningKey], bytes]) -> Forger:
    """Sign as if what everybody may know were a shared secret."""

    def forge(claims: Claims, key: SigningKey) -> str:
        said = f"{text(json.dumps({'alg': 'HS256', 'kid': key.kid}))}.{text(json.dumps(claims))}"
        return f"{said}.{text(jwt.get_algorithm_by_name('HS256').sign(said.encode(), secret(key)))}"

    return forge


def saying(**other: Any) -> Forger:
    return lambda claims, key: signed(claims | other, key)


def after(claim: str, seconds: int) -> Forger:
    return lambda claims, key: signed(claims | {claim: int(time()) + seconds}, key)


def lacking(claim: str) -> Forger:
    return lambda claims, key: signed({name: said for name, said in claims.items() if name != claim}, key)


def by_a_stranger(**header: object) -> Forger:
    return lambda claims, key: signed(claims, STRANGER, **header)


def under_our_name(claims: Claims, key: SigningKey) -> str:
    return signed(claims, STRANGER, kid=key.kid)


def without_signature(claims: Claims, key: SigningKey) -> str:
    return signed(claims, key).rpartition(".")[0] + "."


def changed(claims: Claims, key: SigningKey) -> str:
    head, _, signature = signed(claims, key).split(".")
    return f"{head}.{text(json.dumps(claims | {'role': 'staff'}))}.{signature}"


def pem(key: SigningKey) -> bytes:
    return key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


FORGERS: dict[str, Forger] = {
    "nobody signed": unsigned("none"),
    "nobody signed in capitals": unsigned("NONE"),
    "signed with our public key": confused(lambda key: key.private.public_key().public_bytes_raw()),
    "signed with our public key as text": confused(lambda key: key.public.x.encode()),
    "signed with our public key as PEM": confused(pem),
    "without its signature": without_signature,
    "changed": changed,
    "of a stranger": by_a_stranger(),
    "of a stranger under our key's name": under_our_name,
    "of a stranger who sends his key along": by_a_stranger(jwk=STRANGER.public.model_dump()),
    "of a stranger who says where his key is": by_a_stranger(jku="http://127.0.0.1:9/jwks.json"),
    "whose key is a file": by_a_stranger(kid="../../../../dev/null"),
    "whose key is a statement": by_a_stranger(kid="' UNION SELECT pem FROM signing_keys --"),
    "whose key has no end": by_a_stranger(kid="k" * 5000),
    "that wants what we do not know": lambda claims, key: signed(claims, key, crit=["moon"], moon=True),
    "expired for half a minute": after("exp", -32),
    "expired for five minutes": after("exp", -300),
    "not yet good for five minutes": after("nbf", 300),
    "issued in five minutes": after("iat", 300),
    "of another issuer": saying(iss="https://elsewhere.example"),
    "for nobody": saying(aud=[]),
    "for somebody else": saying(aud=["billing"]),
    "of nobody": saying(sub="nobody"),
    "of an unknown role": saying(role="admin"),
    **{
        f"that does not say its {claim}": lacking(claim) for claim in ("iss", "sub", "aud", "exp", "iat", "jti", "role")
    },
    **{f"that does not say its {claim}": lacking(claim) for claim in ("scope", "client_id", "gen")},
}


GOOD: dict[str, Forger] = {
    "as it is": saying(),
    "expired a moment ago": after("exp", -20),
    "issued in a moment": after("iat", 20),
    "good in a moment": after("nbf", 20),
}
"""Good where clocks may differ by half a minute."""


async def test_no_forged_token_opens_any_door(
    shop: Shop, http: httpx.AsyncClient, claims: Claims, key: SigningKey
) -> None:
    forged = {name: forge(claims, key) for name, forge in FORGERS.items()}

    answers = [(name, op, await knock(shop, http, op, token)) for name, token in forged.items() for op in DOORS]

    assert [(name, fault) for name, op, answer in answers for fault in faults(op, answer, [Unauthenticated])] == []


async def test_a_good_token_opens_every_door_also_where_clocks_differ_a_little(
    shop: Shop, http: httpx.AsyncClient, claims: Claims, key: SigningKey
) -> None:
    good = {name: forge(claims, key) for name, forge in GOOD.items()}

    answers = [(name, op, await knock(shop, http, op, token)) for name, token in good.items() for op in DOORS]

    assert [(name, op.label, answer.text) for name, op, answer in answers if answer.status_code != 200] == []


async def test_a_thousand_invented_keys_are_asked_for_once_per_cooldown(
    shop: Shop, http: httpx.AsyncClient, claims: Claims
) -> None:
    cooldown = 5.0
    before, began = keys_asked_for(shop), monotonic()
    turns = asyncio.Semaphore(20)

    async def try_one() -> int:
        async with turns:
            answer = await knock(shop, http, Orders.list_orders, signed(claims, STRANGER, kid=uuid4().hex))
        return answer.status_code

    statuses = await asyncio.gather(*(try_one() for _ in range(1000)))

    assert set(statuses) == {401}
    assert keys_asked_for(shop) - before <= 1 + (monotonic() - began) / cooldown


def keys_asked_for(shop: Shop) -> int:
    return shop.log("users").read_text().count('"get_keys"')


async def test_a_flood_of_logins_takes_no_more_memory_than_two_and_holds_up_nobody_else(
    shop: Shop, http: httpx.AsyncClient
) -> None:
    token = await sign_in(shop, http)
    before = peak(shop.processes["users"].pid)
    names = [EMAIL if n % 2 else f"nobody-{n}@example.com" for n in range(40)]

    async with asyncio.TaskGroup() as group:
        flood = [group.create_task(refused_login(shop, http, name)) for name in names]
        await asyncio.wait(flood, return_when=asyncio.FIRST_COMPLETED)
        others = [await knock(shop, http, Users.get_me, token) for _ in range(10)]
        still_waiting = [login for login in flood if not login.done()]

    assert [answer.status_code for answer in others] == [200] * 10
    assert len(still_waiting) > 10
    assert peak(shop.processes["users"].pid) - before < 2 * 64 * MEGABYTE + 64 * MEGABYTE
    assert len({login.result() for login in flood}) == 1  # nobody learns which of the addresses has an account


async def refused_login(shop: Shop, http: httpx.AsyncClient, email: str) -> tuple[int, str]:
    form = {"grant_type": "password", "username": email, "password": "not the password"}
    answer = await insist(lambda: http.post(f"{shop.url('users')}/oauth/token", data=form))
    return answer.status_code, answer.text


def peak(pid: int) -> int:
    """Read how much memory a process has had at most, in KiB."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        pytest.skip("what a process takes is read from /proc, which this system does not have")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
    assert found
    return int(found[1])


async def test_no_live_token_is_refused_while_keys_change_nor_when_their_issuer_is_gone(
    shop: Shop, http: httpx.AsyncClient
) -> None:
    first = await sign_in(shop, http)
    chore = [sys.executable, "-m", "users", "keys", "rotate"]
    await asyncio.to_thread(subprocess.run, chore, env=shop.environment("users"), check=True, capture_output=True)
    statuses = set[int]()
    token = first

    while kid_of(token) == kid_of(first):
        token = await sign_in(shop, http)
        statuses |= {(await knock(shop, http, Orders.list_orders, known)).status_code for known in (first, token)}
    statuses |= {(await knock(shop, http, Orders.list_orders, known)).status_code for known in (first, token)}
    await asyncio.to_thread(shop.stop, "users")
    afterwards = [(await knock(shop, http, Orders.list_orders, known)).status_code for known in (first, token)]

    assert statuses == {200}
    assert afterwards == [200, 200]


def kid_of(token: str) -> str:
    return jwt.get_unverified_header(token)["kid"]
