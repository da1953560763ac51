"""Metrics: what is declared is shown from the start, figures add up, and Prometheus can read them."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Sequence
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from uuid import UUID, uuid4

import httpx
import pytest
from chassis.database import Database
from chassis.invariants import Invariant, Invariants
from chassis.loops import Loop
from chassis.telemetry.instruments import Label, counter, gauge, histogram
from chassis.telemetry.metrics import Metrics
from chassis.telemetry.process import count_line, tell_of_lines
from chassis.telemetry.serving import RequestFigures
from chassis.telemetry.working import LagWatch
from chassis.testing import Issuer, figures, running
from contracts.errors import Unavailable
from prometheus_client import CollectorRegistry
from prometheus_client import Counter as LibraryCounter
from prometheus_client.parser import text_string_to_metric_families as read_text
from sqlalchemy import text
from structlog.testing import capture_logs

from .toyshop import Shelf, build, settings

pytestmark = pytest.mark.anyio

COLOUR = Label("colour", "what it looks like")
TOYS = counter("toys_total", "Toys that were made.", COLOUR)
BEARS = counter("bears_total", "Bears that were made.", COLOUR.of("brown", "white"))
LEFT = gauge("toys_left", "Toys that are left.", COLOUR)
PAINTING = histogram("toy_painting_seconds", "How long painting took.", COLOUR, buckets=(1, 5))

OPEN_METRICS = "application/openmetrics-text; version=1.0.0"
DURATION = "http_server_request_duration_seconds"


def samples(text: str) -> dict[str, float]:
    """Read Prometheus' text as a person would write it: `name{label="value"}`."""
    found = [sample for family in read_text(text) for sample in family.samples]
    return {f"{sample.name}{sorted(sample.labels.values())}": sample.value for sample in found}


async def shown(metrics: Metrics) -> dict[str, float]:
    return samples((await metrics.show())[0].decode())


async def test_a_count_grows_for_each_set_of_labels_by_itself() -> None:
    metrics = Metrics()
    toys = metrics.count(TOYS)

    toys.add("red")
    toys.add("red", by=2)
    toys.add("blue")

    assert await shown(metrics) == {"toys_total['red']": 3, "toys_total['blue']": 1}


async def test_whoever_asks_for_the_figures_of_an_instrument_gets_the_same_ones() -> None:
    metrics = Metrics()

    metrics.count(TOYS).add("red")
    metrics.count(TOYS).add("red")

    assert await shown(metrics) == {"toys_total['red']": 2}


async def test_two_applications_in_one_process_count_for_themselves() -> None:
    one, other = Metrics(TOYS), Metrics(TOYS)

    one.count(TOYS).add("red")

    assert await shown(other) == {}


async def test_what_is_declared_is_shown_from_the_start_where_its_labels_are_known() -> None:
    metrics = Metrics(TOYS, BEARS)

    content, _ = await metrics.show()

    assert samples(content.decode()) == {"bears_total['brown']": 0, "bears_total['white']": 0}
    assert "# TYPE toys_total counter" in content.decode()


async def test_a_level_is_set_and_forgotten() -> None:
    metrics = Metrics()
    left = metrics.level(LEFT)

    left.set(3, "red")
    before = await shown(metrics)
    left.clear()

    assert before == {"toys_left['red']": 3}
    assert await shown(metrics) == {}


async def test_a_duration_is_counted_in_its_bucket_and_in_those_above() -> None:
    metrics = Metrics()
    painting = metrics.distribution(PAINTING)

    for seconds in (1, 1.5, 60):
        painting.observe(seconds, "red")

    assert await shown(metrics) == {
        "toy_painting_seconds_bucket['1.0', 'red']": 1,
        "toy_painting_seconds_bucket['5.0', 'red']": 2,
        "toy_painting_seconds_bucket['+Inf', 'red']": 3,
        "toy_painting_seconds_count['red']": 3,
        "toy_painting_seconds_sum['red']": 62.5,
    }


