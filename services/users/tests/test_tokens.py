"""The token endpoint: who gets a token, for what, and who is refused in which words."""

from base64 import b64encode
from collections.abc import AsyncIterator

import httpx
import jwt
import pytest
from contracts.dialect import InvalidRequest
from contracts.errors import Forbidden, Unauthenticated
from contracts.users.errors import InvalidClient, InvalidGrant, InvalidScope, InvalidTarget, UnsupportedGrantType
from contracts.users.identity import Identity, Token, TokenRequest
from contracts.users.v2 import Users
from pwdlib.hashers.argon2 import Argon2Hasher

from .shop import CLIENT_SECRET, PASSWORD, STAFF, Shop

pytestmark = pytest.mark.anyio

EVERYBODY = ["users", "catalog", "orders"]


@pytest.fixture
async def http(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """A client that sends whatever the test says, as forms that no model has checked."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(shop.app), base_url="http://users") as client:
        yield client


def person(**asked: str) -> TokenRequest:
    said = {"grant_type": "password", "username": STAFF, "password": PASSWORD}
    return TokenRequest.model_validate(said | asked)


def machine(**asked: str) -> TokenRequest:
    said = {"grant_type": "client_credentials", "client_id": "orders", "client_secret": CLIENT_SECRET}
    return TokenRequest.model_validate(said | {"resource": "users"} | asked)


def claims(token: Token) -> dict[str, object]:
    return jwt.decode(token.access_token, options={"verify_signature": False})


def basic(text: str) -> dict[str, str]:
    return {"authorization": f"Basic {b64encode(text.encode()).decode()}"}


async def test_a_persons_token_says_who_it_is_and_is_good_everywhere(shop: Shop) -> None:
    user, _ = await shop.join("ada@example.com")

    token = await shop.calling(Identity).issue_token(person(username="ADA@example.com", client_id="webshop"))

    said = claims(token)
    assert (said["sub"], said["aud"], said["role"], said["gen"]) == (str(user.id), EVERYBODY, "customer", 1)
    assert (said["client_id"], said["iss"]) == ("webshop", shop.settings.issuer)
    assert token.token_type == "Bearer"
    assert token.expires_in == shop.settings.token_seconds
    assert token.scope == said["scope"] == "catalog:review orders:read orders:write users:read users:write"


async def test_staff_is_granted_what_customers_are_and_administration(shop: Shop) -> None:
    identity = shop.calling(Identity)

    token = await identity.issue_token(person())

    assert {"users:admin", "catalog:admin", "orders:admin", "orders:write"} <= set(token.scope.split())
    assert "peers" not in token.scope


async def test_a_token_can_be_asked_for_less(shop: Shop) -> None:
    identity = shop.calling(Identity)

    token = await identity.issue_token(person(scope="users:read", resource="users"))

    assert (token.scope, claims(token)["aud"]) == ("users:read", ["users"])


async def test_a_token_for_another_service_is_not_good_here(shop: Shop) -> None:
    token = await shop.calling(Identity).issue_token(person(resource="orders"))

    with pytest.raises((Unauthenticated, Forbidden)) as refused:
        await shop.calling(Users, token.access_token).get_me()

    assert "orders:" in token.scope
    assert isinstance(refused.value, Unauthenticated)


@pytest.mark.parametrize(("username", "password"), [("nobody@example.com", PASSWORD), (STAFF, "another sentence")])
async def test_a_wrong_password_and_an_unknown_address_are_refused_alike(
    shop: Shop, username: str, password: str
) -> None:
    identity = shop.calling(Identity)

    with pytest.raises(InvalidGrant) as refused:
        await identity.issue_token(person(username=username, password=password))

    assert refused.value.detail == "No open account has this email address and this password; check both."


async def test_a_login_that_fails_costs_one_hash_whoever_it_is_for(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    user, ada = await shop.join("ada@example.com")
    await shop.join("bob@example.com")
    await ada.close_user(user.id)
    checked: list[str] = []
    verify = Argon2Hasher.verify

    def counted(hasher: Argon2Hasher, password: str | bytes, kept: str | bytes) -> bool:
        checked.append(str(password))
        return verify(hasher, password, kept)

    monkeypatch.setattr(Argon2Hasher, "verify", counted)
    for name in ("ada", "bob", "nobody"):
        with pytest.raises(InvalidGrant):
            await shop.token(f"{name}@example.com", f"not the password of {name}")

    assert checked == [f"not the password of {name}" for name in ("ada", "bob", "nobody")]


@pytest.mark.parametrize("lacking", ["username", "password"])
async def test_a_person_says_both_address_and_password(shop: Shop, lacking: str) -> None:
    form = TokenRequest.model_validate(person().model_dump(exclude={lacking}))

    with pytest.raises(InvalidRequest) as refused:
        await shop.calling(Identity).issue_token(form)

    assert f"`{lacking}`" in refused.value.detail


async def test_only_two_kinds_of_grant_are_known(shop: Shop) -> None:
    identity = shop.calling(Identity)

    with pytest.raises(UnsupportedGrantType) as refused:
        await identity.issue_token(person(grant_type="implicit"))

    assert "`implicit`" in refused.value.detail


@pytest.mark.parametrize("scope", ["users:admin", "users:peers", "nonsense"])
async def test_nobody_is_granted_what_the_role_does_not_have(shop: Shop, scope: str) -> None:
    await shop.join("ada@example.com")

    with pytest.raises(InvalidScope) as refused:
        await shop.token("ada@example.com", scope=f"users:read {scope}")

    assert scope in refused.value.detail


async def test_a_resource_is_one_of_the_services(shop: Shop) -> None:
    identity = shop.calling(Identity)

    with pytest.raises(InvalidTarget) as refused:
        await identity.issue_token(person(resource="https://elsewhere.example"))

    assert "users, catalog, orders" in refused.value.detail


async def test_a_services_token_is_good_at_one_service_and_for_what_services_do_there(shop: Shop) -> None:
    identity = shop.calling(Identity)

    token = await identity.issue_token(machine(client_id="catalog", resource="orders"))

    said = claims(token)
    assert (said["sub"], said["aud"], said["role"], said["scope"]) == ("catalog", ["orders"], "service", "orders:peers")
    assert "gen" not in said


async def test_a_service_says_where_it_is_going(shop: Shop) -> None:
    form = TokenRequest.model_validate(machine().model_dump(exclude={"resource"}))

    with pytest.raises(InvalidTarget) as refused:
        await shop.calling(Identity).issue_token(form)

    assert "missing" in refused.value.detail


@pytest.mark.parametrize(
    ("client_id", "secret"),
    [("orders", "wrong"), ("orders", ""), ("stranger", CLIENT_SECRET), ("stranger", ""), ("orders", "s\u00e9cret")],
)
async def test_a_client_that_does_not_prove_to_be_a_service_is_no_service(
    shop: Shop, client_id: str, secret: str
) -> None:
    identity = shop.calling(Identity)

    with pytest.raises(InvalidClient) as refused:
        await identity.issue_token(machine(client_id=client_id, client_secret=secret))

    assert refused.value.status == 401


@pytest.mark.parametrize("absent", [{"client_secret"}, {"client_id"}, {"client_id", "client_secret"}])
async def test_a_service_is_known_by_id_and_secret_together(shop: Shop, absent: set[str]) -> None:
    form = TokenRequest.model_validate(machine().model_dump(exclude=absent))

    with pytest.raises(InvalidClient) as refused:
        await shop.calling(Identity).issue_token(form)

    assert refused.value.detail


async def test_a_person_who_comes_by_a_services_name_needs_that_services_secret(shop: Shop) -> None:
    identity = shop.calling(Identity)

    with pytest.raises(InvalidClient):
        await identity.issue_token(person(client_id="orders"))
    trusted = await identity.issue_token(person(client_id="orders", client_secret=CLIENT_SECRET))

    assert claims(trusted)["client_id"] == "orders"


async def test_a_service_may_prove_itself_by_http_basic(http: httpx.AsyncClient) -> None:
    form = {"grant_type": "client_credentials", "resource": "users"}

    response = await http.post("/oauth/token", data=form, headers=basic(f"%6Frders:{CLIENT_SECRET}"))

    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["scope"] == "users:peers"


@pytest.mark.parametrize("header", ["Basic", "Basic ???", "Basic b3JkZXJz", "basic /////w=="])
async def test_a_broken_or_wrong_basic_header_is_challenged(http: httpx.AsyncClient, header: str) -> None:
    form = {"grant_type": "client_credentials", "resource": "users"}

    response = await http.post("/oauth/token", data=form, headers={"authorization": header})

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Basic realm="concord"'
    assert response.json()["error"] == "invalid_client"


async def test_a_client_proves_itself_in_one_way_only(http: httpx.AsyncClient) -> None:
    form = {"grant_type": "client_credentials", "resource": "users", "client_secret": CLIENT_SECRET}

    response = await http.post("/oauth/token", data=form, headers=basic(f"orders:{CLIENT_SECRET}"))

    assert response.status_code == 400
    assert response.json()["error"] == "invalid_request"


async def test_other_schemes_and_unknown_parameters_are_passed_over(http: httpx.AsyncClient) -> None:
    form = {"grant_type": "password", "username": STAFF, "password": PASSWORD, "nonce": "7", "scope": ""}

    response = await http.post("/oauth/token", data=form, headers={"authorization": "Bearer whatever"})

    assert response.status_code == 200
    assert "users:admin" in response.json()["scope"]


async def test_a_form_without_a_grant_type_is_refused_in_the_words_of_rfc_6749(http: httpx.AsyncClient) -> None:
    response = await http.post("/oauth/token", data={"username": STAFF})

    assert response.status_code == 400
    assert response.json().keys() == {"error", "error_description"}
    assert response.json()["error"] == "invalid_request"


async def test_a_parameter_that_is_sent_twice_is_refused(http: httpx.AsyncClient) -> None:
    form = {"grant_type": "password", "username": [STAFF, "ada@example.com"], "password": PASSWORD}

    response = await http.post("/oauth/token", data=form)

    assert response.status_code == 400
    assert response.json()["error"] == "invalid_request"


async def test_a_token_request_is_a_form(http: httpx.AsyncClient) -> None:
    response = await http.post("/oauth/token", json={"grant_type": "password"})

    assert response.status_code == 415
    assert response.json()["error"] == "unsupported_media_type"
