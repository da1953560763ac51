"""Lines to services that are down, slow or odd: how often they are asked, and who waits for them. All is real."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from chassis.breaker import State
from chassis.lines import Line, Terms
from chassis.peers import Peers
from chassis.telemetry.metrics import Metrics
from contracts.answers import Answer
from contracts.catalog.v2 import Catalog
from contracts.errors import NoAnswer, Unavailable, Unreachable
from contracts.examples import example
from contracts.operation import Operation
from contracts.users.errors import UserNotFound
from contracts.users.identity import Identity
from contracts.users.v2 import NewUser, Users
from prometheus_client.parser import text_string_to_metric_families

from chassis import context

from .peer import Peer, listening
from .toyshop import settings

pytestmark = pytest.mark.anyio

CALLS = 400
NEVER = 10_000  # calls before a service is left alone: more than any test makes


class Mute:
    """A service that takes connections, and closes them or keeps silent; it counts them."""

    def __init__(self, is_silent: bool = False) -> None:
        self.connections = 0
        self.silence = asyncio.Event()
        self._is_silent = is_silent

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self._is_silent:
            await self.silence.wait()
        writer.close()


class Hiccup(Mute):
    """A way to a service that loses the first connection."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._port = int(url.rpartition(":")[2])

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.connections > 1:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
            await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
        writer.close()


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(4096):
        writer.write(data)
    writer.close()