async def test_what_nobody_keeps_up_to_date_is_looked_up_when_it_is_asked_for() -> None:
    metrics = Metrics()

    async def count_toys() -> None:
        metrics.level(LEFT).add("red")

    metrics.look(count_toys)
    metrics.look(lambda: metrics.level(LEFT).add("blue"))
    await metrics.show()

    assert await shown(metrics) == {"toys_left['red']": 2, "toys_left['blue']": 2}


async def test_figures_are_looked_up_together_so_that_the_slow_ones_do_not_add_up() -> None:
    metrics = Metrics()
    together = asyncio.Barrier(2)

    async def look() -> None:
        await together.wait()

    metrics.look(look)
    metrics.look(look)

    async with asyncio.timeout(10):
        await metrics.show()


async def test_a_figure_that_cannot_be_looked_up_hides_no_other() -> None:
    metrics = Metrics()

    def trip() -> None:
        raise ZeroDivisionError

    metrics.look(trip)
    metrics.look(lambda: metrics.level(LEFT).set(1, "blue"))
    with capture_logs() as lines:
        found = await shown(metrics)

    assert found == {"toys_left['blue']": 1}
    assert [line["event"] for line in lines] == ["figure_not_found"]


async def test_what_a_library_collects_is_shown_too() -> None:
    metrics = Metrics()
    theirs = LibraryCounter("theirs", "What somebody else counts.", registry=CollectorRegistry())
    theirs.inc()

    metrics.also(theirs)

    assert (await shown(metrics))["theirs_total[]"] == 1


async def test_labels_that_were_not_declared_are_refused() -> None:
    metrics = Metrics()

    with pytest.raises(TypeError, match=r"toys_total wants colour, and was given \('red', 'small'\)"):
        metrics.count(TOYS).add("red", "small")
    with pytest.raises(TypeError, match=r"toy_painting_seconds wants colour, and was given \(\)"):
        metrics.distribution(PAINTING).observe(1)


async def test_the_figures_of_another_kind_are_refused() -> None:
    metrics = Metrics(TOYS)

    with pytest.raises(TypeError, match="toys_total is a counter; ask for the figures of one"):
        metrics.distribution(TOYS)


@pytest.fixture
async def http(tmp_path: Path, toy_schema: str) -> AsyncIterator[httpx.AsyncClient]:
    """Reach the toy shop; the operations port answers as the host `operations`."""
    app = build(settings(tmp_path), Issuer(settings(tmp_path)), Shelf(), toy_schema)
    async with (
        running(app),
        httpx.AsyncClient(
            base_url="http://toys",
            mounts={
                "http://toys": httpx.ASGITransport(app, raise_app_exceptions=False),
                "http://operations": httpx.ASGITransport(app.state.operations),
            },
        ) as http,
    ):
        yield http


async def test_requests_are_measured_by_operation_and_never_by_path(http: httpx.AsyncClient) -> None:
    for path in ("/v2/toys/bear", "/v2/toys/nobody", "/v2/toys/bug", "/v1/toys/bear", "/nowhere/at/all", "/livez"):
        await http.get(path)
    await http.request("BREW", "/v2/toys/bear")

    said = (await http.get("http://operations/metrics")).text

    found = [sample for family in read_text(said) for sample in family.samples if sample.name == f"{DURATION}_count"]
    names = ("operation", "http_request_method", "http_route", "http_response_status_code")
    assert sorted((*(sample.labels[name] for name in names), sample.value) for sample in found) == [
        ("catalog.v1.get_toy", "GET", "/v1/toys/{name}", "200", 1),
        ("catalog.v2.get_toy", "GET", "/v2/toys/{name}", "200", 1),
        ("catalog.v2.get_toy", "GET", "/v2/toys/{name}", "404", 1),
        ("catalog.v2.get_toy", "GET", "/v2/toys/{name}", "500", 1),
        ("none", "GET", "/livez", "200", 1),
        ("none", "GET", "none", "404", 1),
        ("none", "_OTHER", "/v2/toys/{name}", "405", 1),
    ]
    assert "http_server_active_requests 0.0" in said


