"""A short sample of the crash run, and that the whole of it leaves nothing out."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from signal import SIGTERM
from tempfile import TemporaryDirectory

import pytest
from chassis.testing_postgres import find_programs

from .crash.points import POINTS
from .sources import ROOT, SERVICES, modules

pytestmark = pytest.mark.crowd

KINDS = ("sqlite", "postgresql")

ONE_ROW = {  # one unit that changes one thing: done or not done, and whoever is not answered can ask and look
    "Accounts.change",
    "Accounts.set_role",
    "Credentials.replace_password",
    "Images.make_thumbnail",
    "Images.put",
    "Products.adjust",
    "Products.create",
    "Products.discontinue",
    "Products.rewrite",
    "Products.update",
    "Reviews.add",
}
CHORES = {  # done again with the next run, or by who gave the command
    "Backlog.prune",
    "Backlog.replay",
    "Closings._settle",
    "Reservations.prune",
    "Seeding.seed",
    "Signing.prepare",
    "Signing.rotate",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_service_killed_while_it_places_an_order_loses_and_doubles_nothing(kind: str) -> None:
    if kind == "postgresql" and find_programs() is None and "CI" not in os.environ:
        pytest.skip("PostgreSQL is not installed: `apt-get install postgresql` brings the initdb that its tests want")
    chosen = ["--databases", kind, "--stacks", "1", "--no-rush", "--only", "kill", "--every", "13"]

    run = subprocess.run(
        [sys.executable, "-m", "tests.crash", *chosen], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 invariant violations, 0 orders lost, 0 doubled, 0 stuck" in run.stdout


@pytest.mark.skipif(find_programs() is None and "CI" not in os.environ, reason="PostgreSQL is not installed")
def test_a_crash_run_that_is_told_to_end_leaves_nothing_behind() -> None:
    with TemporaryDirectory(prefix="concord-told-") as folder:
        Path(folder).chmod(0o755)  # the server's user goes through it
        command = [sys.executable, "-u", "-m", "tests.crash", "--databases", "postgresql", "--no-sweep"]
        with subprocess.Popen(command, cwd=ROOT, env=os.environ | {"TMPDIR": folder}, stdout=subprocess.PIPE) as run:
            assert run.stdout is not None
            assert run.stdout.readline().startswith(b"point")
            run.terminate()
            run.stdout.read()

        assert run.returncode == 128 + SIGTERM
        assert [left.name for left in Path(folder).iterdir()] == []


def test_every_unit_of_work_is_a_point_of_the_sweep_or_can_do_without() -> None:
    written = {unit for service in SERVICES for unit in _units(service)}

    swept = {point.name for point in POINTS if point.place == "unit"}

    assert written - swept - ONE_ROW - CHORES == set(), "add them to tests/crash/points.py, or say here why not"
    assert swept <= written
    assert written >= ONE_ROW | CHORES


def _units(service: str) -> Iterator[str]:
    """Go through the methods that write to the database."""
    for _, file in modules(service):
        for kind in ast.walk(ast.parse(file.read_text())):
            if isinstance(kind, ast.ClassDef):
                methods = (part for part in kind.body if isinstance(part, ast.AsyncFunctionDef))
                yield from (f"{kind.name}.{method.name}" for method in methods if _writes(method))


def _writes(method: ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(node, ast.Attribute) and ast.unparse(node) == "self._database.write" for node in ast.walk(method)
    )
