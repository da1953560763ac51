"""Reports of errors, as a Sentry gets them over HTTP: where the error came from, and nothing that a caller sent."""

import asyncio
import json
import logging
import sys
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import httpx
import pytest
import structlog
from chassis.context import begin
from chassis.logging import configure
from chassis.loops import Loop
from chassis.settings import InvalidSettings, ServiceSettings
from chassis.telemetry.losses import Losses
from chassis.telemetry.reports import reporting
from chassis.telemetry.sentry import SentryReports
from chassis.testing import Issuer, running
from chassis.testing_telemetry import SentryServer, listening

from .toyshop import Shelf, build, settings

pytestmark = pytest.mark.anyio

CANARY = "canary-5ec2e7"
NEVER = 1e6
UNREACHABLE = "http://key@127.0.0.1:9/1"
Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def leave_logging_as_it_was() -> Generator[None]:
    root = logging.getLogger()
    before = (root.handlers, root.level)
    yield
    structlog.reset_defaults()
    root.handlers, root.level = before


@pytest.fixture
def sentry() -> Generator[SentryServer]:
    sentry = SentryServer()
    with listening(sentry):
        yield sentry


def told(folder: Path, dsn: str, **changes: object) -> ServiceSettings:
    return settings(folder, sentry_dsn=dsn, **changes)


@pytest.fixture
async def toys(tmp_path: Path, toy_schema: str, sentry: SentryServer) -> AsyncGenerator[httpx.AsyncClient]:
    """A toy shop that reports what it logs, until the end of the block."""
    ours = told(tmp_path, sentry.dsn)
    with reporting(ours, "toys") as report:
        configure("info", "json", "toys", reveal=False, report=report)
        async with running(build(ours, Issuer(ours), Shelf(), toy_schema)) as app:
            inside = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=inside, base_url="http://toys") as http:
                yield http


async def test_an_error_is_reported_by_operation_and_trace(toys: httpx.AsyncClient, sentry: SentryServer) -> None:
    answer = await toys.get("/v2/toys/bug")

    sentry.wait_for(lambda: sentry.events)
    (event,) = sentry.events
    assert (event["level"], event["transaction"], event["tags"]["event"]) == ("error", "get_toy", "unhandled_error")
    assert event["fingerprint"] == ["{{ default }}", "get_toy"]
    assert event["contexts"]["trace"]["trace_id"] == answer.headers["traceparent"].split("-")[1]
    assert (event["release"], event["environment"]) == ("concord-toys@unknown", "test")
    (error,) = event["exception"]["values"]
    assert error["type"] == "ZeroDivisionError"
    assert error["stacktrace"]["frames"][-1]["function"] == "get_toy"


async def test_nothing_that_a_caller_sent_is_reported(toys: httpx.AsyncClient, sentry: SentryServer) -> None:
    headers = {"authorization": f"Bearer {CANARY}", "cookie": CANARY, "x-api-key": CANARY, "user-agent": CANARY}

    await toys.get(f"/v2/toys/bug?token={CANARY}", headers=headers)
    await toys.get(f"/v2/toys/undeclared?{CANARY}", headers=headers)
    sentry.wait_for(lambda: len(sentry.events) == 2)

    assert CANARY not in sentry.text
    assert not any({"request", "user", "breadcrumbs", "extra"} & event.keys() for event in sentry.events)
    frames = [
        frame
        for event in sentry.events
        for error in event["exception"]["values"]
        for frame in error["stacktrace"]["frames"]
    ]
    assert not any("vars" in frame for frame in frames)


@pytest.mark.parametrize(("env", "shown"), [("test", "of Bearer ***"), ("production", "(message withheld)")])
def test_what_an_error_says_is_withheld_in_production_and_never_shows_secrets(
    tmp_path: Path, sentry: SentryServer, env: str, shown: str
) -> None:
    secrets = dict.fromkeys(("client_secret", "cursor_secret"), "a secret of our own")

    with reporting(told(tmp_path, sentry.dsn, env=env, **secrets), "toys") as report:
        configure("info", "json", "toys", report=report)
        try:
            raise ValueError(f"of Bearer {CANARY}")
        except ValueError:
            structlog.get_logger().exception("broken")

    (event,) = sentry.events
    assert event["exception"]["values"][0]["value"] == shown
    assert event["tags"] == {"service": "toys", "event": "broken"}
    assert event["fingerprint"] == ["{{ default }}", "broken"]
    assert CANARY not in sentry.text


