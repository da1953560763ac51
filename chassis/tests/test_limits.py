"""Rate limits: each caller has its own count, is told where it stands, and is refused when it is over."""

import socket
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from chassis.auth import Principal, Role, Verifier
from chassis.keys import LocalKeys, SigningKey
from chassis.limits import RateLimits, limit_by_address, limit_by_caller
from chassis.recording import ContextMiddleware
from chassis.telemetry.metrics import Metrics
from chassis.tokens import Signer
from contracts.errors import ApiError
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from limits.aio.storage import MemoryStorage
from prometheus_client.parser import text_string_to_metric_families
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

pytestmark = pytest.mark.anyio

KEY = SigningKey.generate()


class BrokenStorage(MemoryStorage):
    """A place to count that cannot be reached."""

    STORAGE_SCHEME = ["async+broken"]  # noqa: RUF012 # as the library has it

    is_broken = True

    async def get(self, key: str) -> int:
        if self.is_broken:
            raise ValueError("out of reach")
        return await super().get(key)


def service(storage: str = "memory://", **rates: str) -> FastAPI:
    app = FastAPI()
    app.state.rate_limits = RateLimits(storage, rates)
    app.state.verifier = Verifier(LocalKeys(lambda: [KEY.public]), issuer="issuer", audience="shop")

    @app.get("/search", dependencies=[limit_by_address("search")])
    async def search() -> str:
        return "found"

    @app.get("/mine", dependencies=[limit_by_caller("mine")])
    async def mine() -> str:
        return "mine"

    @app.get("/both", dependencies=[limit_by_address("search"), limit_by_address("mine")])
    async def both() -> str:
        return "both"

    @app.exception_handler(ApiError)
    async def answer(request: Request, error: ApiError) -> JSONResponse:
        return JSONResponse({"detail": error.detail, "retry_after": error.retry_after}, error.status)

    _ = (search, mine, both, answer)
    return app


async def ask(
    app: FastAPI, path: str, *, address: str | None = "192.0.2.1", token: str = "", is_wrapped: bool = True
) -> httpx.Response:
    async def from_address(scope: Scope, receive: Receive, send: Send) -> None:
        client = None if address is None else (address, 1)
        await (ContextMiddleware(app) if is_wrapped else app)({**scope, "client": client}, receive, send)

    transport = httpx.ASGITransport(from_address)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as http:
        return await http.get(path)


def token() -> str:
    """Make a token of somebody new."""
    who = Principal(id=str(uuid4()), role=Role.CUSTOMER, scopes=frozenset(), client_id="shop", generation=1)
    return Signer(KEY, "issuer").sign(who, audience=["shop"], lifetime=timedelta(minutes=5))


async def test_a_caller_is_refused_once_he_is_over_the_limit() -> None:
    app = service(search="2/hour")

    answers = [await ask(app, "/search") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    refusal = answers[2].json()
    assert 1 <= refusal["retry_after"] <= 3600
    assert refusal["detail"] == f"This allows 2 per 1 hour; wait {refusal['retry_after']} s and try again."


async def test_a_caller_is_told_where_he_stands() -> None:
    app = service(search="2/hour")

    answers = [await ask(app, "/search") for _ in range(3)]

    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"search";q=2;w=3600'}
    assert [answer.headers["RateLimit"].partition(";t=")[0] for answer in answers] == [
        '"search";r=1',
        '"search";r=0',
        '"search";r=0',
    ]


async def test_callers_at_other_addresses_are_counted_apart() -> None:
    app = service(search="1/hour")

    answers = [await ask(app, "/search", address=address) for address in ("192.0.2.1", "192.0.2.2")]

    assert [answer.status_code for answer in answers] == [200, 200]


async def test_callers_without_an_address_are_counted_together() -> None:
    app = service(search="1/hour")

    answers = [await ask(app, "/search", address=None) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]


async def test_a_principal_is_counted_wherever_he_calls_from() -> None:
    app = service(mine="1/hour")
    ada, grace = token(), token()

    answers = [
        await ask(app, "/mine", token=ada, address="192.0.2.1"),
        await ask(app, "/mine", token=ada, address="192.0.2.2"),
        await ask(app, "/mine", token=grace, address="192.0.2.1"),
    ]

    assert [answer.status_code for answer in answers] == [200, 429, 200]


async def test_an_operation_may_have_several_limits() -> None:
    app = service(search="5/hour", mine="9/hour")

    answer = await ask(app, "/both")

    assert answer.headers["RateLimit-Policy"] == '"search";q=5;w=3600, "mine";q=9;w=3600'


async def test_a_limit_that_is_off_is_not_counted() -> None:
    app = service(search="off")

    answers = [await ask(app, "/search") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert "RateLimit" not in answers[0].headers


async def test_when_calls_cannot_be_counted_everybody_is_answered() -> None:
    app = service("broken://", search="1/hour")

    answers = [await ask(app, "/search") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]


async def test_a_store_that_is_away_is_told_of_once_and_asked_again_after_a_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    limits = RateLimits("broken://", {"search": "9/hour"}, lambda: now)

    with capture_logs() as told:
        away = [await limits.take("search", "ada") for _ in range(3)]
        now = 1.0
        away.append(await limits.take("search", "ada"))
        monkeypatch.setattr(BrokenStorage, "is_broken", False)
        resting = await limits.take("search", "ada")
        now = 2.0
        back = await limits.take("search", "ada")

    assert [*away, resting] == [None] * 5
    assert back
    assert [line["event"] for line in told] == ["rate_limits_not_counted", "rate_limits_counted_again"]


async def test_the_metrics_say_whether_calls_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    now, metrics = 0.0, Metrics()
    limits = RateLimits("broken://", {"search": "9/hour"}, lambda: now, metrics)

    said = [await told_by(metrics)]
    await limits.take("search", "ada")
    said.append(await told_by(metrics))
    monkeypatch.setattr(BrokenStorage, "is_broken", False)
    now = 1.0
    await limits.take("search", "ada")
    said.append(await told_by(metrics))

    assert said == [1, 0, 1]


async def told_by(metrics: Metrics) -> float:
    content, _ = await metrics.show()
    return next(
        sample.value
        for family in text_string_to_metric_families(content.decode())
        for sample in family.samples
        if sample.name == "concord_rate_limit_store_up"
    )


async def test_when_redis_is_out_of_reach_everybody_is_answered() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:  # and is closed again: nothing listens there
        port = listener.getsockname()[1]
    app = service(f"redis://127.0.0.1:{port}", search="1/hour")

    answers = [await ask(app, "/search") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]


async def test_when_redis_does_not_answer_everybody_is_answered_nevertheless() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        app = service(f"redis://127.0.0.1:{silent.getsockname()[1]}", search="1/hour")

        answers = [await ask(app, "/search") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]


async def test_a_limit_holds_without_a_context_too() -> None:
    app = service(search="1/hour")

    answers = [await ask(app, "/search", is_wrapped=False) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]


def test_a_place_to_count_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="CONCORD_RATE_LIMIT_STORAGE wants memory:// or redis://host:port"):
        RateLimits("abacus://", {})
