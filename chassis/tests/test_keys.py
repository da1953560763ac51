"""Keys: made, named and published; fetched once, kept through outages, never fetched by a flood."""

import json
from collections.abc import Iterable, Mapping

import anyio
import pytest
from chassis.keys import JwksKeys, LocalKeys, PublicJwk, SigningKey
from contracts.errors import Unavailable
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

pytestmark = pytest.mark.anyio


class Issuer:
    """Publishes keys, or is out of reach; counts how often it is asked, and answers when it may."""

    def __init__(self, *keys: SigningKey) -> None:
        self.keys = list(keys)
        self.others: list[Mapping[str, object]] = []
        self.asked = 0
        self.is_down = False
        self.may_answer = anyio.Event()
        self.may_answer.set()

    async def fetch(self) -> Iterable[Mapping[str, object]]:
        self.asked += 1
        await self.may_answer.wait()
        if self.is_down:
            raise Unavailable("out of reach")
        return [*self.others, *(key.public.model_dump() for key in self.keys)]


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_key_is_the_same_after_it_was_kept_as_text() -> None:
    key = SigningKey.generate()

    again = SigningKey.from_pem(key.pem())

    assert (again.kid, again.public) == (key.kid, key.public)
    assert again.private.sign(b"text") == key.private.sign(b"text")


def test_a_key_is_named_and_written_as_the_rfcs_say() -> None:
    x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"  # RFC 8037, appendix A

    jwk = PublicJwk.of(PublicJwk(kid="", x=x).key())

    assert jwk.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert json.loads(jwk.model_dump_json()) == {
        "kty": "OKP",
        "crv": "Ed25519",
        "use": "sig",
        "alg": "EdDSA",
        "kid": jwk.kid,
        "x": x,
    }


def test_a_key_does_not_show_its_secret() -> None:
    key = SigningKey.generate()

    assert "Private" not in repr(key)


