"""How a run on containers ends where it cannot go well: soon, with a reason, and with nothing left behind."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .integration.project import PROJECT, ROLLING, run_within
from .sources import ROOT

_DOCKER = """#!/bin/sh
case "$1 $2" in "version "* | "image inspect") ;; *) exit 1 ;; esac
"""
_COMPOSE = """#!/bin/sh
echo "$COMPOSE_PROJECT_NAME $1" >>"$CALLS"
case "$1" in
up) exit 1 ;;
logs) echo "users: no such database" ;;
esac
"""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    return tmp_path / "calls"


@pytest.fixture
def run(tmp_path: Path, calls: Path) -> Run:
    """What `nox -s integration` runs, where there are these programs."""
    outside = {name: value for name, value in os.environ.items() if name != "CI"}
    command = (sys.executable, "-m", "tests.integration", "--compose", "docker-compose")

    def run(path: str, **env: str) -> "subprocess.CompletedProcess[str]":
        settings = {**outside, **env, "PATH": path, "CALLS": str(calls)}
        return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def stand_ins(tmp_path: Path) -> str:
    """Programs that look like Docker and Compose, with which no shop ever starts."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name, text in (("docker", _DOCKER), ("docker-compose", _COMPOSE)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return os.pathsep.join((str(folder), os.environ["PATH"]))


@pytest.mark.parametrize(("env", "code"), [({}, 0), ({"CI": "true"}, 1)], ids=["at home", "in CI"])
def test_without_docker_there_is_one_clear_line_which_in_ci_is_a_failure(
    run: Run, tmp_path: Path, env: dict[str, str], code: int
) -> None:
    ended = run(str(tmp_path), **env)

    assert ended.returncode == code
    assert ended.stdout.splitlines() == [
        "The containers are left out: `docker` is not installed: `apt-get install docker.io docker-compose` brings it"
    ]
    assert ended.stderr == ""


def test_a_shop_that_does_not_start_is_told_of_by_its_last_lines_and_taken_down(
    run: Run, stand_ins: str, calls: Path
) -> None:
    ended = run(stand_ins)

    done = calls.read_text().splitlines()
    assert ended.returncode == 1
    assert "users: no such database" in ended.stdout
    assert f"all services of {PROJECT} should be ready, and are not" in ended.stdout
    assert done[done.index(f"{PROJECT} up") :] == [
        *(f"{PROJECT} {word}" for word in ("up", "ps", "logs", "down")),
        f"{ROLLING} down",
    ]


def test_what_takes_too_long_is_stopped_and_said_to_have_been() -> None:
    patient = "import signal, sys, time; signal.signal(signal.SIGINT, lambda *sent: sys.exit(0)); time.sleep(600)"

    with pytest.raises(TimeoutError, match=r"the tests should be through within 0 s, and somebody was still at it"):
        run_within(0.1, "the tests should be through", (sys.executable, "-c", patient), os.environ)