async def test_prometheus_may_ask_for_open_metrics(http: httpx.AsyncClient) -> None:
    await http.get("/v2/toys/bear")

    answer = await http.get("http://operations/metrics", headers={"accept": OPEN_METRICS})

    assert answer.headers["content-type"].startswith(OPEN_METRICS)
    assert f"# UNIT {DURATION} seconds" in answer.text
    assert answer.text.endswith("# EOF\n")


async def test_metrics_are_not_public(http: httpx.AsyncClient) -> None:
    assert (await http.get("/metrics")).status_code == 404


async def test_versions_that_retire_are_counted_for_each_client_that_is_known() -> None:
    metrics = Metrics()
    requests = RequestFigures(metrics, {"toys.v1.get_toy": "toys.v1"}, ("orders",))

    for client in ("orders", "somebody", "somebody-else", None):
        for operation in ("toys.v1.get_toy", "toys.v2.get_toy", None):
            requests.begin()
            requests.end(0.1, operation, "GET", None, 200, client)

    found = await shown(metrics)
    counted = {name: value for name, value in found.items() if name.startswith("concord_deprecated")}
    assert counted == {
        "concord_deprecated_requests_total['orders', 'toys.v1']": 1,
        "concord_deprecated_requests_total['other', 'toys.v1']": 2,
        "concord_deprecated_requests_total['anonymous', 'toys.v1']": 1,
    }


async def test_requests_to_a_version_that_retires_are_counted(http: httpx.AsyncClient) -> None:
    for path in ("/v1/toys/bear", "/v2/toys/bear"):
        await http.get(path)

    said = (await http.get("http://operations/metrics")).text

    assert 'concord_deprecated_requests_total{api="catalog.v1",client="anonymous"} 1.0' in said


async def test_refusals_by_rate_limits_are_counted_by_operation(http: httpx.AsyncClient) -> None:
    for _ in range(3):
        await http.put("/v2/toys/bear", json={"name": "Bear", "left": 1})

    said = (await http.get("http://operations/metrics")).text

    assert 'concord_rate_limit_refusals_total{operation="catalog.v2.change_toy"} 1.0' in said


async def test_a_service_says_which_build_it_is_and_whether_it_is_ready(tmp_path: Path, toy_schema: str) -> None:
    app = build(settings(tmp_path, commit="c0ffee"), Issuer(settings(tmp_path)), Shelf(), toy_schema)

    before = await figures(app, "concord_ready")
    async with running(app):
        during = await figures(app, "concord_ready")
        build_info = await figures(app, "concord_build_info")
    after = await figures(app, "concord_ready")

    assert (before, during, after) == ({(): 0}, {(): 1}, {(): 0})
    assert build_info == {tuple(sorted(("c0ffee", version("concord-catalog"), python_version()))): 1}


async def test_units_of_work_are_measured_while_they_wait_and_while_they_run(database_url: str) -> None:
    metrics = Metrics()
    database = Database.open(database_url, metrics=metrics)

    await database.read(lambda tx: tx.execute(text("SELECT 1")))
    await database.glance(lambda tx: tx.execute(text("SELECT 1")).one())
    with pytest.raises(ZeroDivisionError):
        await database.write(lambda tx: 1 / 0)
    found = await shown(metrics)
    await database.close()

    assert found["concord_database_unit_wait_seconds_count['read']"] == 2
    assert found["concord_database_unit_wait_seconds_count['write']"] == 1
    assert found["concord_database_unit_run_seconds_count['done', 'read']"] == 2
    assert found["concord_database_unit_run_seconds_count['failed', 'write']"] == 1
    assert found["concord_database_connections['used']"] == 0
    assert found["concord_database_connections['idle']"] >= 1


