"""`python -m tests.integration`: the shop in containers is built, started, tested and always taken down."""

import os
import signal
import sys
import tempfile
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from subprocess import TimeoutExpired, run
from time import monotonic, sleep
from types import FrameType
from urllib.request import urlopen

from demo.ports import free_ports
from tests.crash.stack import NAMES, PASSWORD

from .compose import NoDocker, find_compose
from .shop import STAFF

_ROOT = Path(__file__).parents[2]
_PROJECT = "concord-integration"
_BUILD, _START, _READY, _TESTS = 300.0, 180.0, 60.0, 420.0  # seconds
_LAST_LINES = "40"

_EXAMPLES = """examples:
  python -m tests.integration                              the same as: nox -s integration
  python -m tests.integration --compose docker-compose     with Compose 1.29, where v2 is there too
  python -m tests.integration -- -k replicas               some of the tests
"""


def main() -> int:
    """Do it all; return the exit code."""
    parser = ArgumentParser(
        prog="python -m tests.integration",
        description="Build and start the shop in containers, test it through its clients, take it down.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--compose", help="which Compose to use: 'docker compose' (if it is there) or docker-compose")
    parser.add_argument("tests", nargs="*", help="what to pass to pytest")
    chosen = parser.parse_args()
    try:
        compose = find_compose(chosen.compose)
    except NoDocker as missing:
        print(f"The containers are left out: {missing}", flush=True)
        return 1 if "CI" in os.environ else 0
    signal.signal(signal.SIGTERM, _leave)
    with tempfile.TemporaryDirectory(prefix=f"{_PROJECT}-") as folder:
        return _test(compose, _environment(compose, Path(folder)), chosen.tests)


def _leave(sig: int, frame: FrameType | None) -> None:
    sys.exit(128 + sig)  # by way of every `finally`


def _environment(compose: Sequence[str], folder: Path) -> Mapping[str, str]:
    """Choose ports and secrets that are nobody else's."""
    run((_ROOT / "deploy/make-secrets", folder), check=True)
    ports = zip(NAMES, free_ports(len(NAMES)), strict=True)
    return {
        **os.environ,
        **{f"CONCORD_{name.upper()}_PORT": str(port) for name, port in ports},
        "COMPOSE_PROJECT_NAME": _PROJECT,
        "CONCORD_COMPOSE": " ".join(compose),
        "CONCORD_SECRETS": str(folder),
    }


def _test(compose: Sequence[str], env: Mapping[str, str], tests: Sequence[str]) -> int:
    began = monotonic()
    try:
        with _stack(compose, env):
            print(f"The shop is up after {monotonic() - began:.0f} s.", flush=True)
            pytest = (sys.executable, "-m", "pytest", "-o", "faulthandler_timeout=0", "tests/integration", *tests)
            code = _run(pytest, env, _TESTS, "the tests should be through")
            if code:
                _tell(compose, env)
            return code
    except TimeoutError as late:
        print(f"Given up after {monotonic() - began:.0f} s: {late}.", flush=True)
        return 1


@contextmanager
def _stack(compose: Sequence[str], env: Mapping[str, str]) -> Generator[None]:
    """Build and start everything, and take it down at the end, whatever happens in between."""
    down = (*compose, "down", "--volumes", "--remove-orphans", "--timeout", "10")
    run(down, cwd=_ROOT, env=env, check=False, capture_output=True)  # what a run that was killed has left behind
    try:
        if _run((*compose, "build"), env, _BUILD, "the images should be built"):
            raise TimeoutError("the images should be built, and cannot be; the reason stands above")
        started = _run((*compose, "up", "-d"), env, _START, "all containers should be started")
        if started or not _is_ready(env):
            _tell(compose, env)
            raise TimeoutError("all services should be ready, and are not; their last lines stand above")
        add = (*compose, "exec", "-T", "users", "python", "-m", "users", "staff", "add", STAFF)
        run(add, cwd=_ROOT, env=env, input=f"{PASSWORD}\n".encode(), check=True)
        yield
    finally:
        run(down, cwd=_ROOT, env=env, check=False)


def _is_ready(env: Mapping[str, str]) -> bool:
    urls = [f"http://127.0.0.1:{env[f'CONCORD_{name.upper()}_PORT']}/readyz" for name in NAMES]
    deadline = monotonic() + _READY
    while not all(map(_answers, urls)):
        if monotonic() > deadline:
            return False
        sleep(0.2)
    return True


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2):
            return True
    except (OSError, HTTPException):
        return False


def _tell(compose: Sequence[str], env: Mapping[str, str]) -> None:
    """Print how the containers are, and the last lines of each."""
    for words in (("ps",), ("logs", "--no-color", "--tail", _LAST_LINES)):
        run((*compose, *words), cwd=_ROOT, env=env, check=False)


def _run(command: Sequence[str], env: Mapping[str, str], seconds: float, wanted: str) -> int:
    try:
        return run(command, cwd=_ROOT, env=env, timeout=seconds, check=False).returncode
    except TimeoutExpired:
        raise TimeoutError(f"{wanted} within {seconds:.0f} s, and `{command[0]}` was still at it") from None


if __name__ == "__main__":
    sys.exit(main())
