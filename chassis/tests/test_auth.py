"""Bearer tokens: what is accepted, what is refused and how, and what scopes open."""

import base64
import json
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated
from uuid import uuid4

import httpx
import jwt
import pytest
from chassis.auth import Caller, Principal, Role, Verifier, require_scope
from chassis.context import current
from chassis.keys import LocalKeys, PublicJwk, SigningKey
from chassis.recording import ContextMiddleware
from chassis.tokens import Signer
from contracts.errors import ApiError, Unauthenticated
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.anyio

ISSUER = "https://users.example"
KEY = SigningKey.generate()
ADA = Principal(id=str(uuid4()), role=Role.CUSTOMER, scopes=frozenset({"orders:read"}), client_id="shop", generation=1)


def verifier() -> Verifier:
    return Verifier(LocalKeys(lambda: [KEY.public]), issuer=ISSUER, audience="orders")


def claims(**changes: object) -> dict[str, object]:
    """Write the claims of a good token, with changes; None leaves one out."""
    now = int(time.time())
    good: dict[str, object] = {
        "iss": ISSUER,
        "sub": ADA.id,
        "aud": ["users", "orders"],
        "exp": now + 300,
        "iat": now,
        "jti": "1",
        "scope": "orders:read",
        "role": "customer",
        "client_id": "shop",
        "gen": 1,
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def token(body: Mapping[str, object] | None = None, key: SigningKey = KEY, **headers: object) -> str:
    return jwt.encode(dict(body or claims()), key.private, "EdDSA", headers={"kid": key.kid, **headers})


def service(checks: Verifier) -> FastAPI:
    """Make a service with one door for anybody who is known and one for those with a scope."""
    app = FastAPI()
    app.state.verifier = checks

    @app.get("/me")
    async def me(caller: Caller) -> dict[str, str | None]:
        serving = current()
        assert serving is not None
        return {"id": caller.id, "principal": serving.principal, "client_id": serving.client_id}

    @app.get("/orders")
    async def orders(caller: Annotated[Principal, require_scope("orders:read", "orders:admin")]) -> str:
        return caller.id

    @app.get("/open", dependencies=[require_scope("orders:read")])
    async def opened() -> str:
        return "open"

    @app.exception_handler(ApiError)
    async def answer(request: Request, error: ApiError) -> JSONResponse:
        return JSONResponse({"code": error.code, "detail": error.detail}, error.status, error.headers)

    _ = (me, orders, opened, answer)
    return app


async def ask(path: str, authorization: str | None, *, wrapped: bool = True) -> httpx.Response:
    app = service(verifier())
    transport = httpx.ASGITransport(ContextMiddleware(app) if wrapped else app)
    headers = {} if authorization is None else {"Authorization": authorization}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as http:
        return await http.get(path)


async def test_a_signed_token_says_who_is_calling() -> None:
    signed = Signer(KEY, ISSUER).sign(ADA, audience=["orders"], lifetime=timedelta(minutes=5))

    principal = await verifier().verify(signed)

    assert principal == ADA


async def test_a_services_token_says_which_service_is_calling() -> None:
    peer = Principal(id="users", role=Role.SERVICE, scopes=frozenset(), client_id="users")
    signed = Signer(KEY, ISSUER).sign(peer, audience=["orders"], lifetime=timedelta(minutes=5))

    principal = await verifier().verify(signed)

    assert principal == peer


@pytest.mark.parametrize("skew", [-30 + 2, 30 - 2])
async def test_clocks_may_differ_by_half_a_minute(skew: int) -> None:
    now = int(time.time())

    principal = await verifier().verify(token(claims(iat=now + max(skew, 0), exp=now + skew)))

    assert principal == ADA


@pytest.mark.parametrize(
    ("claim", "seconds"),
    [("exp", -300), ("iat", 300), ("nbf", 300)],
    ids=["expired five minutes ago", "made five minutes in the future", "valid only later"],
)
async def test_a_token_of_another_time_is_refused(claim: str, seconds: int) -> None:
    signed = token(claims(**{claim: int(time.time()) + seconds}))

    with pytest.raises(Unauthenticated):
        await verifier().verify(signed)


WRONG: Mapping[str, Mapping[str, object]] = {
    "for another service": {"aud": ["users"]},
    "for nobody": {"aud": []},
    "from another issuer": {"iss": "https://other.example"},
    "with a role that nobody has": {"role": "admin"},
    "of a person without an account": {"sub": "ada"},
    "with a number for a subject": {"sub": 7},
    "with text for a time": {"exp": "4102444800"},
    "with true for a generation": {"gen": True},
    "with scopes in a list": {"scope": ["orders:read"]},
}
MISSING: Mapping[str, Mapping[str, object]] = {f"without {name}": {name: None} for name in claims()}
REFUSED = {**WRONG, **MISSING}


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED)
async def test_a_token_is_refused(changes: Mapping[str, object]) -> None:
    signed = token(claims(**changes))

    with pytest.raises(Unauthenticated) as refused:
        await verifier().verify(signed)

    assert refused.value.headers["WWW-Authenticate"].startswith('Bearer error="invalid_token", error_description="')


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned(algorithm: str, kid: object = KEY.kid) -> str:
    parts = [{"alg": algorithm, "kid": kid, "typ": "JWT"}, claims()]
    return ".".join([*(encode(json.dumps(part).encode()) for part in parts), ""])


