"""Faults that tests make happen: at their point and nowhere else, once, and never in production."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import httpx
import pytest
from chassis.database import Database
from chassis.faults import Fault, Faults, Moment
from chassis.peers import Peers
from chassis.sabotage import AnswerSaboteur, CallSaboteur, UnitSaboteur
from chassis.settings import ServiceSettings
from chassis.testing import Issuer, running
from contracts.errors import Unavailable
from contracts.users.identity import Identity
from pydantic import SecretStr, ValidationError
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError
from starlette.types import Message, Receive, Scope, Send

from .peer import listening
from .toyshop import Shelf, build, settings

pytestmark = pytest.mark.anyio


class Killed(BaseException):
    """Stands in for the end of the process."""


def kill() -> None:
    raise Killed


@pytest.fixture
def faults(tmp_path: Path) -> Faults:
    folder = tmp_path / "faults"
    folder.mkdir()
    return Faults(folder)


class Counter:
    """A service's rule that adds one to a number."""

    def __init__(self, units: Database | UnitSaboteur) -> None:
        self._units = units

    async def make(self) -> None:
        await self._units.write(lambda tx: tx.execute(text("CREATE TABLE numbers (number INTEGER)")))

    async def add(self) -> None:
        await self._units.write(lambda tx: tx.execute(text("INSERT INTO numbers VALUES (1)")))

    async def count(self) -> int:
        return await self._units.read(lambda tx: tx.execute(text("SELECT count(*) FROM numbers")).scalar_one())


@pytest.fixture
async def counter(database: Database, faults: Faults) -> Counter:
    counter = Counter(UnitSaboteur(database, faults, kill))
    await counter.make()
    return counter


@pytest.mark.parametrize(("moment", "added"), [("before", 0), ("within", 0), ("after", 1)])
async def test_a_process_is_killed_before_within_or_after_a_unit_of_work(
    counter: Counter, faults: Faults, moment: Moment, added: int
) -> None:
    faults.arm(Fault(place="unit", name="Counter.add", moment=moment, kind="kill"))

    with pytest.raises(Killed):
        await counter.add()

    assert await counter.count() == added


async def test_either_database_refuses_to_commit_a_unit_that_is_doomed(counter: Counter, faults: Faults) -> None:
    faults.arm(Fault(place="unit", name="Counter.add", moment="within", kind="fail"))

    with pytest.raises(IntegrityError):
        await counter.add()

    assert await counter.count() == 0
    await counter.add()
    assert await counter.count() == 1


async def test_a_unit_that_is_doomed_fails_and_no_other_that_is_committed_with_it(
    counter: Counter, faults: Faults
) -> None:
    faults.arm(Fault(place="unit", name="Counter.add", moment="within", kind="fail"))

    outcomes = await asyncio.gather(*(counter.add() for _ in range(4)), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes if outcome] == [IntegrityError]
    assert await counter.count() == 3


async def test_a_commit_of_which_nobody_hears_is_made_all_the_same(counter: Counter, faults: Faults) -> None:
    faults.arm(Fault(place="unit", name="Counter.add", moment="after", kind="lose"))

    with pytest.raises(Unavailable):
        await counter.add()

    assert await counter.count() == 1


async def test_a_unit_is_named_after_the_method_that_wrote_it_however_it_did(faults: Faults) -> None:
    def named(tx: Connection, *, number: int) -> int:
        return number

    class Units:
        async def read(self, unit: object) -> None: ...
        async def write(self, unit: object) -> None: ...
        async def close(self) -> None: ...

    saboteur = UnitSaboteur(Units(), faults, kill)  # pyright: ignore[reportArgumentType] # does nothing at all
    faults.arm(Fault(place="unit", name="partial", moment="before", kind="kill"))

    with pytest.raises(Killed):
        await saboteur.write(partial(named, number=1))
    await saboteur.close()


async def test_a_fault_strikes_once(counter: Counter, faults: Faults) -> None:
    name = faults.arm(Fault(place="unit", name="Counter.add", moment="before", kind="kill"))
    assert not faults.has_struck(name)

    with pytest.raises(Killed):
        await counter.add()
    await counter.add()

    assert faults.has_struck(name)
    assert await counter.count() == 1


async def test_a_fault_that_stays_strikes_until_it_is_disarmed(counter: Counter, faults: Faults) -> None:
    name = faults.arm(Fault(place="unit", name="Counter.add", moment="before", kind="kill", stays=True))

    for _ in range(2):
        with pytest.raises(Killed):
            await counter.add()
    faults.disarm(name)
    await counter.add()

    assert faults.has_struck(name)


def test_a_fault_that_another_process_takes_at_this_moment_strikes_nobody_here(tmp_path: Path, faults: Faults) -> None:
    taken = tmp_path / "faults" / "taken.armed"
    taken.symlink_to(tmp_path / "absent")  # in the list, and not there when it is read

    assert faults.take("unit", "before", "Counter.add") is None


def test_a_fault_strikes_at_its_own_point_only(faults: Faults) -> None:
    faults.arm(Fault(place="call", name="PUT /v2/toys/{id}", moment="before", kind="refuse", about="17"))

    assert faults.take("answer", "before", "PUT /v2/toys/17") is None
    assert faults.take("call", "after", "PUT /v2/toys/17") is None
    assert faults.take("call", "before", "GET /v2/toys/17") is None
    assert faults.take("call", "before", "PUT /v2/toys/17/image") is None
    assert faults.take("call", "before", "PUT /v2/toys/18") is None
    assert faults.take("call", "before", "PUT /v2/toys/17")


