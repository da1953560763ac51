"""Who may do what: every operation of every version, by every kind of caller, as the matrix of the doors says."""

import json
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from chassis.ids import new_id
from chassis.testing_postgres import PostgresCluster
from contracts.codec import WireRequest, encode
from contracts.errors import Unauthenticated
from contracts.operation import Api, Operation, operation
from contracts.scopes import Scope
from contracts.tools.apis import apis
from contracts.users.v2 import Name, Users
from contracts.wire import Id

from .doors.callers import Caller, token_of
from .doors.judging import faults
from .doors.matrix import INVALID, PASSES, callers, expected, owned
from .doors.matter import Matter
from .races.world import NAMES, Urls, World, running_world

pytestmark = pytest.mark.anyio

Op = Operation[..., Any]

OPERATIONS = [op for api in apis().values() for op in api.operations()]
CHANGING = frozenset({"x-request-id", "x-process-time", "traceparent"})
"""Headers that differ from one answer to the next."""


def name(op: Op) -> str:
    return op.label.replace(" ", ".")


CASES = [pytest.param(op, caller, id=f"{name(op)}-{caller}") for op in OPERATIONS for caller in callers(op)]
GUARDED = [pytest.param(op, id=name(op)) for op in OPERATIONS if op.scope]
OWNED = [pytest.param(op, id=name(op)) for op in OPERATIONS if owned(op) and expected(op, Caller.OTHER) != PASSES]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Keep the services running from one test to the next."""
    return "asyncio"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Generator[Urls]:
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("shop")
        yield {name: f"sqlite:///{folder / name}.db" for name in NAMES}
        return
    cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
    made = {name: cluster.make_database(f"{name}/migrations") for name in NAMES}
    yield {name: cluster.url(database) for name, database in made.items()}
    for database in made.values():
        cluster.drop_database(database)


@pytest.fixture(scope="module")
async def world(urls: Urls) -> AsyncGenerator[World]:
    async with running_world(urls, idle=True) as world:
        yield world


@pytest.fixture(scope="module")
async def clients(world: World) -> AsyncGenerator[dict[str, httpx.AsyncClient]]:
    async with AsyncExitStack() as stack:
        yield {name: await stack.enter_async_context(client(world, name)) for name in NAMES}


def client(world: World, name: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(world.apps[name], raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=f"http://{name}")


async def send(http: httpx.AsyncClient, request: WireRequest, token: str | None) -> httpx.Response:
    bearer = {} if token is None else {"authorization": f"Bearer {token}"}
    return await http.request(
        request.method,
        request.path,
        params=httpx.QueryParams(tuple(request.query)),
        headers=request.headers | bearer,
        content=request.content,
    )


@pytest.mark.parametrize(("op", "caller"), CASES)
async def test_each_caller_is_answered_as_the_matrix_says(
    world: World, clients: dict[str, httpx.AsyncClient], op: Op, caller: Caller
) -> None:
    wanted = expected(op, caller)
    owner, http = await Matter.made(world), clients[op.api.service]
    people = await owner.people()
    request = encode(op, await owner.arguments(op))
    if caller is Caller.CLOSED:
        await world.customer(Users, owner.owner).close_user(owner.owner)

    answer = await send(http, request, token_of(caller, op, world, people))

    assert faults(op, answer, wanted) == [] if wanted else op.success(answer.status_code), answer.text


@pytest.mark.parametrize("op", GUARDED)
async def test_nobody_passes_with_a_token_that_is_not_good(
    world: World, clients: dict[str, httpx.AsyncClient], op: Op
) -> None:
    owner, http = await Matter.made(world), clients[op.api.service]
    people = await owner.people()
    request = encode(op, await owner.arguments(op))

    answers = [await send(http, request, token_of(caller, op, world, people)) for caller in INVALID]

    assert [fault for answer in answers for fault in faults(op, answer, [Unauthenticated])] == []
    assert all(answer.headers["www-authenticate"].startswith("Bearer") for answer in answers)


@pytest.mark.parametrize("op", OWNED)
async def test_what_is_anothers_looks_just_like_what_is_not_there(
    world: World, clients: dict[str, httpx.AsyncClient], op: Op
) -> None:
    owner, http = await Matter.made(world), clients[op.api.service]
    token = token_of(Caller.OTHER, op, world, await owner.people())
    theirs = await owner.arguments(op)
    nobodys = theirs | {name: new_id() for name in owned(op)}

    answers = [(await send(http, encode(op, arguments), token), arguments) for arguments in (theirs, nobodys)]

    seen = [told(answer, [str(arguments[name]) for name in owned(op)]) for answer, arguments in answers]
    assert seen[0] == seen[1]


async def test_an_operation_about_a_new_kind_of_thing_is_not_forgotten(world: World) -> None:
    class Sky(Api, service="orders", version="v9"):
        """What is above the shop."""

        @operation("GET", "/v9/moons/{moon_id}", scope=Scope.ORDERS_READ)
        async def get_moon(self, moon_id: Id) -> Name:
            """Look at a moon."""
            ...

    owner = await Matter.made(world)

    with pytest.raises(AssertionError, match=r"orders v9 get_moon wants a `moon_id`: say in tests/doors/matter\.py"):
        await owner.arguments(Sky.get_moon)


def told(answer: httpx.Response, ids: list[str]) -> tuple[int, dict[str, str], str]:
    """Say all that an answer tells, but for the ids that were asked for and those of the request itself."""
    body = json.loads(answer.content)
    text = json.dumps({name: value for name, value in body.items() if name != "trace_id"})
    for position, known in enumerate(ids):
        text = text.replace(known, f"id {position}")
    return (
        answer.status_code,
        {name: value for name, value in answer.headers.items() if name not in CHANGING},
        text,
    )
