"""Calls between services: whose token, whose deadline, and what a peer's refusal means to our caller."""

from pathlib import Path
from uuid import uuid4

import pytest
from chassis.keys import SigningKey
from chassis.peers import Peers, published_keys
from contracts.catalog.v2 import Catalog
from contracts.errors import (
    ApiError,
    ContractViolated,
    Forbidden,
    Internal,
    Malformed,
    RateLimited,
    Unauthenticated,
    Unavailable,
)
from contracts.examples import example
from contracts.stub import StubTransport
from contracts.users.errors import UserNotFound
from contracts.users.identity import Identity, Jwk, KeySet, Token, TokenRequest
from contracts.users.v2 import Users

from chassis import context

from .peer import Peer, listening
from .toyshop import settings

pytestmark = pytest.mark.anyio


@pytest.fixture
def stub() -> StubTransport:
    return StubTransport()


@pytest.fixture
def users(stub: StubTransport) -> Users:
    return Peers({"users": stub}).client(Users)


async def test_a_declared_error_of_a_peer_is_passed_on(stub: StubTransport, users: Users) -> None:
    stub.refuse(Users.get_standing, UserNotFound("nobody"))

    with pytest.raises(UserNotFound):
        await users.get_standing(uuid4())


@pytest.mark.parametrize("error", [Unauthenticated(), Forbidden(), Malformed()])
async def test_what_a_peer_says_of_our_own_request_is_no_answer_for_our_caller(
    stub: StubTransport, users: Users, error: ApiError
) -> None:
    stub.refuse(Users.get_standing, error)

    with pytest.raises(Unavailable, match=f"users refused get_standing with {error.status} {error.code}"):
        await users.get_standing(uuid4())


@pytest.mark.parametrize("error", [Unavailable("down"), ContractViolated("odd"), Internal()])
async def test_no_answer_stays_no_answer(stub: StubTransport, users: Users, error: ApiError) -> None:
    stub.refuse(Users.get_standing, error)

    with pytest.raises(type(error)):
        await users.get_standing(uuid4())


async def test_a_peer_that_wants_us_to_wait_is_out_of_reach(stub: StubTransport) -> None:
    stub.refuse(Identity.issue_token, RateLimited())
    identity = Peers({"users": stub}).client(Identity)

    with pytest.raises(Unavailable, match="users refused issue_token with 429 rate_limited"):
        await identity.issue_token(example(TokenRequest))


def test_only_a_peer_has_a_client() -> None:
    with pytest.raises(LookupError, match="catalog is not a peer of this service; its peers are users"):
        Peers({"users": StubTransport()}).client(Catalog)
    with pytest.raises(LookupError, match="its peers are none"):
        Peers({}).client(Catalog)


async def test_the_issuers_keys_are_read_through_its_contract(stub: StubTransport) -> None:
    key = SigningKey.generate()
    stub.answer(Identity.get_keys, KeySet(keys=[Jwk.model_validate(key.public.model_dump())]))

    found = await published_keys(Peers({"users": stub})).get(key.kid)

    assert found == key.private.public_key()


async def test_a_call_carries_our_token_our_trace_and_what_is_left_of_the_deadline(tmp_path: Path) -> None:
    peer = Peer(Users.get_standing, Identity.issue_token)
    async with listening(peer) as url:
        peers = Peers.over_http(settings(tmp_path, users_url=url, client_id="orders", peer_seconds=30))

        with context.begin("recover", seconds=30) as work:
            await peers.client(Users).get_standing(uuid4())
            await peers.client(Users).get_standing(uuid4())
        await peers.close()

    (token_path, token_headers, form), (_, headers, _), (_, again, _) = peer.asked
    assert token_path == "/oauth/token"
    assert "grant_type=client_credentials" in form
    assert "resource=users" in form
    assert "authorization" not in token_headers
    assert headers["authorization"] == again["authorization"] == f"Bearer {example(Token).access_token}"
    assert headers["traceparent"] == work.trace.traceparent
    assert headers["x-request-id"] == work.request_id
    assert 0 < int(again["x-deadline-ms"]) <= int(headers["x-deadline-ms"]) <= 30_000


async def test_a_service_that_signs_tokens_itself_asks_nobody(tmp_path: Path) -> None:
    async def sign(audience: str) -> str:
        return f"for-{audience}"

    peer = Peer(Users.get_standing)
    async with listening(peer) as url:
        peers = Peers.over_http(settings(tmp_path, users_url=url), sign)
        await peers.client(Users).get_standing(uuid4())
        await peers.close()

    ((_, headers, _),) = peer.asked
    assert headers["authorization"] == "Bearer for-users"


async def test_what_needs_no_token_is_called_without(tmp_path: Path) -> None:
    peer = Peer(Identity.get_keys)
    async with listening(peer) as url:
        peers = Peers.over_http(settings(tmp_path, users_url=url))
        await peers.client(Identity).get_keys()
        await peers.close()

    ((_, headers, _),) = peer.asked
    assert "authorization" not in headers


async def test_a_peer_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    peers = Peers.over_http(settings(tmp_path, users_url="http://127.0.0.1:1"))

    with pytest.raises(Unavailable):
        await peers.client(Users).get_standing(uuid4())
    await peers.close()
