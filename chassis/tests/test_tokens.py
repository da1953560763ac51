"""Tokens: what is signed, and how a service keeps tokens of its own."""

from datetime import timedelta
from uuid import uuid4

import anyio
import jwt
import pytest
from chassis.keys import SigningKey
from chassis.principals import Principal, Role
from chassis.tokens import ServiceTokens, Signer
from contracts.errors import Forbidden, Unauthenticated, Unavailable

pytestmark = pytest.mark.anyio


class Issuer:
    """Hands out numbered tokens that live for 100 seconds, or none."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refusal: Exception | None = None
        self.may_answer = anyio.Event()
        self.may_answer.set()

    async def fetch(self, resource: str) -> tuple[str, float]:
        self.asked.append(resource)
        await self.may_answer.wait()
        if self.refusal:
            raise self.refusal
        return f"{resource}-{len(self.asked)}", 100


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def person(role: Role = Role.CUSTOMER) -> Principal:
    return Principal(id=str(uuid4()), role=role, scopes=frozenset({"b", "a"}), client_id="shop", generation=3)


SERVICE = Principal(id="orders", role=Role.SERVICE, scopes=frozenset({"users:peers"}), client_id="orders")


def test_a_persons_token_says_all_that_a_service_needs() -> None:
    key, ada = SigningKey.generate(), person()

    token = Signer(key, "issuer").sign(ada, audience=["users", "orders"], lifetime=timedelta(minutes=5))

    said = jwt.decode(token, options={"verify_signature": False})
    assert jwt.get_unverified_header(token) == {"alg": "EdDSA", "kid": key.kid, "typ": "JWT"}
    assert said["exp"] - said["iat"] == 300
    assert {name: said[name] for name in ("iss", "sub", "aud", "scope", "role", "client_id", "gen")} == {
        "iss": "issuer",
        "sub": ada.id,
        "aud": ["users", "orders"],
        "scope": "a b",
        "role": "customer",
        "client_id": "shop",
        "gen": 3,
    }


def test_a_services_token_has_no_generation() -> None:
    token = Signer(SigningKey.generate(), "issuer").sign(SERVICE, audience=["users"], lifetime=timedelta(1))

    assert "gen" not in jwt.decode(token, options={"verify_signature": False})


def test_no_two_tokens_are_the_same() -> None:
    signer = Signer(SigningKey.generate(), "issuer")

    tokens = {signer.sign(SERVICE, audience=["users"], lifetime=timedelta(1)) for _ in range(10)}

    assert len(tokens) == 10


def test_a_principal_knows_its_kind() -> None:
    kinds = [(who.is_customer, who.is_staff, who.is_service) for who in (person(), person(Role.STAFF), SERVICE)]

    assert kinds == [(True, False, False), (False, True, False), (False, False, True)]


def test_a_person_has_an_account_and_a_service_has_none() -> None:
    ada = person()

    assert str(ada.account_id) == ada.id
    with pytest.raises(Forbidden, match="found that of the service orders"):
        _ = SERVICE.account_id


def test_a_principal_has_the_scopes_it_was_granted() -> None:
    ada = person()

    assert ada.has("a", "b")
    assert not ada.has("a", "c")


async def test_a_token_is_asked_for_once_for_each_service() -> None:
    issuer = Issuer()
    tokens = ServiceTokens(issuer.fetch)

    got = [await tokens.get(resource) for resource in ("users", "catalog", "users", "catalog")]

    assert got == ["users-1", "catalog-2", "users-1", "catalog-2"]


async def test_requests_that_come_together_share_one_token() -> None:
    issuer = Issuer()
    issuer.may_answer = anyio.Event()
    tokens = ServiceTokens(issuer.fetch)
    got: list[str] = []

    async def get() -> None:
        got.append(await tokens.get("users"))

    async with anyio.create_task_group() as tasks:
        for _ in range(50):
            tasks.start_soon(get)
        await anyio.wait_all_tasks_blocked()
        issuer.may_answer.set()

    assert got == ["users-1"] * 50


async def test_a_token_is_renewed_before_it_expires() -> None:
    clock, issuer = Clock(), Issuer()
    tokens = ServiceTokens(issuer.fetch, clock=clock)

    got = [await tokens.get("users")]
    clock.now += 79
    got.append(await tokens.get("users"))
    clock.now += 1
    got.append(await tokens.get("users"))

    assert got == ["users-1", "users-1", "users-2"]


async def test_while_one_request_renews_a_token_the_others_go_on_with_the_old_one() -> None:
    clock, issuer = Clock(), Issuer()
    tokens = ServiceTokens(issuer.fetch, clock=clock)
    await tokens.get("users")
    issuer.may_answer = anyio.Event()
    clock.now += 80
    got: list[str] = []

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(tokens.get, "users")
        await anyio.wait_all_tasks_blocked()
        got.append(await tokens.get("users"))
        issuer.may_answer.set()
    got.append(await tokens.get("users"))

    assert got == ["users-1", "users-2"]


@pytest.mark.parametrize("refusal", [Unavailable("out of reach"), Unauthenticated("wrong secret")])
async def test_a_living_token_serves_on_while_no_new_one_can_be_had(refusal: Exception) -> None:
    clock, issuer = Clock(), Issuer()
    tokens = ServiceTokens(issuer.fetch, cooldown=1, clock=clock)
    await tokens.get("users")
    issuer.refusal = refusal
    clock.now += 80

    got = [await tokens.get("users") for _ in range(10)]

    assert got == ["users-1"] * 10
    assert len(issuer.asked) == 2


async def test_without_a_living_token_the_service_cannot_be_called() -> None:
    clock, issuer = Clock(), Issuer()
    issuer.refusal = Unauthenticated("wrong secret")
    tokens = ServiceTokens(issuer.fetch, cooldown=1, clock=clock)

    with pytest.raises(Unavailable, match="No token for users can be had now") as refused:
        await tokens.get("users")
    with pytest.raises(Unavailable):
        await tokens.get("users")

    assert refused.value.retry_after == 1
    assert len(issuer.asked) == 1


async def test_a_token_is_asked_for_again_after_the_cooldown() -> None:
    clock, issuer = Clock(), Issuer()
    issuer.refusal = Unavailable("out of reach")
    tokens = ServiceTokens(issuer.fetch, cooldown=1, clock=clock)
    with pytest.raises(Unavailable):
        await tokens.get("users")
    issuer.refusal = None
    clock.now += 1

    got = await tokens.get("users")

    assert got == "users-2"
