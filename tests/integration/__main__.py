"""`python -m tests.integration`: the shop in containers is built, started, tested and always taken down."""

import os
import sys
import tempfile
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from demo.ports import free_ports
from tests.leaving import leave_when_told

from .compose import NoDocker, find_compose
from .impatience import FACTOR, observed
from .project import BESIDE, COMPOSE_FILE, PROJECT, ROLLING, Project, finish, run_beside, run_within
from .release import last_release

_NONE_CHOSEN = 5  # pytest's exit code where `-k` leaves nothing of its half
_THROUGH = "the tests should be through"
_TESTS = 1500.0  # seconds: three times what they take on four free processors, for machines that have two

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
    leave_when_told()
    with tempfile.TemporaryDirectory(prefix=f"{PROJECT}-") as folder:
        project = _observed(compose, Path(folder))
        try:
            return _test(project, Path(folder), chosen.tests)
        finally:  # a test that was stopped has not taken down what it had started
            Project(compose, ROLLING, Path(folder)).take_down()


def _observed(compose: Sequence[str], folder: Path) -> Project:
    """Describe the shop with all that watches it."""
    (prometheus,) = free_ports(1)
    return Project(
        compose,
        PROJECT,
        folder / "secrets",
        (COMPOSE_FILE, "tests/integration/observed.yml"),
        COMPOSE_PROFILES="observe",
        CONCORD_COMPOSE=" ".join(compose),
        CONCORD_MINUTE=str(60 * FACTOR),
        CONCORD_OBSERVE=str(observed(folder)),
        CONCORD_OTLP_ENDPOINT="http://collector:4318",
        CONCORD_PROMETHEUS_PORT=str(prometheus),
        CONCORD_TRACE_RATIO="1",
    )


def _test(project: Project, folder: Path, tests: Sequence[str]) -> int:
    began = monotonic()
    try:
        project.build()
        last_release().build()
        with project.running(), _beside(project, folder).running() as beside:
            print(f"The shop is up after {monotonic() - began:.0f} s, twice.", flush=True)
            code = _run_tests(project, beside, folder / "apart.log", tests)
            if code:
                project.tell()
                beside.tell()
            return code
    except TimeoutError as late:
        print(f"Given up after {monotonic() - began:.0f} s: {late}.", flush=True)
        return 1


def _beside(project: Project, folder: Path) -> Project:
    """Describe a second shop, with nobody who watches it; its ports are chosen when those of the first are taken."""
    return Project(project.command, BESIDE, folder / "beside", CONCORD_COMPOSE=" ".join(project.command))


def _run_tests(watched: Project, beside: Project, log: Path, tests: Sequence[str]) -> int:
    """Run the tests that need not watch their shop beside those that do; return the exit code."""
    pytest = (sys.executable, "-m", "pytest", "-o", "faulthandler_timeout=0", "tests/integration")
    late = monotonic() + _TESTS
    with run_beside((*pytest, "-m", "apart", *tests), beside.env, log) as apart:
        codes = {run_within(_TESTS, _THROUGH, (*pytest, "-m", "not apart", *tests), watched.env)}
        codes.add(finish(apart, max(0, late - monotonic()), _THROUGH))
    return max(codes - {_NONE_CHOSEN}, default=_NONE_CHOSEN)


if __name__ == "__main__":
    sys.exit(main())
