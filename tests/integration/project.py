"""A shop in containers under a name of its own: built, started, waited for, told of, and always taken down."""

import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from signal import SIGINT
from subprocess import STDOUT, Popen, TimeoutExpired, run
from time import monotonic, sleep
from urllib.request import urlopen

from demo.ports import free_ports
from tests.crash.stack import NAMES, PASSWORD

from .shop import STAFF

__all__ = ["BESIDE", "COMPOSE_FILE", "PROJECT", "ROLLING", "ROOT", "Project", "finish", "run_beside", "run_within"]

PROJECT = "concord-integration"
BESIDE = f"{PROJECT}-beside"
"""A second shop, for tests that are run beside those that need the first one."""

ROLLING = f"{PROJECT}-rolling"
"""A third shop, which is rolled from the last release to today and back."""

ROOT = Path(__file__).parents[2]

COMPOSE_FILE = "docker-compose.yml"

_BUILD, _START, _READY = 900.0, 300.0, 120.0  # seconds: the first build fetches all that there is
_FAREWELL = 30.0
_LAST_LINES = "40"


class Project:
    """One shop: `files` are what Compose reads, `folder` is where its secrets are made."""

    def __init__(
        self, command: Sequence[str], name: str, folder: Path, files: Sequence[str] = (COMPOSE_FILE,), **settings: str
    ) -> None:
        self.name = name
        self.command = tuple(command)
        ports = zip(NAMES, free_ports(len(NAMES)), strict=True)
        self.env: Mapping[str, str] = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("COMPOSE_", "CONCORD_"))},
            **{f"CONCORD_{name.upper()}_PORT": str(port) for name, port in ports},
            "COMPOSE_FILE": ":".join(files),
            "COMPOSE_PROJECT_NAME": name,
            "CONCORD_SECRETS": str(folder),
            **settings,
        }

    @property
    def urls(self) -> dict[str, str]:
        """Where its services are, from this machine."""
        return {name: f"http://127.0.0.1:{self.env[f'CONCORD_{name.upper()}_PORT']}" for name in NAMES}

    def build(self) -> None:
        """Make the images of today's sources; raises TimeoutError."""
        if self._within(_BUILD, "the images should be built", "build"):
            raise TimeoutError("the images should be built, and cannot be; the reason stands above")

    @contextmanager
    def running(self) -> Generator["Project"]:
        """Start everything, hire the staff, and take all of it down at the end, whatever happens in between."""
        self.take_down()  # what a run that was killed has left behind
        try:
            self._start()
            yield self
        finally:
            self.take_down()

    def take_down(self) -> None:
        """Stop and remove all containers, networks and volumes."""
        down = ("down", "--volumes", "--remove-orphans", "--timeout", "10")
        run((*self.command, *down), cwd=ROOT, env=self.env, check=False, capture_output=True)

    def tell(self) -> None:
        """Print how the containers are, and the last lines of each."""
        for words in (("ps",), ("logs", "--no-color", "--tail", _LAST_LINES)):
            run((*self.command, *words), cwd=ROOT, env=self.env, check=False)

    def _start(self) -> None:
        run((ROOT / "deploy/make-secrets", self.env["CONCORD_SECRETS"]), check=True)
        started = self._within(_START, "all containers should be started", "up", "-d", "--no-build")
        if started or not self._is_ready():
            self.tell()
            raise TimeoutError(f"all services of {self.name} should be ready, and are not; their last lines are above")
        add = (*self.command, "exec", "-T", "users", "python", "-m", "users", "staff", "add", STAFF)
        run(add, cwd=ROOT, env=self.env, input=f"{PASSWORD}\n".encode(), check=True)

    def _is_ready(self) -> bool:
        deadline = monotonic() + _READY
        while not all(_answers(f"{url}/readyz") for url in self.urls.values()):
            if monotonic() > deadline:
                return False
            sleep(0.2)
        return True

    def _within(self, seconds: float, wanted: str, *words: str) -> int:
        return run_within(seconds, wanted, (*self.command, *words), self.env)


def run_within(seconds: float, wanted: str, command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run a command and return its exit code; raises TimeoutError, with what was wanted, where it takes longer.

    It is asked to stop before it is killed, so that it tells how far it came.
    """
    process = Popen(command, cwd=ROOT, env=env)
    try:
        return finish(process, seconds, wanted)
    finally:
        _stop(process)


def finish(process: "Popen[bytes]", seconds: float, wanted: str) -> int:
    """Wait for the end of a process, and return its exit code; raises TimeoutError."""
    try:
        return process.wait(seconds)
    except TimeoutExpired:
        raise TimeoutError(f"{wanted} within {seconds:.0f} s, and somebody was still at it") from None


@contextmanager
def run_beside(command: Sequence[str], env: Mapping[str, str], log: Path) -> Generator["Popen[bytes]"]:
    """Run a command beside what is done in here; what it says is printed when both are through."""
    try:
        with log.open("wb") as said:
            process = Popen(command, cwd=ROOT, env=env, stdout=said, stderr=STDOUT)
            try:
                yield process
            finally:
                _stop(process)
    finally:
        print(log.read_text(), flush=True)


def _stop(process: "Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(SIGINT)
        with suppress(TimeoutExpired):
            process.wait(_FAREWELL)
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2):
            return True
    except (OSError, HTTPException):
        return False