def signed_with_the_public_key() -> str:
    """Confuse the keys: what everybody may know, used as the secret of a shared-secret signature."""
    algorithm = jwt.get_algorithm_by_name("HS256")
    secret = KEY.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    text = unsigned("HS256").removesuffix(".")
    return f"{text}.{encode(algorithm.sign(text.encode(), secret))}"


def with_a_changed_claim() -> str:
    head, _, signature = token().split(".")
    return f"{head}.{encode(json.dumps(claims(role='staff')).encode())}.{signature}"


FORGED = {
    "alg none": unsigned("none"),
    "alg none in capitals": unsigned("NONE"),
    "HS256 with the public key": signed_with_the_public_key(),
    "another key under our key's name": token(key=SigningKey.generate(), kid=KEY.kid),
    "a key that nobody publishes": token(key=SigningKey.generate()),
    "no key's name": jwt.encode(claims(), KEY.private, "EdDSA"),
    "a key's name that is no text": unsigned("EdDSA", kid=7),
    "a changed claim": with_a_changed_claim(),
    "no signature": unsigned("EdDSA"),
    "no token at all": "hello",
    "nothing": "",
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
async def test_a_forged_token_is_refused(forged: str) -> None:
    with pytest.raises(Unauthenticated):
        await verifier().verify(forged)


@given(st.text(max_size=200) | st.lists(st.text(max_size=40), min_size=3, max_size=3).map(".".join))
async def test_no_text_breaks_the_verifier(text: str) -> None:
    with pytest.raises(Unauthenticated):
        await verifier().verify(text)


class Ring(LocalKeys):
    """Keys that can be withdrawn."""

    def __init__(self) -> None:
        self.published: list[PublicJwk] = [KEY.public]
        super().__init__(lambda: self.published)


async def test_a_token_that_was_verified_is_refused_once_it_has_expired() -> None:
    now = time.time()
    clock = iter([now, now + 300 + 31, now])
    checks = Verifier(Ring(), issuer=ISSUER, audience="orders", clock=lambda: next(clock))
    signed = token()
    await checks.verify(signed)

    with pytest.raises(Unauthenticated, match="expired"):
        await checks.verify(signed)


async def test_a_token_that_was_verified_is_refused_once_its_key_is_withdrawn() -> None:
    keys = Ring()
    checks = Verifier(keys, issuer=ISSUER, audience="orders")
    signed = token()
    await checks.verify(signed)
    keys.published.clear()

    with pytest.raises(Unauthenticated, match="withdrawn"):
        await checks.verify(signed)


async def test_a_token_is_examined_once() -> None:
    checks = verifier()
    signed = token()

    principals = [await checks.verify(signed) for _ in range(3)]

    assert principals[0] is principals[1] is principals[2]


async def test_only_so_many_tokens_are_remembered() -> None:
    checks = Verifier(Ring(), issuer=ISSUER, audience="orders", capacity=2)
    first, second, third = (token(claims(jti=str(number))) for number in range(3))
    before = [await checks.verify(signed) for signed in (first, second, first, third)]

    after = [await checks.verify(signed) for signed in (first, third, second)]

    assert (after[0] is before[0], after[1] is before[3], after[2] is before[1]) == (True, True, False)


async def test_the_caller_is_known_to_the_handler_and_to_the_log() -> None:
    answer = await ask("/me", f"Bearer {token()}")

    assert answer.json() == {"id": ADA.id, "principal": ADA.id, "client_id": "shop"}


async def test_scopes_are_checked_without_a_context_too() -> None:
    answer = await ask("/open", f"bearer {token()}", wrapped=False)

    assert answer.json() == "open"


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Basic YTpi", "token"])
async def test_a_caller_without_a_token_is_told_what_to_send(authorization: str | None) -> None:
    answer = await ask("/me", authorization)

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "send the header Authorization: Bearer <token>" in answer.json()["detail"]


async def test_a_caller_with_a_bad_token_is_told_so() -> None:
    answer = await ask("/me", "Bearer nonsense")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith('Bearer error="invalid_token"')
    assert "nonsense" not in answer.text


async def test_a_caller_without_the_scope_is_told_which_one_is_missing() -> None:
    answer = await ask("/orders", f"Bearer {token()}")

    assert answer.status_code == 403
    assert answer.json()["detail"] == "This wants the scope orders:admin."
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="orders:read orders:admin"'


async def test_a_caller_with_the_scopes_passes() -> None:
    answer = await ask("/orders", f"Bearer {token(claims(scope='orders:admin orders:read'))}")

    assert answer.json() == ADA.id


def test_scopes_are_published() -> None:
    document = service(verifier()).openapi()

    assert document["paths"]["/orders"]["get"]["security"] == [{"bearer": ["orders:read", "orders:admin"]}]
    assert document["components"]["securitySchemes"]["bearer"]["bearerFormat"] == "JWT"