async def test_a_unit_that_never_began_has_waited_and_did_not_run(tmp_path: Path) -> None:
    metrics = Metrics()
    database = Database.open("postgresql://nobody:nothing@127.0.0.1:1/nowhere", metrics=metrics)

    with pytest.raises(Unavailable):
        await database.ping()
    found = await shown(metrics)
    await database.close()

    assert found["concord_database_unit_wait_seconds_count['read']"] == 1
    assert found["concord_database_unit_run_seconds_count['failed', 'read']"] == 0


async def test_runs_in_the_background_are_counted_by_how_they_ended() -> None:
    metrics = Metrics()
    done = asyncio.Event()

    async def work() -> None:
        if done.is_set():
            raise ZeroDivisionError
        done.set()

    loop = Loop("work", 3600, work)
    loop.measure(metrics)
    async with loop, asyncio.timeout(20):
        await done.wait()
        loop.wake()
        while (await shown(metrics))["concord_loop_runs_total['failed', 'work']"] == 0:  # noqa: ASYNC110 (counters tell nobody)
            await asyncio.sleep(0.005)

    found = await shown(metrics)
    assert found["concord_loop_runs_total['done', 'work']"] == 1
    assert found["concord_loop_run_duration_seconds_count['work']"] >= 2


async def lags(metrics: Metrics, count: int) -> dict[str, float]:
    """Wait until the event loop was looked at so often."""
    async with asyncio.timeout(20):
        while (found := await shown(metrics))["concord_event_loop_lag_seconds_count[]"] < count:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    return found


async def test_a_loop_that_is_held_up_is_seen_to_lag() -> None:
    metrics = Metrics()

    with LagWatch(metrics):
        before = await lags(metrics, 1)
        time.sleep(0.3)  # noqa: ASYNC251 (this is what is to be seen)
        after = await lags(metrics, int(before["concord_event_loop_lag_seconds_count[]"]) + 1)

    late, all_in_time = "concord_event_loop_lag_seconds_sum[]", "concord_event_loop_lag_seconds_bucket['+Inf']"
    assert after[late] - before[late] > 0.1
    assert after[all_in_time] > before[all_in_time]


async def test_looks_at_invariants_are_counted_by_what_they_found() -> None:
    metrics = Metrics()
    answers = iter([[], [uuid4(), uuid4()]])

    async def find() -> Sequence[UUID]:
        answer = next(answers, None)
        if answer is None:
            raise Unavailable("nobody answers")
        return answer

    invariants = Invariants(Invariant("sums_add_up", find), metrics=metrics)
    before = await shown(metrics)
    for _ in range(3):
        await invariants.report()

    found = await shown(metrics)
    assert before["concord_invariant_violations_total['sums_add_up']"] == 0
    assert found["concord_invariant_violations_total['sums_add_up']"] == 2
    for outcome in ("held", "violated", "unknown"):
        assert found[f"concord_invariant_checks_total{sorted((outcome, 'sums_add_up'))}"] == 1


async def test_lines_that_are_logged_are_counted_by_their_level() -> None:
    metrics = Metrics()
    tell_of_lines(metrics)
    before = await shown(metrics)

    count_line(None, "warning", {"level": "warning"})

    assert (await shown(metrics))["concord_log_lines_total['warning']"] == before[
        "concord_log_lines_total['warning']"
    ] + 1


async def test_a_glance_is_measured_and_stays_where_it_is(tmp_path: Path) -> None:
    metrics = Metrics()
    database = Database.open(f"sqlite:///{tmp_path}/toys.db", metrics=metrics)
    await database.glance(lambda tx: tx.execute(text("SELECT 1")))  # which opens the file

    where = await database.glance(lambda tx: threading.current_thread())
    found = await shown(metrics)
    await database.close()

    assert where is threading.current_thread()
    assert found["concord_database_unit_run_seconds_count['done', 'read']"] == 2