def test_a_key_of_another_kind_is_refused() -> None:
    other = generate_private_key(SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    with pytest.raises(ValueError, match=r"wants to be Ed25519 and was ECPrivateKey"):
        SigningKey.from_pem(pem)


async def test_the_issuer_knows_its_own_keys() -> None:
    key, other = SigningKey.generate(), SigningKey.generate()
    keys = LocalKeys(lambda: [key.public])

    assert await keys.get(key.kid) == key.private.public_key()
    assert await keys.get(other.kid) is None


async def test_keys_are_fetched_once() -> None:
    key = SigningKey.generate()
    issuer = Issuer(key)
    keys = JwksKeys(issuer.fetch)

    found = [await keys.get(key.kid) for _ in range(3)]

    assert found == [key.private.public_key()] * 3
    assert issuer.asked == 1


async def test_requests_that_come_together_share_one_fetch() -> None:
    key = SigningKey.generate()
    issuer = Issuer(key)
    issuer.may_answer = anyio.Event()
    keys = JwksKeys(issuer.fetch)
    found: list[object] = []

    async def find() -> None:
        found.append(await keys.get(key.kid))

    async with anyio.create_task_group() as tasks:
        for _ in range(50):
            tasks.start_soon(find)
        await anyio.wait_all_tasks_blocked()
        issuer.may_answer.set()

    assert found == [key.private.public_key()] * 50
    assert issuer.asked == 1


async def test_a_thousand_invented_names_cause_one_fetch_per_cooldown() -> None:
    clock, issuer = Clock(), Issuer(SigningKey.generate())
    keys = JwksKeys(issuer.fetch, cooldown=5, clock=clock)

    found = [await keys.get(f"invented-{number}") for number in range(1000)]
    clock.now += 5
    found += [await keys.get(f"invented-{number}") for number in range(1000)]

    assert found == [None] * 2000
    assert issuer.asked == 2


async def test_a_new_key_is_found_when_it_is_first_named() -> None:
    clock, issuer = Clock(), Issuer(SigningKey.generate())
    keys = JwksKeys(issuer.fetch, cooldown=5, clock=clock)
    await keys.get(issuer.keys[0].kid)
    issuer.keys.append(SigningKey.generate())
    clock.now += 5

    found = await keys.get(issuer.keys[1].kid)

    assert found == issuer.keys[1].private.public_key()


async def test_a_withdrawn_key_is_gone_when_the_keys_are_next_fetched() -> None:
    clock, issuer = Clock(), Issuer(SigningKey.generate(), SigningKey.generate())
    keys = JwksKeys(issuer.fetch, lifetime=300, clock=clock)
    withdrawn = issuer.keys[0].kid
    await keys.get(withdrawn)
    issuer.keys.pop(0)
    clock.now += 300

    found = await keys.get(withdrawn)

    assert found is None


async def test_known_keys_serve_on_while_the_issuer_is_out_of_reach() -> None:
    clock, key = Clock(), SigningKey.generate()
    issuer = Issuer(key)
    keys = JwksKeys(issuer.fetch, lifetime=300, cooldown=5, clock=clock)
    await keys.get(key.kid)
    issuer.is_down = True
    clock.now += 3000

    found = [await keys.get(key.kid) for _ in range(3)]

    assert found == [key.private.public_key()] * 3
    assert issuer.asked == 2


async def test_a_known_key_does_not_wait_for_a_slow_refresh() -> None:
    clock, key = Clock(), SigningKey.generate()
    issuer = Issuer(key)
    keys = JwksKeys(issuer.fetch, lifetime=300, clock=clock)
    await keys.get(key.kid)
    issuer.may_answer = anyio.Event()
    clock.now += 300
    found: list[object] = []

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(keys.get, key.kid)
        await anyio.wait_all_tasks_blocked()
        found.append(await keys.get(key.kid))
        issuer.may_answer.set()

    assert found == [key.private.public_key()]
    assert issuer.asked == 2


async def test_when_nobody_can_say_whether_a_key_exists_the_caller_is_asked_to_wait() -> None:
    clock, issuer = Clock(), Issuer()
    issuer.is_down = True
    keys = JwksKeys(issuer.fetch, cooldown=5, clock=clock)

    with pytest.raises(Unavailable) as first:
        await keys.get("new")
    with pytest.raises(Unavailable):
        await keys.get("new")

    assert first.value.retry_after == 0.5
    assert issuer.asked == 1


async def test_keys_are_found_again_once_the_issuer_is_back() -> None:
    clock, key = Clock(), SigningKey.generate()
    issuer = Issuer(key)
    issuer.is_down = True
    keys = JwksKeys(issuer.fetch, cooldown=5, clock=clock)
    with pytest.raises(Unavailable):
        await keys.get(key.kid)
    issuer.is_down = False
    clock.now += 0.5  # not the whole cooldown: until then every caller is refused

    found = await keys.get(key.kid)

    assert found == key.private.public_key()


async def test_a_fetch_that_was_abandoned_is_made_by_the_next_request() -> None:
    key = SigningKey.generate()
    issuer = Issuer(key)
    issuer.may_answer = anyio.Event()
    keys = JwksKeys(issuer.fetch)
    with anyio.move_on_after(0):
        await keys.get(key.kid)
    issuer.may_answer.set()

    found = await keys.get(key.kid)

    assert found == key.private.public_key()


@pytest.mark.parametrize(
    "other",
    [
        {"kty": "RSA", "kid": "a", "n": "x", "e": "AQAB"},
        {"kty": "OKP", "crv": "Ed448", "kid": "a", "x": "x"},
        {"kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "short"},
        {"kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "é"},
        {},
    ],
)
async def test_published_keys_of_other_kinds_are_passed_over(other: Mapping[str, object]) -> None:
    key = SigningKey.generate()
    issuer = Issuer(key)
    issuer.others = [other]
    keys = JwksKeys(issuer.fetch)

    assert await keys.get(key.kid) == key.private.public_key()
    assert await keys.get("a") is None
