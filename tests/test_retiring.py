"""Version 1 of a service, deleted on a copy: the files that the design names and one line; all else still passes."""

import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from .sources import ROOT, SERVICES

pytestmark = pytest.mark.crowd

LEFT_OUT = ignore_patterns(
    ".git", ".venv", ".nox", ".*cache*", ".hypothesis", "__pycache__", "node_modules", "dist", "build"
)
SPEAK_OF_VERSIONS = (
    "contracts/tests/test_laws.py",
    "contracts/tests/test_portable.py",
    "contracts/tests/tools/test_release.py",
    "tests/test_arrows.py",
    "tests/test_failure_cases.py",
    "tests/test_house.py",
)
PACKAGES = ("contracts/src", "chassis/src", *(f"services/{service}/src" for service in SERVICES))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The repository without its history, environments and caches."""
    return copytree(ROOT, tmp_path / "concord", ignore=LEFT_OUT)


def delete_v1(root: Path, service: str) -> None:
    """Do what the README says of deleting version 1, and nothing more."""
    contract, tests = root / "contracts/src/contracts" / service, root / "services" / service / "tests"
    (contract / "v1.py").unlink()
    (contract / "v1_v2.py").unlink()
    (root / "services" / service / "src" / service / "api/v1.py").unlink()
    (root / "contracts/openapi" / f"{service}.v1.json").unlink()
    ours = (*tests.glob("test_v1*.py"), *(root / "contracts/tests" / service).glob("test_v1*.py"))
    across = [test for name in (service, "journey") for test in (root / "tests").rglob(f"test_v1_{name}.py")]
    for test in (*ours, *across):
        test.unlink()
    app = root / "services" / service / "src" / service / "app.py"
    shortened, lines = re.subn(r'^(ROUTERS = .*)"v1", ', r"\1", app.read_text(), flags=re.MULTILINE)
    assert lines == 1, f"wanted one line of {app} to name version 1, found {lines}"
    app.write_text(shortened)


WAIVER = """
[[waiver]]
rule = "document.removed"
place = "{service}.v1.json"
owner = "ada"
reason = "its last client has moved to version 2"
expires = 2999-12-31
"""


def run(root: Path, program: str, *arguments: str) -> None:
    """Run a program of this environment on the copy's own sources; its output is the failure's message."""
    done = ran(root, program, *arguments)
    assert done.returncode == 0, f"{program} {arguments}\n{done.stdout[-6000:]}{done.stderr[-3000:]}"


def ran(root: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of this environment on the copy's own sources, however it ends."""
    path = os.pathsep.join(str(root / package) for package in PACKAGES)
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}
    env = {**ours, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "HYPOTHESIS_PROFILE": "glance"}
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("services", [("catalog",), ("users", "orders")], ids=" and ".join)
def test_deleting_version_1_takes_its_files_and_one_line(copy: Path, services: tuple[str, ...]) -> None:
    for service in services:
        delete_v1(copy, service)

    run(copy, "contracts", "export", "--check")
    run(copy, "contracts", "verify")
    run(copy, "contracts", "laws")
    promised = ran(copy, "contracts", "gate")
    waivers = [WAIVER.format(service=service) for service in services]
    (copy / "contracts/waivers.toml").write_text("".join(waivers))
    run(copy, "contracts", "gate")
    quick = ("-q", "-p", "no:cacheprovider", "-k", "not postgresql")
    theirs = [f"contracts/tests/{service}" for service in services]
    if "catalog" in services:  # the quickest of three of one shape
        theirs += ["services/catalog/tests", "tests/test_demo.py"]
    run(copy, "pytest", *quick, "-n", "2", *theirs, *SPEAK_OF_VERSIONS)
    run(copy, "pytest", *quick, "--collect-only", ".")  # the rest still finds all that it imports
    assert promised.returncode == 1
    for service in services:
        assert f'rule = "document.removed"\nplace = "{service}.v1.json"' in promised.stderr
    assert promised.stderr.count("[[waiver]]") == len(services)
