"""The command explains itself, and ends in one line where it cannot run."""

import sys
from collections.abc import Callable

import pytest
from contracts.tools.cli import app, main
from typer.testing import Result

Run = Callable[..., Result]
COMMANDS = [command.callback.__name__ for command in app.registered_commands if command.callback]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example(command: str, run: Run) -> None:
    ran = run(command, "--help")

    assert ran.exit_code == 0
    assert f"Example: contracts {command}" in ran.output


def test_without_a_command_the_help_is_shown(run: Run) -> None:
    ran = run()

    assert all(command in ran.output for command in COMMANDS)


def test_what_cannot_run_ends_in_one_line_and_status_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["contracts", "release", "one"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2
    assert capsys.readouterr().err == (
        "contracts: wanted a version such as 1.4.0, found `one`; name the release by three numbers\n"
    )