def test_errors_that_libraries_log_are_reported_too(tmp_path: Path, sentry: SentryServer) -> None:
    with reporting(told(tmp_path, sentry.dsn), "toys") as report:
        configure("info", "json", "toys", report=report)
        with begin("recover"):
            try:
                raise ValueError
            except ValueError:
                logging.getLogger("library").exception("broken")

    (event,) = sentry.events
    assert event["tags"]["operation"] == "recover"


@pytest.mark.parametrize("words", [f"cannot serve {CANARY}", ""])
def test_of_an_error_that_a_library_logs_its_own_words_are_not_reported(
    tmp_path: Path, sentry: SentryServer, words: str
) -> None:
    with reporting(told(tmp_path, sentry.dsn), "toys") as report:
        configure("info", "json", "toys", report=report)
        logging.getLogger("library").error(words, exc_info=ValueError())

    (event,) = sentry.events
    assert (event["transaction"], event["tags"]) == ("library", {"service": "toys", "logger": "library"})
    assert CANARY not in sentry.text


def test_lines_that_tell_of_no_error_are_not_reported(tmp_path: Path, sentry: SentryServer) -> None:
    with reporting(told(tmp_path, sentry.dsn), "toys") as report:
        configure("info", "json", "toys", report=report)
        structlog.get_logger().error("order_parked")
        structlog.get_logger().warning("peer_left_alone", exc_info=ValueError())

    assert sentry.bodies == []


async def test_a_run_of_a_loop_that_fails_is_reported(tmp_path: Path, sentry: SentryServer) -> None:
    failed = asyncio.Event()

    async def run() -> None:
        failed.set()
        raise ValueError

    with reporting(told(tmp_path, sentry.dsn), "toys") as report:
        configure("info", "json", "toys", report=report)
        async with Loop("tidy_up", NEVER, run):
            await failed.wait()

    assert [event["transaction"] for event in sentry.events] == ["tidy_up"]


@pytest.mark.parametrize("status", [None, 400, 500])
def test_reports_that_nobody_takes_are_counted_and_told_once(
    tmp_path: Path, sentry: SentryServer, capsys: Output, status: int | None
) -> None:
    sentry.status = status or 200
    dsn = UNREACHABLE if status is None else sentry.dsn

    with reporting(told(tmp_path, dsn), "toys") as report:
        configure("info", "json", "toys", report=report)
        for _ in range(3):
            structlog.get_logger().error("broken", exc_info=ValueError())

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"] for line in lines].count("telemetry_dropped") == 1
    assert {line["event"] for line in lines} == {"broken", "telemetry_dropped"}


def test_errors_that_come_in_a_flood_are_reported_in_part(sentry: SentryServer, capsys: Output) -> None:
    configure("info", "json", "toys")
    now = 0.0
    losses = Losses("errors")
    reports = SentryReports(
        sentry.dsn, release="toys", environment="test", reveal=False, losses=losses, clock=lambda: now
    )

    for _ in range(300):
        reports.send(ValueError(), {"event": "flood"})
    now = 1.0
    reports.send(ValueError(), {"event": "later"})
    reports.close()

    (line,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["tags"]["event"] for event in sentry.events] == ["flood"] * 10 + ["later"]
    assert "more than 10 errors a second" in line["reason"]


def test_without_a_sentry_nothing_is_reported(tmp_path: Path) -> None:
    with reporting(settings(tmp_path), "toys") as report:
        assert report is None


@pytest.mark.parametrize("dsn", ["nonsense", "http://127.0.0.1/1", "ftp://canary-5ec2e7@sentry/1"])
def test_what_is_no_dsn_is_refused_without_repeating_it(tmp_path: Path, dsn: str) -> None:
    opening = reporting(told(tmp_path, dsn), "toys")

    with pytest.raises(InvalidSettings, match="CONCORD_SENTRY_DSN should be a DSN") as refused:
        opening.__enter__()

    assert CANARY not in str(refused.value)


def test_a_sentry_without_its_client_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "chassis.telemetry.sentry")
    monkeypatch.setitem(sys.modules, "sentry_sdk.transport", None)

    opening = reporting(told(tmp_path, UNREACHABLE), "toys")

    with pytest.raises(InvalidSettings, match=r"CONCORD_SENTRY_DSN .* install concord-chassis\[sentry\]"):
        opening.__enter__()
