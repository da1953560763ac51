"""The command line of a service: help with its settings, chores, documents, and plain refusals."""

import json
import logging
import re
import sys
from argparse import Namespace
from collections.abc import Iterator

import pytest
import structlog
from chassis.commands import Command, Program, run
from chassis.settings import Port, ServiceSettings
from fastapi import FastAPI

Output = pytest.CaptureFixture[str]


class Settings(ServiceSettings):
    """What the service of these tests can be told."""

    port: Port = 8009


def shout(settings: Settings, chosen: Namespace) -> None:
    sys.stdout.write(f"{chosen.word.upper()} from {settings.port}\n")


PROGRAM = Program(
    name="greeter",
    settings=Settings,
    app=lambda settings: FastAPI(),
    migrate=lambda settings: [f"0001_greetings on {settings.port}"],
    documents={"v1": lambda: {"title": "é"}, "v2": lambda: {"title": "two"}},
    commands=[
        Command("words shout", "say a word loudly", shout, arguments=["word"]),
        Command("words repeat", "say a word again", shout, arguments=["word"]),
    ],
)


@pytest.fixture(autouse=True)
def leave_logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers, root.level)
    yield
    structlog.reset_defaults()
    root.handlers, root.level = before


def refusal(line: list[str], output: Output) -> str:
    with pytest.raises(SystemExit) as ended:
        run(PROGRAM, line)
    assert ended.value.code == 2
    return output.readouterr().err


def test_help_lists_chores_settings_and_an_example(capsys: Output) -> None:
    with pytest.raises(SystemExit) as ended:
        run(PROGRAM, ["--help"])

    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert shown.startswith("usage: python -m greeter")
    assert "bring the database up to date" in shown
    assert "words shout, words repeat" in shown
    assert re.search(r"^  CONCORD_PORT +8009 ", shown, re.MULTILINE)
    assert shown.rstrip().endswith("CONCORD_PORT=8100 CONCORD_LOG_FORMAT=pretty python -m greeter")


def test_migrating_says_what_was_done(capsys: Output) -> None:
    run(PROGRAM, ["migrate"])

    assert capsys.readouterr().out == "0001_greetings on 8009\n"


def test_a_document_is_printed_as_it_is(capsys: Output) -> None:
    run(PROGRAM, ["openapi", "v1"])

    printed = capsys.readouterr().out
    assert json.loads(printed) == {"title": "é"}
    assert printed == '{\n  "title": "é"\n}\n'


def test_a_document_needs_no_settings(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCORD_ENV", "production")

    run(PROGRAM, ["openapi", "v2"])

    assert json.loads(capsys.readouterr().out) == {"title": "two"}


def test_chores_of_a_service_take_arguments(capsys: Output) -> None:
    run(PROGRAM, ["words", "shout", "hello"])
    run(PROGRAM, ["words", "repeat", "bye"])

    assert capsys.readouterr().out == "HELLO from 8009\nBYE from 8009\n"


def test_a_version_that_is_not_published_is_said_in_one_line(capsys: Output) -> None:
    complaint = refusal(["openapi", "v9"], capsys)

    assert complaint.count("\n") == 1
    assert complaint.startswith("python -m greeter openapi: ")
    assert "invalid choice: 'v9' (choose from" in complaint


@pytest.mark.parametrize("line", [["dance"], ["words"], ["words", "whisper"], ["words", "shout"], ["openapi"], ["--x"]])
def test_a_line_that_nobody_understands_is_refused_in_one_line(line: list[str], capsys: Output) -> None:
    complaint = refusal(line, capsys)

    assert complaint.count("\n") == 1
    assert complaint.startswith("python -m greeter")
    assert "--help" in complaint