class Relay:
    """A service that must ask another one, and answers 503 when that is out of reach, as ours do."""

    def __init__(self, ask: Callable[[], Awaitable[object]]) -> None:
        self.asked = 0
        self._ask = ask

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        try:
            await self._ask()
        except NoAnswer:
            await send({"type": "http.response.start", "status": 503, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body"})


async def sign(audience: str) -> str:
    return f"for-{audience}"


def reach(folder: Path, **changes: object) -> Peers:
    return Peers.over_http(settings(folder, **({"peer_failing_calls": NEVER} | changes)), sign)


@asynccontextmanager
async def on_a_port(service: Mute) -> AsyncGenerator[str]:
    server = await asyncio.start_server(service.meet, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        service.silence.set()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 (counters tell nobody)
            await asyncio.sleep(0.005)


async def ask(users: Users) -> str:
    try:
        await users.get_standing(uuid4())
    except NoAnswer as failure:
        return type(failure).__name__
    return "answered"


async def test_a_service_that_is_down_is_asked_a_tenth_more_often_than_we_were(tmp_path: Path) -> None:
    service = Mute()
    async with on_a_port(service) as url:
        peers = reach(tmp_path, users_url=url)
        users = peers.client(Users)

        outcomes = {await ask(users) for _ in range(CALLS)}
        await peers.close()

    assert outcomes == {"Unreachable"}
    assert CALLS < service.connections <= 1.1 * CALLS
    assert service.connections == CALLS + peers.lines["users"].budget.repeated


async def test_attempts_do_not_multiply_from_hop_to_hop(tmp_path: Path) -> None:
    last = Mute()
    async with on_a_port(last) as end:
        beyond = reach(tmp_path, users_url=end)
        users = beyond.client(Users)
        relay = Relay(lambda: users.get_standing(uuid4()))
        async with listening(relay) as url:
            peers = reach(tmp_path, users_url=url)
            ours = peers.client(Users)

            outcomes = {await ask(ours) for _ in range(CALLS)}
            await peers.close()
        await beyond.close()

    assert outcomes == {"Unavailable"}
    assert relay.asked == CALLS
    assert CALLS < last.connections <= 1.1 * CALLS


async def test_what_may_not_be_done_twice_is_sent_once(tmp_path: Path) -> None:
    service = Mute()
    async with on_a_port(service) as url:
        peers = reach(tmp_path, users_url=url, peer_retry_share=1)

        with pytest.raises(Unreachable):
            await peers.client(Users).register(example(NewUser))
        await peers.close()

    assert service.connections == 1


async def test_a_hiccup_is_passed_over(tmp_path: Path) -> None:
    peer = Peer(Users.get_standing)
    async with listening(peer) as url:
        relayed = Hiccup(url)
        async with on_a_port(relayed) as odd:
            peers = reach(tmp_path, users_url=odd, peer_retry_share=1)

            outcomes = [await ask(peers.client(Users)) for _ in range(3)]
            await peers.close()

    assert outcomes == ["answered"] * 3
    assert peers.lines["users"].budget.repeated == 1


async def test_no_attempt_is_made_for_which_there_is_no_time(tmp_path: Path) -> None:
    service = Mute(is_silent=True)
    async with on_a_port(service) as url:
        peers = reach(tmp_path, users_url=url, peer_seconds=0.05, peer_retry_share=1)

        outcome = await ask(peers.client(Users))
        await peers.close()

    assert outcome == "Unreachable"
    assert service.connections == 1


async def test_a_service_that_sleeps_holds_up_no_other(tmp_path: Path) -> None:
    sleeper, awake = Mute(is_silent=True), Peer(Catalog.get_reservation)
    async with on_a_port(sleeper) as slow, listening(awake) as url:
        peers = reach(tmp_path, users_url=slow, catalog_url=url, peer_calls=5, peer_seconds=30)
        users, catalog = peers.lines["users"].bulkhead, peers.lines["catalog"].bulkhead
        async with asyncio.TaskGroup() as group:
            stuck = [group.create_task(ask(peers.client(Users))) for _ in range(200)]
            await until(lambda: users.in_use + users.waiting == 200 and sleeper.connections == 5)

            for _ in range(50):
                await peers.client(Catalog).get_reservation(uuid4())
            seen = (users.in_use, users.waiting, catalog.in_use, catalog.waiting, sleeper.connections)
            for task in stuck:
                task.cancel()
        await peers.close()

    assert seen == (5, 195, 0, 0, 5)
    assert len(awake.asked) == 50
    assert (users.in_use, users.waiting) == (0, 0)


async def test_whoever_waits_for_a_turn_waits_no_longer_than_his_deadline(tmp_path: Path) -> None:
    sleeper = Mute(is_silent=True)
    async with on_a_port(sleeper) as slow:
        peers = reach(tmp_path, users_url=slow, peer_calls=1, peer_seconds=30)
        async with asyncio.TaskGroup() as group:
            first = group.create_task(ask(peers.client(Users)))
            await until(lambda: sleeper.connections == 1)

            with context.hurry(0.05), pytest.raises(Unavailable, match="1 calls to users are under way, and none"):
                await peers.client(Users).get_standing(uuid4())
            first.cancel()
        await peers.close()

    assert peers.lines["users"].bulkhead.refused == 1
    assert sleeper.connections == 1


async def test_a_service_that_is_down_is_left_alone_and_found_again(tmp_path: Path) -> None:
    service, peer = Mute(), Peer(Users.get_standing)
    async with on_a_port(service) as url:
        peers = reach(tmp_path, users_url=url, peer_failing_calls=20, peer_retry_share=0, peer_rest_seconds=1)
        line = peers.lines["users"]
        down = [await ask(peers.client(Users)) for _ in range(20)]
        reached = service.connections
        cut_off = [await ask(peers.client(Users)) for _ in range(20)]
        left_alone = service.connections == reached
    async with listening(peer, int(url.rpartition(":")[2])):
        await until_answered(peers.client(Users))
        await peers.close()

    assert down == ["Unreachable"] * 20
    assert cut_off == ["LeftAlone"] * 20
    assert left_alone
    assert line.breaker.refused >= 20
    assert (line.breaker.state, line.bulkhead.in_use) == (State.CLOSED, 0)


async def test_an_issuer_that_is_down_is_not_held_against_the_others(tmp_path: Path) -> None:
    peer = Peer(Catalog.get_reservation)
    async with listening(peer) as url:
        where = settings(tmp_path, users_url="http://127.0.0.1:1", catalog_url=url, peer_failing_calls=1)
        peers = Peers.over_http(where)
        for _ in range(5):
            with pytest.raises(Unavailable, match="No token for catalog"):
                await peers.client(Catalog).get_reservation(uuid4())
        await peers.close()

    assert peers.lines["users"].breaker.state is State.OPEN
    assert peers.lines["catalog"].breaker.state is State.CLOSED
    assert peers.lines["catalog"].budget.calls == 0


async def test_a_token_is_waited_for_no_longer_than_the_deadline(tmp_path: Path) -> None:
    sleeper = Mute(is_silent=True)
    async with on_a_port(sleeper) as slow:
        peers = Peers.over_http(settings(tmp_path, users_url=slow, peer_seconds=30))

        with context.hurry(0.05), pytest.raises(Unavailable, match="No token for catalog could be had in time"):
            await peers.client(Catalog).get_reservation(uuid4())
        await peers.close()


async def test_a_peer_hears_how_long_we_wait_even_when_our_own_caller_has_not_said(tmp_path: Path) -> None:
    peer = Peer(Identity.get_keys)
    async with listening(peer) as url:
        peers = reach(tmp_path, users_url=url, peer_seconds=2)

        await peers.client(Identity).get_keys()
        with context.hurry(1):
            await peers.client(Identity).get_keys()
        await peers.close()

    patient, hasty = (int(headers["x-deadline-ms"]) for _, headers, _ in peer.asked)
    assert hasty <= 1000 < patient <= 2000


async def until_answered(users: Users) -> None:
    async with asyncio.timeout(30):
        while await ask(users) != "answered":  # noqa: ASYNC110 (whether it is back is seen by asking only)
            await asyncio.sleep(0.02)


async def outcomes(metrics: Metrics) -> dict[str, int]:
    """Count the calls by what came of them."""
    text = (await metrics.show())[0].decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    counted = "http_client_request_duration_seconds_count"
    return {sample.labels["outcome"]: int(sample.value) for sample in samples if sample.name == counted}


async def test_calls_are_measured_by_what_came_of_them(tmp_path: Path) -> None:
    metrics = Metrics()
    service, silent, peer = Mute(), Mute(is_silent=True), Peer(Users.get_standing)
    hasty = {"peer_seconds": 0.05, "peer_failing_calls": NEVER}
    async with on_a_port(service) as down, on_a_port(silent) as slow, listening(peer) as url:
        for where in ({"users_url": down}, {"users_url": slow} | hasty, {"users_url": url}):
            peers = Peers.over_http(settings(tmp_path, **({"peer_retry_share": 0} | where)), sign, metrics)
            await ask(peers.client(Users))
            await peers.close()

    assert await outcomes(metrics) == {"unreachable": 1, "timeout": 1, "200": 1}


async def test_refusals_and_nonsense_of_a_peer_are_told_apart_in_what_is_measured(tmp_path: Path) -> None:
    metrics = Metrics()

    async def refuse(scope: Any, receive: Any, send: Any) -> None:
        status = {"/v2/users": 404, "/.well-known/jwks.json": 200}.get(scope["path"], 503)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})

    async with listening(refuse) as url:
        peers = Peers.over_http(settings(tmp_path, users_url=url), sign, metrics)
        for call in (lambda: peers.client(Users).get_standing(uuid4()), peers.client(Identity).get_keys):
            with pytest.raises(NoAnswer):
                await call()
        await peers.close()

    assert await outcomes(metrics) == {"503": 1, "200": 1}


async def test_calls_that_are_not_made_say_why_in_what_is_measured(tmp_path: Path) -> None:
    metrics = Metrics()
    sleeper = Mute(is_silent=True)
    async with on_a_port(sleeper) as slow:
        terms = settings(tmp_path, users_url=slow, peer_calls=1, peer_failing_calls=1, peer_rest_seconds=60)
        peers = Peers.over_http(terms, sign, metrics)
        async with asyncio.TaskGroup() as group:
            first = group.create_task(ask(peers.client(Users)))
            await until(lambda: sleeper.connections == 1)
            with context.hurry(0.05):
                await ask(peers.client(Users))
            first.cancel()
        with context.hurry(0.05):
            await ask(peers.client(Users))
        await ask(peers.client(Users))
        text = (await metrics.show())[0].decode()
        await peers.close()

    assert await outcomes(metrics) == {"cancelled": 1, "no_turn": 1, "timeout": 1, "refused_by_breaker": 1}
    assert 'concord_peer_breaker_state{peer="users",state="open"} 1.0' in text
    assert 'concord_peer_breaker_state{peer="users",state="closed"} 0.0' in text


async def test_attempts_that_are_made_again_are_counted(tmp_path: Path) -> None:
    metrics = Metrics()
    peer = Peer(Users.get_standing)
    async with listening(peer) as url, on_a_port(Hiccup(url)) as odd:
        peers = Peers.over_http(settings(tmp_path, users_url=odd, peer_retry_share=1), sign, metrics)
        await ask(peers.client(Users))
        await peers.close()

    assert 'concord_peer_retries_total{peer="users"} 1.0' in (await metrics.show())[0].decode()


async def test_a_mistake_of_our_own_in_a_call_is_measured_as_a_failure() -> None:
    metrics = Metrics()

    class Broken:
        async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Line("users", Broken(), Terms(), metrics).send(Users.get_standing, {})

    assert await outcomes(metrics) == {"failed": 1}


async def test_a_refusal_that_is_declared_is_measured_by_its_status() -> None:
    metrics = Metrics()

    class Refusing:
        async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
            raise UserNotFound("nobody")

    with pytest.raises(UserNotFound):
        await Line("users", Refusing(), Terms(), metrics).send(Users.get_standing, {})

    assert await outcomes(metrics) == {"404": 1}