def test_a_fault_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"a fault of a unit can be before kill, .* found before garble"):
        Fault(place="unit", name="Counter.add", moment="before", kind="garble")


class Peer(httpx.AsyncBaseTransport):
    """Another service, which counts what reaches it."""

    def __init__(self) -> None:
        self.asked = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        return httpx.Response(200, json={"left": 3})


@pytest.fixture
def peer() -> Peer:
    return Peer()


@pytest.fixture
async def http(peer: Peer, faults: Faults) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=CallSaboteur(peer, faults, kill), base_url="http://toys") as http:
        yield http


async def test_a_refused_call_never_arrives(http: httpx.AsyncClient, peer: Peer, faults: Faults) -> None:
    faults.arm(Fault(place="call", name="GET /toys", moment="before", kind="refuse"))

    with pytest.raises(httpx.ConnectError):
        await http.get("/toys")

    assert peer.asked == 0


async def test_a_lost_answer_was_given(http: httpx.AsyncClient, peer: Peer, faults: Faults) -> None:
    faults.arm(Fault(place="call", name="GET /toys", moment="after", kind="lose"))

    with pytest.raises(httpx.ReadError):
        await http.get("/toys")

    assert peer.asked == 1


async def test_a_garbled_answer_is_no_json(http: httpx.AsyncClient, faults: Faults) -> None:
    faults.arm(Fault(place="call", name="GET /toys", moment="after", kind="garble"))

    answer = await http.get("/toys")

    with pytest.raises(ValueError, match="Expecting value"):
        answer.json()


async def test_a_delayed_call_arrives_in_the_end(http: httpx.AsyncClient, faults: Faults) -> None:
    faults.arm(Fault(place="call", name="GET /toys", moment="before", kind="delay", seconds=0.01))

    answer = await http.get("/toys")

    assert answer.json() == {"left": 3}


@pytest.mark.parametrize(("moment", "asked"), [("before", 0), ("after", 1)])
async def test_a_process_is_killed_before_or_after_a_call(
    http: httpx.AsyncClient, peer: Peer, faults: Faults, moment: Moment, asked: int
) -> None:
    faults.arm(Fault(place="call", name="GET /toys", moment=moment, kind="kill"))

    with pytest.raises(Killed):
        await http.get("/toys")

    assert peer.asked == asked


async def test_a_call_without_a_fault_is_passed_on(http: httpx.AsyncClient) -> None:
    answer = await http.get("/toys")

    assert answer.json() == {"left": 3}


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 204."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def ask(faults: Faults, kind: str = "http") -> list[Message]:
    """Ask an application that meets its faults, and return what it sends until it is killed."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    saboteur = AnswerSaboteur(serve, faults, kill)
    try:
        await saboteur({"type": kind, "method": "GET", "path": "/toys"}, receive, send)
    except Killed:
        sent.append({"type": "killed"})
    return sent


@pytest.mark.parametrize(
    ("moment", "sent"),
    [("before", ["killed"]), ("after", ["http.response.start", "http.response.body", "killed"])],
)
async def test_a_process_is_killed_before_or_after_an_answer(faults: Faults, moment: Moment, sent: list[str]) -> None:
    faults.arm(Fault(place="answer", name="GET /toys", moment=moment, kind="kill"))

    messages = await ask(faults)

    assert [message["type"] for message in messages] == sent


async def test_a_lost_answer_promises_more_than_it_sends(faults: Faults) -> None:
    faults.arm(Fault(place="answer", name="GET /toys", moment="before", kind="lose"))

    messages = await ask(faults)

    assert messages == [{"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]}]


@pytest.mark.parametrize("kind", ["http", "lifespan"])
async def test_an_answer_without_a_fault_is_passed_on(faults: Faults, kind: str) -> None:
    messages = await ask(faults, kind)

    assert [message["type"] for message in messages] == ["http.response.start", "http.response.body"]


async def test_a_service_meets_faults_where_its_settings_name_a_folder(
    tmp_path: Path, toy_schema: str, faults: Faults
) -> None:
    chosen = settings(tmp_path, faults=tmp_path / "faults")
    app = build(chosen, Issuer(chosen), Shelf(), toy_schema)
    faults.arm(Fault(place="answer", name="GET /livez", moment="before", kind="lose"))

    async with running(app), listening(app) as url, httpx.AsyncClient() as http:
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get(f"{url}/livez")
        given = await http.get(f"{url}/livez")

    assert given.is_success


async def test_the_calls_of_a_service_meet_them_too(tmp_path: Path, faults: Faults) -> None:
    chosen = settings(tmp_path, faults=tmp_path / "faults", users_url="http://127.0.0.1:1")
    name = faults.arm(Fault(place="call", name="GET /.well-known/jwks.json", moment="before", kind="refuse"))
    peers = Peers.over_http(chosen)

    with pytest.raises(Unavailable, match="refused by a fault of a test"):
        await peers.client(Identity).get_keys()

    assert faults.has_struck(name)
    await peers.close()


def test_production_refuses_faults(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="production wants no faults: do not set CONCORD_FAULTS"):
        ServiceSettings(
            env="production",
            client_secret=SecretStr("a secret of this shop"),
            cursor_secret=SecretStr("another of its secrets"),
            faults=tmp_path,
        )
