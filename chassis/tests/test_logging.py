"""Log lines: one form for us and for libraries, with the request they belong to and without secrets."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import Enum
from uuid import UUID

import pytest
import structlog
from chassis.context import begin
from chassis.logging import configure
from chassis.outlet import OUTLET
from chassis.redaction import explain, redact, scrub
from chassis.traces import Trace

CANARY = "canary-5ec2e7"
Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def leave_logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers, root.level)
    yield
    structlog.reset_defaults()
    root.handlers, root.level = before


def lines(output: Output) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.readouterr().out.splitlines()]


def test_an_event_is_one_line_of_json(capsys: Output) -> None:
    configure("info", "json", "users")

    structlog.get_logger().info("account_closed", status=204, reason="two\nlines")

    (line,) = lines(capsys)
    assert list(line)[:4] == ["timestamp", "level", "service", "event"]
    assert (line["level"], line["service"], line["event"]) == ("info", "users", "account_closed")
    assert (line["status"], line["reason"]) == (204, "two\nlines")
    assert str(line["timestamp"]).endswith("Z")


def test_what_json_cannot_say_is_said_all_the_same(capsys: Output) -> None:
    configure("info", "json", "users")

    structlog.get_logger().info("seen", reason="half of a pair: \ud83d")
    structlog.get_logger().info("seen", duration_ms=float("nan"))

    pair, number = lines(capsys)
    assert (pair["reason"], number["duration_ms"]) == ("half of a pair: \ud83d", "NaN")


def test_a_line_names_the_request_that_it_belongs_to(capsys: Output) -> None:
    configure("info", "json", "users")

    with begin("Users.get_user") as context:
        context.principal, context.client_id = "ada", "shop"
        structlog.get_logger().info("seen")

    (line,) = lines(capsys)
    assert (line["request_id"], line["trace_id"]) == (context.request_id, context.trace.trace_id)
    assert line["span_id"] == context.trace.span_id
    assert (line["operation"], line["principal"], line["client_id"]) == ("Users.get_user", "ada", "shop")


def test_a_line_names_the_span_that_called_so_that_calls_between_services_can_be_told(capsys: Output) -> None:
    configure("info", "json", "users")

    with begin("Users.get_user") as context:
        context.trace = Trace.proceed(["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"])
        structlog.get_logger().info("seen")

    (line,) = lines(capsys)
    assert line["parent_id"] == "00f067aa0ba902b7"


def test_lines_below_the_level_are_left_out(capsys: Output) -> None:
    configure("warning", "json", "users")

    structlog.get_logger().info("hidden")
    logging.getLogger("library").info("hidden")
    structlog.get_logger().warning("seen")

    assert [line["event"] for line in lines(capsys)] == ["seen"]


@pytest.mark.parametrize("name", ["uvicorn.error", "alembic.runtime.migration", "root"])
def test_lines_of_libraries_take_the_same_form(name: str, capsys: Output) -> None:
    configure("info", "json", "users")

    logging.getLogger(name).info("Started server process [%d]", 17)

    (line,) = lines(capsys)
    assert (line["event"], line["logger"]) == ("Started server process [17]", name)
    assert (line["level"], line["service"]) == ("info", "users")


def test_http_clients_do_not_log_their_urls(capsys: Output) -> None:
    configure("debug", "json", "users")

    logging.getLogger("httpx").info("HTTP Request: GET http://users/?q=%s", CANARY)

    assert lines(capsys) == []


def test_in_a_terminal_lines_are_for_people(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    configure("info", "auto", "users")

    structlog.get_logger().info("account_closed", status=204)

    printed = capsys.readouterr().out
    assert "account_closed" in printed
    assert not printed.startswith("{")


def test_elsewhere_lines_are_for_machines(capsys: Output) -> None:
    configure("info", "auto", "users")

    structlog.get_logger().info("account_closed")

    assert lines(capsys)[0]["event"] == "account_closed"


def test_people_can_ask_for_their_form_in_a_pipe(capsys: Output) -> None:
    configure("info", "pretty", "users")

    structlog.get_logger().info("account_closed")

    assert "\x1b[" not in capsys.readouterr().out


def fail(argument: str) -> None:
    local = argument
    raise ValueError(f"cannot take {local}")


@pytest.mark.parametrize("form", ["json", "pretty"])
def test_a_failure_shows_where_but_no_values(form: str, capsys: Output) -> None:
    configure("info", "json" if form == "json" else "pretty", "users")

    try:
        fail(CANARY)
    except ValueError:
        structlog.get_logger().exception("failed")
        logging.getLogger("library").exception("failed")

    printed = capsys.readouterr().out
    assert printed.count("in fail") == 2
    assert printed.count("ValueError: (message withheld)") == 2
    assert CANARY not in printed


def test_a_failure_can_be_handed_over(capsys: Output) -> None:
    configure("info", "json", "users", reveal=True)

    structlog.get_logger().error("failed", exc_info=KeyError("sku"))

    (line,) = lines(capsys)
    assert (line["error"], line["exception"]) == ("KeyError", "builtins.KeyError: 'sku'")


def test_a_failure_that_cannot_say_what_it_is_is_told_all_the_same(capsys: Output) -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise ZeroDivisionError

    configure("info", "json", "users", reveal=True)

    structlog.get_logger().error("broken", exc_info=Mute())

    (line,) = lines(capsys)
    assert line["error"] == "Mute"
    assert str(line["exception"]).endswith("Mute: (message cannot be read)")


def test_a_long_text_of_others_is_read_once(capsys: Output) -> None:
    configure("info", "json", "users")

    structlog.get_logger().info("seen", reason="." * 1_000_000 + f" {CANARY}@example.com")

    (line,) = lines(capsys)
    assert str(line["reason"]).endswith(". ***")


def test_no_failure_is_no_failure(capsys: Output) -> None:
    configure("info", "json", "users")

    structlog.get_logger().error("failed", exc_info=True)

    assert "exception" not in lines(capsys)[0]


def test_all_causes_of_a_failure_are_told_once() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__ = second
    second.__context__ = first
    group = ExceptionGroup("both", [first, TypeError("third")])

    told = explain(group, reveal=True).splitlines()

    assert told == [
        "builtins.ExceptionGroup: both (2 sub-exceptions)",
        "builtins.ValueError: second",
        "which led to:",
        "builtins.ValueError: first",
        "builtins.TypeError: third",
    ]


def test_a_cause_that_was_set_aside_is_not_told() -> None:
    error = ValueError("first")
    error.__context__ = TypeError("aside")
    error.__suppress_context__ = True

    assert explain(error, reveal=True) == "builtins.ValueError: first"


class Colour(Enum):
    """A value of our own code."""

    RED = "red"


def test_only_plain_values_stand_under_unknown_names() -> None:
    moment = datetime(2026, 11, 21, tzinfo=UTC)
    some_id = UUID(int=7)

    shown = redact({"a": 1, "b": 0.5, "c": True, "d": None, "e": some_id, "f": moment, "g": Colour.RED})

    assert shown == {
        "a": 1,
        "b": 0.5,
        "c": True,
        "d": None,
        "e": str(some_id),
        "f": "2026-11-21 00:00:00+00:00",
        "g": "Colour.RED",
    }


@pytest.mark.parametrize("value", [CANARY, [CANARY], {"a": CANARY}, CANARY.encode(), object()])
def test_anything_else_under_an_unknown_name_is_masked(value: object) -> None:
    assert redact({"note": value}) == {"note": "***"}


@pytest.mark.parametrize(
    "name", ["password", "client_secret", "access_token", "Authorization", "cookie", "api_key", "PASSWD"]
)
def test_names_of_secrets_are_masked_whatever_they_hold(name: str) -> None:
    assert redact({name: 1234}) == {name: "***"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Uvicorn running on http://127.0.0.1:8001 (Press CTRL+C to quit)", None),
        ("Running upgrade 0001 -> 0002, add orders", None),
        ("GET /v2/users?email=ada HTTP/1.1", "GET /v2/users?*** HTTP/1.1"),
        ("connect to postgresql://ada:pw@db:5432/users", "connect to postgresql://***@db:5432/users"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("got eyJhbGciOi.eyJpc3Mi.c2ln now", "got *** now"),
        ("password=hunter2 is wrong", "password=*** is wrong"),
        ("mail to ada@example.com bounced", "mail to *** bounced"),
    ],
)
def test_text_of_others_loses_what_looks_like_a_secret(text: str, shown: str | None) -> None:
    assert scrub(text) == (shown or text)


def test_text_of_libraries_is_scrubbed_in_a_line(capsys: Output) -> None:
    configure("info", "json", "users")

    logging.getLogger("library").warning("cannot reach %s", f"http://ada:{CANARY}@db/")

    assert CANARY not in capsys.readouterr().out


def test_an_error_is_written_at_once_with_all_before_it(capsys: Output) -> None:
    configure("info", "json", "users")

    with OUTLET.behind():
        structlog.get_logger().info("before")
        structlog.get_logger().error("fatal")
        seen = [line["event"] for line in lines(capsys)]

    assert seen == ["before", "fatal"]
